/** When which gateway acts: all watch, so they take turns rather than all submit at once. */
import { createHash } from 'node:crypto';

/** A share between 0 and 1 that is each gateway's own for each subject, so that it isn't always the same that waits. */
export function share(subject: string, memberId: string): number {
  const digest = createHash('sha256').update(subject).update('\0').update(memberId).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** How ballots and deadlines are followed by a look whether the resolution can be decided. */
const OWN_BALLOT_MS = 300;
const OTHERS_BALLOT_MS = 1_500;
const SPREAD_MS = 3_000;

/** What is known when a ballot was cast. */
export interface BallotSeen {
  readonly resolutionId: string;
  /** The gateway's own member. */
  readonly memberId: string;
  /** Cast by the own member. */
  readonly own: boolean;
  /** Whether it was the last on the roll. */
  readonly last: boolean;
}

/**
 * Milliseconds until this gateway looks whether a resolution can be decided, after a ballot.
 *
 * The gateway whose member cast the last ballot looks at once. Before the last, the one whose member just voted waits a
 * moment for the next ballot; all others look later, in case that gateway is gone.
 */
export function delayAfterBallot({ resolutionId, memberId, own, last }: BallotSeen): number {
  if (own) return last ? 0 : OWN_BALLOT_MS;
  return OTHERS_BALLOT_MS + SPREAD_MS * share(resolutionId, memberId);
}

/** Milliseconds after something fell due for everybody at once. */
export function delayAfterDue(subject: string, memberId: string): number {
  return SPREAD_MS * share(subject, memberId);
}
