/** Tries and time that may be spent on one kind of trouble, with growing, jittered pauses between the tries. */
import { setTimeout as pause } from 'node:timers/promises';

/** Limits of a {@link Budget}. */
export interface BudgetLimits {
  /** Milliseconds from the first trouble on. */
  readonly milliseconds: number;
  /** Further tries at most; unlimited if absent. */
  readonly tries?: number;
  /** First pause in milliseconds; each further one doubles it, up to `longestPauseMs`. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** A clock and its pauses; tests replace it. */
export interface Time {
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** Between 0 and 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemTime: Time = {
  now: () => Date.now(),
  pause: (milliseconds) => pause(milliseconds, undefined, { ref: false }),
  random: () => Math.random(),
};

/** How often and how long one kind of trouble is put up with. */
export class Budget {
  #since: number | undefined;
  #spent = 0;

  constructor(
    private readonly limits: BudgetLimits,
    private readonly time: Time,
  ) {}

  /** Waits before the next try and answers `true`, or answers `false` at once when tries or time are used up. */
  async next(): Promise<boolean> {
    const now = this.time.now();
    this.#since ??= now;
    if (this.#spent >= (this.limits.tries ?? Infinity)) return false;
    const pauseMs = Math.min(this.limits.firstPauseMs * 2 ** this.#spent, this.limits.longestPauseMs);
    // Between half of the pause and all of it: those who met in a conflict shouldn't meet again.
    const jitteredMs = pauseMs * (0.5 + this.time.random() / 2);
    if (now + jitteredMs - this.#since > this.limits.milliseconds) return false;
    this.#spent += 1;
    await this.time.pause(jitteredMs);
    return true;
  }
}
