/** The latest events, kept at hand for those who listen: whole blocks without a gap, so many events at most. */
import type { LedgerEvent } from './ledger-event.js';
import { compare, type Position } from './position.js';

export class RecentEvents {
  #events: LedgerEvent[] = [];
  #from: number | undefined;
  #next = 0;

  /** @param most Events kept; blocks that were the last to hold more are dropped from the oldest on. */
  constructor(private readonly most: number) {}

  /** First block that is kept; `undefined` before the first was added. */
  get from(): number | undefined {
    return this.#from;
  }

  /** The block that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Adds the events of a block, which follows the last one. */
  add(block: number, events: readonly LedgerEvent[]): void {
    this.#from ??= block;
    this.#next = block + 1;
    this.#events.push(...events);
    if (this.#events.length > this.most * 2) this.#trim();
  }

  /** Events from a place on that is not before {@link from}, at most `limit`. */
  at(place: Position, limit: number): readonly LedgerEvent[] {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#events[middle];
      if (event && compare(event.position, place) < 0) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low, low + limit);
  }

  /** Seldom, so that it costs each event little. */
  #trim(): void {
    const first = this.#events[this.#events.length - this.most]?.position.block;
    if (first === undefined) return;
    this.#events = this.#events.filter(({ position }) => position.block >= first);
    this.#from = first;
  }
}
