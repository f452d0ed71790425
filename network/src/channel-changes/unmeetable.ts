/** Ballots whose endorsement policy can't be met any more once an organization has left the channel. */
import { rules, type Resolution } from 'umlauf-chaincode/api';

/** A key on the ledger that nobody can write any more. */
export interface UnmeetableKey {
  /** `ballot/<resolution>/<member>` */
  readonly key: string;
  readonly resolutionId: string;
  readonly memberId: string;
  /** Whether its vote is open: then a ballot is really lost. */
  readonly open: boolean;
}

/**
 * Ballots are the only keys with a policy of their own: the voter's peer, and some of the others on the network when
 * voting opened. All other keys fall under the channel's policy, which is rewritten with every organization that leaves.
 * @param present MSP ids of the channel's organizations, the one that leaves among them
 * @returns open votes first
 */
export function unmeetableKeys(
  leaving: string,
  present: ReadonlySet<string>,
  resolutions: readonly Resolution[],
): UnmeetableKey[] {
  const remaining = new Set([...present].filter((mspId) => mspId !== leaving));
  const keys = resolutions.flatMap(({ id, status, opening }) =>
    (opening?.roll ?? [])
      .filter((voter) => {
        const policy = opening && rules.ballotOwnership(opening, voter);
        return policy && canBeMet(policy, present) && !canBeMet(policy, remaining);
      })
      .map(({ memberId }) => ({
        key: `ballot/${id}/${memberId}`,
        resolutionId: id,
        memberId,
        open: status === 'open',
      })),
  );
  return [...keys.filter(({ open }) => open), ...keys.filter(({ open }) => !open)];
}

function canBeMet({ owner, others, count }: rules.Ownership, organizations: ReadonlySet<string>): boolean {
  return organizations.has(owner) && others.filter((mspId) => organizations.has(mspId)).length >= count;
}
