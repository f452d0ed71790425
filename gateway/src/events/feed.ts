/** The ledger's events from any place on, those of the past and those to come, without a gap and none twice. */
import type { LedgerEvent } from './ledger-event.js';
import type { EventHistory } from './history.js';
import { after, compare, startOf, type Position } from './position.js';
import { RecentEvents } from './recent.js';

/** Events in their order, and where to go on. */
export interface Batch {
  readonly events: readonly LedgerEvent[];
  readonly next: Position;
}

/** Events handed out together. */
const BATCH = 100;
const RECENT = 2_000;

export class EventFeed {
  readonly #recent: RecentEvents;
  readonly #listeners = new Set<() => void>();

  /** @param most Events kept at hand. */
  constructor(
    private readonly history: Pick<EventHistory, 'around'>,
    most = RECENT,
  ) {
    this.#recent = new RecentEvents(most);
  }

  /** Where what has not happened yet begins; `undefined` while the peer has not been heard of. */
  get next(): Position | undefined {
    return this.#recent.from === undefined ? undefined : startOf(this.#recent.next);
  }

  /** Takes the next block of the ledger in. */
  see(block: number, events: readonly LedgerEvent[]): void {
    this.#recent.add(block, events);
    for (const tell of [...this.#listeners]) tell();
  }

  /**
   * Told of each block.
   * @returns What ends that.
   */
  listen(tell: () => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /**
   * Events from a place on. Without any, and `next` unchanged, there are none yet.
   * @throws {Error} if old blocks can't be read.
   */
  from(place: Position): Batch | Promise<Batch> {
    const { from, next } = this.#recent;
    if (from === undefined || place.block >= next) return { events: [], next: place };
    if (place.block < from) return this.#past(place, from - 1);
    const events = this.#recent.at(place, BATCH);
    const last = events.at(-1);
    return { events, next: last && events.length === BATCH ? after(last.position) : startOf(next) };
  }

  async #past(place: Position, last: number): Promise<Batch> {
    const { events, through } = await this.history.around(place.block, last);
    return {
      events: events.filter(({ position }) => compare(position, place) >= 0),
      next: startOf(through + 1),
    };
  }
}
