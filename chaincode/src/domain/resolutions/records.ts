/** Resolutions on the ledger: the record with its index, written together, and the ballots beside it. */
import type { Matter } from '../bylaws';
import type { Call } from '../call';
import { type BallotSlot, ballot, indexKey, indexPrefix, PRESENT, resolution } from '../keys';
import { reindex } from '../indexing';
import type { CastBallot, Opening, ResolutionRecord, ResolutionStatus } from '../resolution';
import { resolutionStatus } from './status';

export function findResolution(call: Call, id: string): Promise<ResolutionRecord | undefined> {
  return call.ledger.get(resolution(id));
}

export const resolutionFacets = (record: ResolutionRecord): (string | undefined)[][] =>
  [undefined, resolutionStatus(record)].flatMap((status) =>
    [undefined, record.matter].map((matter) => [status, matter]),
  );

/** In the order of their proposals. */
export const resolutionsBy = (status?: ResolutionStatus, matter?: Matter) =>
  indexPrefix('resolution', [status, matter]);

/** Writes the record and moves its index entries; `before` is what the ledger holds. */
export async function putResolution(
  call: Call,
  record: ResolutionRecord,
  before: ResolutionRecord | undefined,
): Promise<void> {
  await call.ledger.put(resolution(record.id), record);
  const sort = [record.proposal.recorded.at, record.id];
  await reindex(
    call.ledger,
    'resolution',
    sort,
    before && resolutionFacets(before),
    resolutionFacets(record),
  );
}

/** What an adopted resolution waits for. */
export type Pending = 'registration' | 'dispatch';
export const pendingBy = (pending: Pending) => indexPrefix('pending', [pending]);
export async function putPending(call: Call, pending: Pending, id: string): Promise<void> {
  await call.ledger.put(indexKey('pending', [pending], id), PRESENT);
}
export async function deletePending(call: Call, pending: Pending, id: string): Promise<void> {
  await call.ledger.delete(indexKey('pending', [pending], id));
}

/** A ballot's key exists, empty, from opening on. */
export function isCast(slot: BallotSlot | undefined): slot is CastBallot {
  return slot !== undefined && 'choice' in slot;
}

/** The ballots by member id: point-reads of every key on the roll, or after the decision what it copied. */
export async function castBallots(
  call: Call,
  { id, decision }: ResolutionRecord,
  { roll }: Opening,
): Promise<Map<string, CastBallot>> {
  const ballots = decision
    ? decision.ballots
    : (await Promise.all(roll.map(({ memberId }) => call.ledger.get(ballot(id, memberId))))).filter(isCast);
  return new Map(ballots.map((cast) => [cast.memberId, cast]));
}
