import { common, msp } from '@hyperledger/fabric-protos';

/** What a principal asks of an identity of one MSP. */
export type Role = 'member' | 'admin' | 'client' | 'peer' | 'orderer';

const ROLES = {
  member: msp.MSPRole.MSPRoleType.MEMBER,
  admin: msp.MSPRole.MSPRoleType.ADMIN,
  client: msp.MSPRole.MSPRoleType.CLIENT,
  peer: msp.MSPRole.MSPRoleType.PEER,
  orderer: msp.MSPRole.MSPRoleType.ORDERER,
} as const;

/** How many organizations a strict majority of `total` is. */
export function majorityOf(total: number): number {
  return Math.floor(total / 2) + 1;
}

/** How many of n BFT consenters may be at fault: f = floor((n − 1) / 3) (common/policies/bft.go). */
export function toleratedFaults(consenters: number): number {
  return Math.floor((consenters - 1) / 3);
}

/** How many of n BFT consenters are a quorum: ceil((n + f + 1) / 2) (common/policies/bft.go). */
export function bftQuorum(consenters: number): number {
  return Math.ceil((consenters + toleratedFaults(consenters) + 1) / 2);
}

/** The principal "has this role in this MSP". */
export function rolePrincipal(mspId: string, role: Role): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(ROLES[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  return principal;
}

/** The principal "is this very identity". */
export function identityPrincipal(serializedIdentity: Uint8Array): msp.MSPPrincipal {
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
  principal.setPrincipal(serializedIdentity);
  return principal;
}

/** A rule "signed by principal number `index`". */
export function signedBy(index: number): common.SignaturePolicy {
  const rule = new common.SignaturePolicy();
  rule.setSignedBy(index);
  return rule;
}

/** A rule "n of these". */
export function outOf(n: number, rules: readonly common.SignaturePolicy[]): common.SignaturePolicy {
  const nOutOf = new common.SignaturePolicy.NOutOf();
  nOutOf.setN(n);
  nOutOf.setRulesList([...rules]);
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(nOutOf);
  return rule;
}

/** A signature policy from a rule and the principals that it numbers. */
export function signaturePolicyEnvelope(
  rule: common.SignaturePolicy,
  principals: readonly msp.MSPPrincipal[],
): common.SignaturePolicyEnvelope {
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList([...principals]);
  return envelope;
}

/** A flat policy: n of these principals, each by an identity of its own. */
export function flatPolicy(
  n: number,
  principals: readonly msp.MSPPrincipal[],
): common.SignaturePolicyEnvelope {
  return signaturePolicyEnvelope(
    outOf(
      n,
      principals.map((_, index) => signedBy(index)),
    ),
    principals,
  );
}

/** A flat policy: n of these organizations, each by someone of that role. MSP ids are sorted, so that equal sets give equal bytes. */
export function organizationsPolicy(
  n: number,
  mspIds: readonly string[],
  role: Role,
): common.SignaturePolicyEnvelope {
  return flatPolicy(
    n,
    [...mspIds].sort().map((mspId) => rolePrincipal(mspId, role)),
  );
}
