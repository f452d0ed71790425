/** What a resource was, step by step: the histories of its keys in one line of time. */
import type { Call } from './call';
import type { Key } from './ledger';

export interface HistoryStep {
  readonly transactionId: string;
  readonly at: string;
  readonly part: string;
  readonly value: unknown;
}

/** The former and present values of a key, oldest first. */
export async function historyOf(call: Call, part: string, key: Key<unknown>): Promise<HistoryStep[]> {
  const changes = await call.ledger.history(key);
  return changes.map(({ transactionId, at, value }) => ({ transactionId, at, part, value: value ?? null }));
}

/**
 * Joins the histories of a resource's parts by time. Each keeps its own order, which is the ledger's: timestamps are the
 * clients' and may run backwards within the skew.
 */
export function mergeHistories(histories: readonly (readonly HistoryStep[])[]): HistoryStep[] {
  const heads = histories.map((steps) => ({ steps, next: 0 }));
  const merged: HistoryStep[] = [];
  for (;;) {
    const earliest = heads
      .filter(({ steps, next }) => next < steps.length)
      .reduce<(typeof heads)[number] | undefined>(
        (best, head) =>
          best === undefined || (head.steps[head.next]?.at ?? '') < (best.steps[best.next]?.at ?? '')
            ? head
            : best,
        undefined,
      );
    const step = earliest?.steps[earliest.next];
    if (!earliest || !step) return merged;
    merged.push(step);
    earliest.next += 1;
  }
}
