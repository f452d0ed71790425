/** A key's own endorsement policy, as the chaincode encodes it. */
import type { rules } from 'umlauf-chaincode/api';
import { outOf, rolePrincipal, signaturePolicyEnvelope, signedBy } from 'umlauf-channel';

/**
 * AND(owner's peer, OutOf(count, the others' peers)).
 * @returns a serialised `common.SignaturePolicyEnvelope`
 */
export function ownershipPolicy({ owner, others, count }: rules.Ownership): Uint8Array {
  const own = signedBy(0);
  const rule =
    count === 0
      ? outOf(1, [own])
      : outOf(2, [
          own,
          outOf(
            count,
            others.map((_, index) => signedBy(index + 1)),
          ),
        ]);
  return signaturePolicyEnvelope(
    rule,
    [owner, ...others].map((mspId) => rolePrincipal(mspId, 'peer')),
  ).serializeBinary();
}
