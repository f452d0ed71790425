/** Who must endorse a ballot: its voter, and enough others that at least one correct organization has checked it. */
import type { Bylaws } from '../bylaws';
import type { Ownership } from '../ledger';
import type { Opening, Voter } from '../resolution';

/**
 * How many others must endorse a ballot.
 *
 * "third" is the number of faults that BFT ordering tolerates, floor((N−1)/3), at least 1. Never more than others there
 * are, nor than make a majority with the voter.
 *
 * @param organizations N, the members on the register whose organization has joined.
 */
export function othersNeeded(f: Bylaws['f'], organizations: number): number {
  const wanted = f === 'third' ? Math.max(1, Math.floor((organizations - 1) / 3)) : f;
  return Math.max(0, Math.min(wanted, organizations - 1, Math.floor(organizations / 2)));
}

/** The policy of one voter's ballot. It may name an organization that isn't on the channel yet. */
export function ballotOwnership({ endorsers, f }: Pick<Opening, 'endorsers' | 'f'>, voter: Voter): Ownership {
  return { owner: voter.mspId, others: endorsers.filter((mspId) => mspId !== voter.mspId), count: f };
}
