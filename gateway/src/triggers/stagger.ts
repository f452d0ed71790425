/** When which gateway acts: all watch, so they take turns rather than all submit at once. */
import { createHash } from 'node:crypto';

/** A share between 0 and 1 that is each gateway's own for each subject, so that it isn't always the same that waits. */
export function share(subject: string, name: string): number {
  const digest = createHash('sha256').update(subject).update('\0').update(name).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** The place, from 0, that one of all has on a subject: every gateway computes the same order. */
export function placeOf(subject: string, own: string, all: readonly string[]): number {
  const ownShare = share(subject, own);
  return all.filter((name) => name !== own && share(subject, name) < ownShare).length;
}

/**
 * Long enough for the one before to be done on a machine that is busy: where several submit the same at once, all but one
 * conflict, and every further try makes it slower.
 */
const TURN_MS = 2_500;

/** Milliseconds that whoever has the place leaves the act to those before. */
export function delayOfTurn(place: number): number {
  return place * TURN_MS;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** Milliseconds until the next try after so many failures, from 1. */
export function delayAfterFailure(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}

/** How ballots are followed by a look whether the resolution can be decided. */
const OWN_BALLOT_MS = 300;
const OTHERS_BALLOT_MS = 1_500;

/** What is known when a ballot was cast. */
export interface BallotSeen {
  /** Milliseconds that this gateway leaves to those before it. */
  readonly turnMs: number;
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
 * moment for the next ballot; all others look later, in turn, in case that gateway is gone. Nobody looks while no more
 * than half have voted and the ballot was in favour: no majority can be reached yet, and no vote in favour settles a
 * rejection.
 */
export function delayAfterBallot({
  turnMs,
  own,
  settling,
  cast,
  voters = 0,
}: BallotSeen): number | undefined {
  if (own && cast === voters) return 0;
  if (!settling && cast * 2 <= voters) return undefined;
  return own ? OWN_BALLOT_MS : OTHERS_BALLOT_MS + turnMs;
}
