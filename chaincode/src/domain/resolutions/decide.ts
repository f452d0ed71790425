import { type Call, checkTimestamp, recorded } from '../call';
import { adoptEffects, rejectEffects, releaseTargets } from '../effects/carry-out';
import { DomainError } from '../errors';
import { openingReceipt } from '../keys';
import { enterFor } from '../register/cooperative';
import type { Decision, EffectResult, Resolution, ResolutionRecord } from '../resolution';
import { tally } from './outcome';
import { castBallots, findResolution, putPending, putResolution } from './records';
import { decidableFrom, requireStatus, verdictAt, votingRule } from './status';
import { ResolutionViews } from './view';

/**
 * Any admitted member decides: early once no remaining ballot could change the outcome, otherwise after the deadline.
 * The decision copies every ballot whole and carries out each effect exactly once.
 *
 * Reads every ballot on the roll, even where the outcome is clear earlier: else a vote acknowledged meanwhile would be
 * lost instead of conflicting.
 *
 * At the deadline it needs the opening's receipt, without which nobody knows that the members had their period.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `not-decidable`, `not-received` and what entering refuses
 */
export async function decide(call: Call, { id }: { id: string }): Promise<Resolution> {
  const { found: before, ...cooperative } = await enterFor(call, 'decide', 'resolution', () =>
    findResolution(call, id),
  );
  requireStatus(before, 'open');
  const { opening } = before;
  if (!opening) throw new Error('an open resolution has no opening');
  // The deadline's margin was pinned with this skew; bylaws that took effect since may allow a larger one.
  checkTimestamp(call, opening.skew);
  const opened = { ...before, opening };
  const ballots = await castBallots(call, before, opening);
  const receipt = await call.ledger.get(openingReceipt(id));
  const verdict = verdictAt(opened, ballots, receipt, call.at);
  if (!verdict) {
    const from = decidableFrom(opening, receipt);
    if (!receipt && call.at >= from) throw new DomainError('not-received', { phase: 'opening' });
    throw new DomainError('not-decidable', { from });
  }

  const decision: Decision = {
    recorded: recorded(call),
    ...verdict,
    tally: tally(votingRule(opened), opening.roll, ballots),
    ballots: opening.roll.map(({ memberId }) => ballots.get(memberId)).filter((cast) => cast !== undefined),
  };
  const record: ResolutionRecord = { ...before, decision };
  await putResolution(call, record, before);
  const { yes, no, abstain } = decision.tally;
  call.tell('resolution.decided', id, { ...verdict, yes, no, abstain });

  const context = { call, resolutionId: id, ...cooperative };
  await releaseTargets(before.effects, context);
  let effectResults: EffectResult[] = [];
  if (verdict.outcome === 'adopted') {
    effectResults = await adoptEffects(before.effects, context);
    await notePending(call, id, effectResults);
  } else if (verdict.outcome === 'rejected') await rejectEffects(before.effects, context);
  return new ResolutionViews(call, cooperative.bylaws.timeZone).view(record, { effectResults, ballots });
}

/** What the board-holding organizations have to do next. */
async function notePending(call: Call, id: string, results: readonly EffectResult[]): Promise<void> {
  const succeeded = results.filter(({ failed }) => failed === undefined);
  if (succeeded.some(({ effective }) => effective === 'on-registration'))
    await putPending(call, 'registration', id);
  if (succeeded.some(({ kind }) => kind === 'exclude')) await putPending(call, 'dispatch', id);
}
