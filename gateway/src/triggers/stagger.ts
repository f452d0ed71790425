/** When which gateway acts: all watch, so they take turns rather than all submit at once. */
import { createHash } from 'node:crypto';

/** A share between 0 and 1 that is each gateway's own for each subject, so that it isn't always the same that waits. */
export function share(subject: string, memberId: string): number {
  const digest = createHash('sha256').update(subject).update('\0').update(memberId).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** How ballots are followed by a look whether the resolution can be decided. */
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
  /** Whether it may have settled something that a vote in favour wouldn't; not known of others' ballots. */
  readonly settling: boolean;
  /** How many on the roll have cast theirs. */
  readonly cast: number;
  /** Size of the roll, if it is known. */
  readonly voters?: number | undefined;
}

/**
 * Milliseconds until this gateway looks whether a resolution can be decided, after a ballot; `undefined` if it needn't.
 *
 * The gateway whose member cast the last ballot looks at once. Before the last, the one whose member just voted waits a
 * moment for the next ballot; all others look later, in case that gateway is gone. Nobody looks while no more than half
 * have voted and the ballot was in favour: no majority can be reached yet, and no vote in favour settles a rejection.
 */
export function delayAfterBallot(seen: BallotSeen): number | undefined {
  const { resolutionId, memberId, own, settling, cast, voters = 0 } = seen;
  if (own && cast === voters) return 0;
  if (!settling && cast * 2 <= voters) return undefined;
  return own ? OWN_BALLOT_MS : OTHERS_BALLOT_MS + SPREAD_MS * share(resolutionId, memberId);
}

/** Milliseconds after something fell due for everybody at once. */
export function delayAfterDue(subject: string, memberId: string): number {
  return SPREAD_MS * share(subject, memberId);
}
