import { setTimeout as delay } from 'node:timers/promises';
import { unlessAborted } from '../../abort.js';

/** Something that was waited for hasn't come about in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface Waiting {
  /** Completes "waited in vain for …". */
  readonly what: string;
  /** Since the start, or since the last progress. */
  readonly deadlineMs: number;
  /** Pause between two looks. Default: 25 ms. */
  readonly everyMs?: number;
  /** Ends the waiting at once by throwing; called before each look. */
  readonly giveUp?: () => void;
  /** Ends the waiting at once when aborted, also in the middle of a look. */
  readonly signal?: AbortSignal | undefined;
  /** A number that shows how far it has come; while it changes, nothing is in vain. */
  readonly progress?: () => Promise<number>;
}

/**
 * Looks again and again until there is something.
 * @param look undefined or an error: not yet
 * @throws DeadlineError with the last error as its cause; whatever `giveUp` throws; the signal's reason
 */
export function until<T>(look: () => Promise<T | undefined>, waiting: Waiting): Promise<T> {
  return unlessAborted(lookAgainAndAgain(look, waiting), waiting.signal);
}

async function lookAgainAndAgain<T>(look: () => Promise<T | undefined>, waiting: Waiting): Promise<T> {
  let deadline = Date.now() + waiting.deadlineMs;
  let progress: number | undefined;
  let cause: unknown;
  for (;;) {
    waiting.signal?.throwIfAborted();
    waiting.giveUp?.();
    try {
      const found = await look();
      if (found !== undefined) return found;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const now = await waiting.progress?.().catch(() => undefined);
    if (now !== undefined && now !== progress) {
      deadline = Date.now() + waiting.deadlineMs;
      progress = now;
    }
    if (Date.now() >= deadline) {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new DeadlineError(
        `waited in vain for ${waiting.what} (${waiting.deadlineMs / 1000} s)${reason}`,
        { cause },
      );
    }
    await delay(waiting.everyMs ?? 25);
  }
}
