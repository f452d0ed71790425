/** Growing pauses between tries, jittered so that those who were cut off together don't come back together. */

const FIRST_MS = 100;
const LONGEST_MS = 3_000;

export class Pauses {
  #nextMs = FIRST_MS;

  /** The next one, in milliseconds: between half of 100 and all of it, then up to twice as long each time, at most 3,000. */
  next(): number {
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(pauseMs * 2, LONGEST_MS);
    return pauseMs * (0.5 + Math.random() / 2);
  }

  /** Begins anew: something worked. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}

/** Waits; not to the end once it is ended by a signal. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const ended = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', ended);
      resolve();
    };
    const timer = setTimeout(ended, milliseconds);
    signal?.addEventListener('abort', ended);
  });
