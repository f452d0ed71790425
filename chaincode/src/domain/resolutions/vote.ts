import { authorize } from '../acts';
import { type Call, checkTimestamp } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import { ballot, openingReceipt } from '../keys';
import { enterFor } from '../register/cooperative';
import type { Ballot, CastBallot, Vote } from '../resolution';
import { findResolution, isCast } from './records';
import { type OpenedResolution, requireStatus } from './status';
import { castBallotView } from './view';

/**
 * A member's representative votes.
 *
 * Reads exactly two keys, the resolution's and the own ballot's, and writes only the ballot: votes never conflict with
 * each other, a vote held back beyond the decision is invalid, and of two held-back votes of one member one counts. So
 * everything it judges by was pinned in the resolution when voting opened. Only a vote after the pinned deadline also reads
 * the opening's receipt, which may have moved it; that is written once.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `timestamp-off`, `voting-closed`, `not-received`, `consent-expected`,
 *   `consent-not-expected`, `unchanged`, `ballot-already-cast` and what entering refuses
 */
export async function vote(call: Call, { id, ...choice }: { id: string } & Vote): Promise<Ballot> {
  const record = await findResolution(call, id);
  if (!record?.opening) return refuse(call, id);
  const resolution: OpenedResolution = { ...record, opening: record.opening };
  const { skew, roll, deadline, ballotsChangeable } = resolution.opening;
  checkTimestamp(call, skew);
  const voter = roll.find(({ mspId }) => mspId === call.caller.mspId);
  authorize('vote', call.caller.role, { membership: 'member', onRoll: voter !== undefined }, call.at);
  const memberId = voter?.memberId ?? '';
  checkConsent(resolution, choice);

  const slot = await call.ledger.get(ballot(id, memberId));
  if (isCast(slot) && sameVote(slot, choice)) throw new DomainError('unchanged', { resource: 'ballot' });
  requireStatus(record, 'open');
  if (call.at > deadline) await checkLaterDeadline(call, id);
  if (isCast(slot) && !ballotsChangeable) throw new DomainError('ballot-already-cast');

  const cast: CastBallot = { ...choice, memberId, at: call.at, transactionId: call.transactionId };
  await call.ledger.put(ballot(id, memberId), cast);
  call.tell('ballot.cast', id, { memberId });
  return castBallotView(cast);
}

/** Nothing is open: why, for those who may know. Reads more, but nothing is written. */
async function refuse(call: Call, id: string): Promise<never> {
  const { found } = await enterFor(call, 'read', 'resolution', () => findResolution(call, id));
  authorize('vote', call.caller.role, { membership: 'member', onRoll: true }, call.at);
  requireStatus(found, 'open');
  throw new Error('a resolution without an opening is open');
}

/** A receipt that came late gives the members their whole period. */
async function checkLaterDeadline(call: Call, id: string): Promise<void> {
  const receipt = await call.ledger.get(openingReceipt(id));
  if (!receipt) throw new DomainError('not-received', { phase: 'opening' });
  if (call.at > receipt.deadline) throw new DomainError('voting-closed', { deadline: receipt.deadline });
}

/** Consent is said exactly where the procedure rests on it. */
function checkConsent({ procedureBasis }: OpenedResolution, { consentToProcedure }: Vote): void {
  if (procedureBasis === 'consent-of-all' && consentToProcedure === undefined)
    throw new DomainError('consent-expected');
  if (procedureBasis !== 'consent-of-all' && consentToProcedure !== undefined)
    throw new DomainError('consent-not-expected');
}

function sameVote({ choice, consentToProcedure, statement }: CastBallot, other: Vote): boolean {
  return sameContent({ choice, consentToProcedure, statement }, other);
}
