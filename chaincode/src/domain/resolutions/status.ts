/** What follows from the facts recorded of a resolution. Nothing here is stored, and the clock alone changes nothing. */
import { DomainError } from '../errors';
import type { CastBallot, Opening, OpeningReceipt, ResolutionRecord, ResolutionStatus } from '../resolution';
import { durationMilliseconds, instant, milliseconds } from '../time';
import { type Verdict, type VotingRule, outcome, settled } from './outcome';
import { deadlineOf } from './receipt';

export function resolutionStatus({ withdrawal, opening, decision }: ResolutionRecord): ResolutionStatus {
  if (withdrawal) return 'withdrawn';
  if (decision) return decision.outcome;
  return opening ? 'open' : 'proposed';
}

/**
 * One guard for what a status allows.
 *
 * @throws {DomainError} `wrong-status`
 */
export function requireStatus(record: ResolutionRecord, ...allowed: ResolutionStatus[]): void {
  const status = resolutionStatus(record);
  if (!allowed.includes(status))
    throw new DomainError('wrong-status', { resource: 'resolution', status, allowed });
}

export type OpenedResolution = ResolutionRecord & { readonly opening: Opening };

export function votingRule({ opening, procedureBasis }: OpenedResolution): VotingRule {
  return { ...opening.rule, consentOfAll: procedureBasis === 'consent-of-all' };
}

/**
 * From when the deadline decides: a ballot's timestamp may be off by the skew, and so may the decision's, so both have
 * passed it for every peer.
 */
export function decidableFrom(opening: Opening, receipt: OpeningReceipt | undefined): string {
  return instant(milliseconds(deadlineOf(opening, receipt)) + 2 * durationMilliseconds(opening.skew));
}

/**
 * The verdict that `decide` would record at the instant: the settled one, or after the deadline the outcome.
 *
 * @param receipt of the opening: without it no deadline passes, since nobody can say that the members had their period.
 *   A settled outcome needs none: no ballot that was prevented could have changed it.
 */
export function verdictAt(
  record: OpenedResolution,
  ballots: ReadonlyMap<string, CastBallot>,
  receipt: OpeningReceipt | undefined,
  at: string,
): Verdict | undefined {
  const { opening } = record;
  const rule = votingRule(record);
  return (
    settled(rule, opening.ballotsChangeable, opening.roll, ballots) ??
    (receipt && at >= decidableFrom(opening, receipt) ? outcome(rule, opening.roll, ballots) : undefined)
  );
}
