import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { dispatch } from '../keys';
import { findMember, putMember } from '../register/register';
import type { DispatchInput, Resolution } from '../resolution';
import { checkDate, enterAfterDecision, refuseRepetition } from './follow-up';
import { deletePending } from './records';
import { requireStatus } from './status';
import { ResolutionViews } from './view';

/**
 * Records the dispatch of an exclusion (§68(2) GenG): from it the member is off new rolls, though its membership runs to
 * the end of the financial year. Votes already open keep their roll.
 *
 * A board-holding organization does it; `actWithin` after the decision, the board of any admitted member.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `effect-invalid`, `date-out-of-range`, `unchanged`, `id-conflict` and
 *   what entering refuses
 */
export async function recordDispatch(
  call: Call,
  { id, ...input }: { id: string } & DispatchInput,
): Promise<Resolution> {
  const { found: record, ...cooperative } = await enterAfterDecision(call, 'dispatch', id);
  requireStatus(record, 'adopted');
  const excluded = record.effects.flatMap((each) => (each.kind === 'exclude' ? [each.memberId] : []));
  if (excluded.length === 0) throw new DomainError('effect-invalid', { index: 0, reason: 'no-exclusion' });
  refuseRepetition('dispatch', await call.ledger.get(dispatch(id)), input);
  if (record.decision) checkDate(input.date, record.decision, cooperative);

  const fact = { ...input, recorded: recorded(call) };
  await call.ledger.put(dispatch(id), fact);
  await deletePending(call, 'dispatch', id);
  for (const memberId of excluded) {
    const before = await findMember(call, memberId);
    // One whose exclusion failed, or was decided by another resolution, isn't excluded by this one.
    if (before?.exclusion?.resolutionId !== id) continue;
    await putMember(
      call,
      { ...before, exclusion: { ...before.exclusion, dispatched: recorded(call) } },
      before,
    );
    call.tell('member.exclusion-dispatched', memberId, { resolutionId: id });
  }
  return new ResolutionViews(call, cooperative.bylaws.timeZone).view(record, { dispatch: fact });
}
