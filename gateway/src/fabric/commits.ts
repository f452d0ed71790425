/**
 * Learning from the stream of blocks that a transaction is committed: the own peer tells it there anyway, so that asking
 * for each one's commit status would only cost a further signed call.
 */
import type { CommitStatus, SeenBlock } from './client.js';

/** Waiting for one transaction. */
export interface CommitWatch {
  /** Resolves when it is seen in a block; with `undefined` when that can't be waited for (any longer). */
  readonly seen: Promise<CommitStatus | undefined>;
  /** Gives up waiting. */
  end(): void;
}

/** Longest wait for a block before the peer is asked: the stream may be stuck. */
const LONGEST_WAIT_MS = 2_000;

/** The transactions that are waited for. */
export class Commits {
  readonly #waiting = new Map<string, (status: CommitStatus | undefined) => void>();

  /**
   * Begins to wait; to be called before the transaction is handed to the orderers.
   * @param connected Whether blocks arrive at all.
   */
  watch(transactionId: string, connected: boolean): CommitWatch {
    if (!connected) return { seen: Promise.resolve(undefined), end: () => undefined };
    let settle: (status: CommitStatus | undefined) => void = () => undefined;
    const seen = new Promise<CommitStatus | undefined>((resolve) => {
      settle = resolve;
    });
    const end = (status?: CommitStatus): void => {
      clearTimeout(timer);
      this.#waiting.delete(transactionId);
      settle(status);
    };
    const timer = setTimeout(end, LONGEST_WAIT_MS);
    this.#waiting.set(transactionId, end);
    return { seen, end: () => end() };
  }

  /** Takes note of a block. */
  see({ number, transactions }: SeenBlock): void {
    if (this.#waiting.size === 0) return;
    for (const { transactionId, validationCode } of transactions)
      this.#waiting.get(transactionId)?.({ validationCode, blockNumber: number });
  }

  /** The stream broke: a block may pass unseen. */
  broken(): void {
    for (const end of [...this.#waiting.values()]) end(undefined);
  }
}
