import { setTimeout as delay } from 'node:timers/promises';
import { unlessAborted } from './abort.js';

const LOOK_MS = 400;

export interface Patience {
  /** Told what is waited for: at first, and whenever that changes. */
  readonly waits: (text: string) => void;
  /** Ends the waiting at once when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Pause between two looks. Default: 400 ms. */
  readonly lookMs?: number;
}

/**
 * Waits for what others do on machines of their own, however long that takes.
 * @param look what is still missing, in words that complete "waits for …"; undefined once nothing is
 * @throws whatever `look` throws; the signal's reason
 */
export async function waitForOthers(
  look: () => Promise<string | undefined>,
  { waits, signal, lookMs = LOOK_MS }: Patience,
): Promise<void> {
  let told: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await unlessAborted(look(), signal);
    if (missing === undefined) return;
    if (missing !== told) waits(missing);
    told = missing;
    await unlessAborted(delay(lookMs), signal);
  }
}
