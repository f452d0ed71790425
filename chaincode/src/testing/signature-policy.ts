/** Evaluates the signature policies that the chaincode writes, as a peer's validation would. */
import { common, msp } from '@hyperledger/fabric-protos';

type SignaturePolicy = InstanceType<typeof common.SignaturePolicy>;

export function satisfies(policy: Uint8Array, endorsers: ReadonlySet<string>): boolean {
  const envelope = common.SignaturePolicyEnvelope.deserializeBinary(policy);
  const identities = envelope.getIdentitiesList().map((principal) => {
    const role = msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8());
    if (role.getRole() !== msp.MSPRole.MSPRoleType.PEER) throw new Error('not a peer');
    return role.getMspIdentifier();
  });
  const evaluate = (rule: SignaturePolicy): boolean => {
    const some = rule.getNOutOf();
    if (!some) return endorsers.has(identities[rule.getSignedBy()] ?? '');
    return some.getRulesList().filter(evaluate).length >= some.getN();
  };
  const rule = envelope.getRule();
  if (!rule) throw new Error('a policy without a rule');
  return evaluate(rule);
}
