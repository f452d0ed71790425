/**
 * Finding out what became of a transaction after Submit or CommitStatus failed, before anything is answered or retried.
 */
import type { Role } from 'umlauf-chaincode/api';
import type { Time } from './budget.js';
import type { CommitStatus, FabricClient } from './client.js';
import type { LedgerLookup } from './transactions.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;
const STEP_MS = 1_000;

/**
 * Asks the own peer for a transaction that this gateway submitted, until it is there or time is up.
 * @returns `undefined` if it wasn't there in time: it may still commit.
 */
export async function settle(
  transactionId: string,
  role: Role | undefined,
  withinMs: number,
  { client, lookup, time }: { client: FabricClient; lookup: LedgerLookup; time: Time },
): Promise<CommitStatus | undefined> {
  const until = time.now() + withinMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const leftMs = until - time.now();
    if (leftMs <= 0) return undefined;
    const stepMs = Math.min(leftMs, STEP_MS);
    try {
      const found = await lookup.transaction(transactionId, stepMs);
      if (found) return found;
      // Not there yet: CommitStatus tells the moment that it is.
      return await client.commitStatus(transactionId, role, stepMs);
    } catch {
      // The peer can't be reached, or the transaction isn't there yet; both may change.
      await time.pause(Math.min(pauseMs, Math.max(0, until - time.now())));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}
