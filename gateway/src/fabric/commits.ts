/**
 * Learning from the stream of blocks that a transaction is committed: the own peer tells it there anyway, so that asking
 * for each one's commit status would only cost a further signed call. And the block shows what was committed: an id alone
 * doesn't, since two transactions under one id are both reported as valid while one was written (measured on Fabric 3.1.5).
 */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { SeenBlock } from './client.js';
import type { LedgerTransaction } from './transactions.js';

/** Waiting for one transaction. */
export interface CommitWatch {
  /** Resolves when it is seen in a block; with `undefined` when that can't be waited for (any longer). */
  readonly seen: Promise<LedgerTransaction | undefined>;
  /** Gives up waiting. */
  end(): void;
}

/** Longest wait for a block before the peer is asked: the stream may be stuck. */
const LONGEST_WAIT_MS = 2_000;

/** The transactions that are waited for. */
export class Commits {
  readonly #waiting = new Map<string, (found: LedgerTransaction | undefined) => void>();

  /**
   * Begins to wait; to be called before the transaction is handed to the orderers.
   * @param connected Whether blocks arrive at all.
   */
  watch(transactionId: string, connected: boolean): CommitWatch {
    if (!connected) return { seen: Promise.resolve(undefined), end: () => undefined };
    let settle: (found: LedgerTransaction | undefined) => void = () => undefined;
    const seen = new Promise<LedgerTransaction | undefined>((resolve) => {
      settle = resolve;
    });
    const end = (found?: LedgerTransaction): void => {
      clearTimeout(timer);
      this.#waiting.delete(transactionId);
      settle(found);
    };
    const timer = setTimeout(end, LONGEST_WAIT_MS);
    this.#waiting.set(transactionId, end);
    return { seen, end: () => end() };
  }

  /** Takes note of a block. */
  see({ number, transactions }: SeenBlock): void {
    if (this.#waiting.size === 0) return;
    const found = new Map<string, LedgerTransaction>();
    for (const transaction of transactions) {
      const { transactionId } = transaction;
      if (!this.#waiting.has(transactionId)) continue;
      // Of several under one id in a block at most one is valid, and that is the one that counts.
      if (found.get(transactionId)?.validationCode === StatusCode.VALID) continue;
      found.set(transactionId, { ...transaction, blockNumber: number });
    }
    for (const [transactionId, transaction] of found) this.#waiting.get(transactionId)?.(transaction);
  }

  /** The stream broke: a block may pass unseen. */
  broken(): void {
    for (const end of [...this.#waiting.values()]) end(undefined);
  }
}
