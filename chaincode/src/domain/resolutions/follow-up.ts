/** What the acts after a decision share: each is a key of its own, recorded once, dated between decision and today. */
import type { Call } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import { type Cooperative, enterFor } from '../register/cooperative';
import type { Decision, ResolutionRecord } from '../resolution';
import { legalDate } from '../time';
import { findResolution } from './records';

type FollowUp = 'finding' | 'register' | 'dispatch';

/**
 * Enters for an act that has been possible since the decision.
 *
 * A decision needs no receipt of its own: it can be endorsed only once it is due, and then every gateway decides, which
 * makes one that is held back invalid. Nothing runs from the dates of finding, registration and dispatch: they are the
 * court's and the post's, and a dispatch takes a member off new rolls when it is on the ledger.
 */
export function enterAfterDecision(
  call: Call,
  act: FollowUp,
  id: string,
): Promise<Cooperative & { found: ResolutionRecord }> {
  return enterFor(
    call,
    act,
    'resolution',
    () => findResolution(call, id),
    ({ decision }) => (decision ? { possibleSince: decision.recorded.at } : {}),
  );
}

/**
 * The same again is harmless, other content a conflict: what is recorded stays.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`
 */
export function refuseRepetition(resource: string, former: object | undefined, input: object): void {
  if (!former) return;
  const { recorded: _recorded, ...content } = former as { recorded?: unknown };
  throw new DomainError(sameContent(content, input) ? 'unchanged' : 'id-conflict', { resource });
}

/** @throws {DomainError} `date-out-of-range` */
export function checkDate(date: string, { recorded }: Decision, { today, bylaws }: Cooperative): void {
  const from = legalDate(recorded.at, bylaws.timeZone);
  if (date < from || date > today) throw new DomainError('date-out-of-range', { from, until: today });
}
