/**
 * Following the own peer's blocks: how far the peer is, what is in them, and when the channel's configuration changes.
 *
 * Whole blocks: only they show that what was committed under an id is what was proposed, see {@link ./commits.ts}.
 */
import type { Logger } from 'pino';
import type { FabricClient, SeenBlock } from './client.js';
import { Commits, type CommitWatch } from './commits.js';
import { Follower } from './follower.js';
import type { LedgerLookup } from './transactions.js';

interface Waiter {
  readonly block: bigint;
  readonly resolve: () => void;
}

/** What a {@link Blocks} tells others. */
export interface BlockListener {
  /**
   * Each block from the one that was the last at the start on, once and in order, across breaks of the connection.
   * @param fresh Whether it came after the start.
   */
  onBlock?(block: SeenBlock, fresh: boolean): void;
  /** A block with a new channel configuration. */
  onConfig?(block: bigint): void;
  /** The stream broke off: of what happens from now on nothing is told until it is open again. */
  onBreak?(): void;
}

/** What this gateway knows of its peer's height. */
export class Blocks {
  readonly #follower: Follower<SeenBlock>;
  readonly #waiting = new Set<Waiter>();
  readonly #commits = new Commits();
  /** Number of the last block that the own peer is known to have; −1 for none. */
  #last = -1n;
  /** Number of the last block that went through the stream; −1 for none. */
  #handled = -1n;
  #handledAtMs: number | undefined;
  #connected = false;

  constructor(
    client: FabricClient,
    lookup: LedgerLookup,
    private readonly listener: BlockListener,
    logger: Logger,
  ) {
    this.#follower = new Follower<SeenBlock>(
      {
        name: 'blocks',
        open: async () => {
          // The last block is there already: it comes at once and shows that the stream works.
          const last = (await lookup.height()) - 1n;
          this.observe(last);
          const next = this.#handled + 1n;
          return client.blocks(this.#handled >= 0n && next < last ? next : last);
        },
        handle: (block) => this.#handle(block),
        broken: () => {
          this.#connected = false;
          this.#commits.broken();
          this.listener.onBreak?.();
        },
      },
      logger,
    );
  }

  /** Whether blocks arrive: the stream is open and has delivered. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether every block that the own peer is known to have came through the stream, and more would come. */
  get current(): boolean {
    return this.#connected && this.#handled === this.#last;
  }

  /** Number of the last block that the own peer is known to have; −1 before the first. */
  get last(): bigint {
    return this.#last;
  }

  /** Number of the last block that went through the stream; −1 before the first. */
  get handled(): bigint {
    return this.#handled;
  }

  /** When that was, in Unix milliseconds. */
  get handledAtMs(): number | undefined {
    return this.#handledAtMs;
  }

  start(): void {
    this.#follower.start();
  }

  async stop(): Promise<void> {
    await this.#follower.stop();
  }

  /** Takes note of a block that the own peer reported otherwise, for example in a commit status. */
  observe(block: bigint): void {
    if (block <= this.#last) return;
    this.#last = block;
    for (const waiter of this.#waiting) {
      if (waiter.block > block) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /** Begins to wait for the commit of a transaction that is about to be submitted. */
  watch(transactionId: string): CommitWatch {
    return this.#commits.watch(transactionId, this.#connected);
  }

  /** Waits until the own peer has a block; `false` if it didn't get it in time. */
  async reached(block: bigint, withinMs: number): Promise<boolean> {
    if (block <= this.#last) return true;
    return new Promise((resolve) => {
      const waiter = {
        block,
        resolve: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        resolve(false);
      }, withinMs);
      this.#waiting.add(waiter);
    });
  }

  #handle(block: SeenBlock): void {
    this.#connected = true;
    // After a break config blocks in between were missed: whoever remembers the configuration has to look again.
    const missed = this.#handled >= 0n && block.number > this.#handled + 1n;
    if (missed || block.transactions.some(({ config }) => config)) this.listener.onConfig?.(block.number);
    this.#commits.see(block);
    if (block.number > this.#handled) {
      const fresh = this.#handled >= 0n;
      this.#handled = block.number;
      this.#handledAtMs = Date.now();
      this.listener.onBlock?.(block, fresh);
    }
    this.observe(block.number);
  }
}
