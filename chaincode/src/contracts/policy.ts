/** Key-level endorsement policies in Fabric's own encoding. */
import { common, msp } from '@hyperledger/fabric-protos';
import type { Ownership } from '../domain/ledger';

const { MSPPrincipal, MSPRole } = msp;
const { SignaturePolicy, SignaturePolicyEnvelope } = common;

function peerOf(mspId: string): InstanceType<typeof MSPPrincipal> {
  const role = new MSPRole();
  role.setMspIdentifier(mspId);
  role.setRole(MSPRole.MSPRoleType.PEER);
  const principal = new MSPPrincipal();
  principal.setPrincipalClassification(MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(role.serializeBinary());
  return principal;
}

function signedBy(index: number): InstanceType<typeof SignaturePolicy> {
  const policy = new SignaturePolicy();
  policy.setSignedBy(index);
  return policy;
}

function outOf(
  count: number,
  rules: InstanceType<typeof SignaturePolicy>[],
): InstanceType<typeof SignaturePolicy> {
  const some = new SignaturePolicy.NOutOf();
  some.setN(count);
  some.setRulesList(rules);
  const policy = new SignaturePolicy();
  policy.setNOutOf(some);
  return policy;
}

/**
 * AND(owner's peer, OutOf(count, the others' peers)); the same bytes on every endorser, since order and content are the
 * ownership's.
 */
export function signaturePolicy({ owner, others, count }: Ownership): Uint8Array {
  const envelope = new SignaturePolicyEnvelope();
  envelope.setVersion(0);
  envelope.setIdentitiesList([owner, ...others].map(peerOf));
  envelope.setRule(
    count === 0
      ? outOf(1, [signedBy(0)])
      : outOf(2, [
          signedBy(0),
          outOf(
            count,
            others.map((_, index) => signedBy(index + 1)),
          ),
        ]),
  );
  return envelope.serializeBinary();
}
