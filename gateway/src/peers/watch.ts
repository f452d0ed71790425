/** Looking after the peer in use where there are others: one that blocks no longer reach answers all calls. */
import type { Missing, Readiness } from '../readiness.js';

const EVERY_MS = 5_000;

/** What another peer may have. */
const OF_THE_PEER: ReadonlySet<Missing> = new Set([
  'own-peer',
  'chaincode',
  'block-stream',
  'other-members',
  'blocks',
] satisfies Missing[]);

/**
 * Has another peer looked for each time that this one lacks something.
 * @param ready How the peer in use stands.
 * @returns what ends it, and waits until nothing of it runs any more.
 */
export function watchPeer(
  ready: () => Promise<Readiness>,
  look: () => Promise<void>,
  everyMs = EVERY_MS,
): () => Promise<void> {
  let running = Promise.resolve();
  let isRunning = false;
  const turn = async (): Promise<void> => {
    const { missing } = await ready();
    if (missing.some((each) => OF_THE_PEER.has(each))) await look();
  };
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    // What fails here is asked again the next time.
    running = turn()
      .catch(() => undefined)
      .finally(() => (isRunning = false));
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
