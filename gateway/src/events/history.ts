/**
 * Events of blocks that are no longer at hand, read from the own peer again: stretches of blocks, each read once for all
 * who ask for it at the same time, as they do when a gateway comes back.
 */
import type { FabricClient } from '../fabric/client.js';
import { factsOf } from '../fabric/facts.js';
import { eventOf, type LedgerEvent, type LedgerName } from './ledger-event.js';

/** Blocks read together. */
const STRETCH = 32;
const STRETCHES_KEPT = 8;
const READ_AT_ONCE = 4;
/** Longest wait for a stretch: the connection may be stuck. */
const READ_MS = 15_000;

/** Consecutive blocks' events. */
export interface Stretch {
  readonly events: readonly LedgerEvent[];
  /** The last of the blocks. */
  readonly through: number;
}

export class EventHistory {
  readonly #stretches = new Map<number, { readonly through: number; readonly read: Promise<Stretch> }>();
  readonly #waiting: (() => void)[] = [];
  #reading = 0;

  constructor(
    private readonly client: Pick<FabricClient, 'blocks'>,
    private readonly ledger: LedgerName,
  ) {}

  /**
   * A stretch that holds a block.
   * @param last A block that the peer has, not before `block`.
   * @throws {Error} if the peer can't be read.
   */
  around(block: number, last: number): Promise<Stretch> {
    const from = block - (block % STRETCH);
    const known = this.#stretches.get(from);
    // What was read last is dropped last.
    this.#stretches.delete(from);
    if (known && known.through >= block) {
      this.#stretches.set(from, known);
      return known.read;
    }
    const through = Math.min(from + STRETCH - 1, last);
    const read = this.#read(from, through);
    const entry = { through, read };
    this.#stretches.set(from, entry);
    read.catch(() => {
      if (this.#stretches.get(from) === entry) this.#stretches.delete(from);
    });
    const [oldest] = this.#stretches.keys();
    if (this.#stretches.size > STRETCHES_KEPT && oldest !== undefined) this.#stretches.delete(oldest);
    return read;
  }

  async #read(from: number, through: number): Promise<Stretch> {
    while (this.#reading >= READ_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#reading += 1;
    try {
      return await this.#fromPeer(from, through);
    } finally {
      this.#reading -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #fromPeer(from: number, through: number): Promise<Stretch> {
    const stream = await this.client.blocks(BigInt(from));
    const late = setTimeout(() => stream.close(), READ_MS);
    const events: LedgerEvent[] = [];
    try {
      for await (const block of stream) {
        for (const fact of factsOf(block, this.ledger.chaincode)) events.push(eventOf(fact, this.ledger));
        if (block.number >= BigInt(through)) return { events, through };
      }
      throw new Error(`the stream ended before block ${through}`);
    } finally {
      clearTimeout(late);
      stream.close();
    }
  }
}
