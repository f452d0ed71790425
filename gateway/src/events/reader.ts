/** Reading a feed: batch after batch, past and coming, for as long as somebody wants it. */
import type { Time } from '../fabric/budget.js';
import type { Batch, EventFeed } from './feed.js';
import type { LedgerEvent } from './ledger-event.js';
import { compare, type Position } from './position.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** What is read. */
export interface Reading {
  readonly feed: Pick<EventFeed, 'from' | 'next' | 'listen'>;
  /** Where to begin; absent: with what has not happened yet. */
  readonly start: Position | undefined;
  readonly matches: (event: LedgerEvent) => boolean;
  readonly time: Time;
}

export class EventReader {
  readonly #reading: Reading;
  readonly #stopListening: () => void;
  #place: Position | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#place = reading.start;
    this.#stopListening = reading.feed.listen(() => {
      this.#place ??= reading.feed.next;
      this.#wake?.();
    });
  }

  /** Everything before it has been handed out, or doesn't match; `undefined` while even the beginning isn't known. */
  get place(): Position | undefined {
    return this.#place;
  }

  /**
   * What comes next that matches, be it nothing, once there is any more of the ledger; `undefined` when closed. Not to be
   * called before the last call has answered.
   */
  async next(): Promise<Batch | undefined> {
    const { feed, matches } = this.#reading;
    while (!this.#closed) {
      const place = (this.#place ??= feed.next);
      if (place === undefined || (feed.next && compare(place, feed.next) >= 0)) {
        await this.#told();
        continue;
      }
      const batch = await this.#read(place);
      if (!batch) break;
      if (compare(place, batch.next) === 0) {
        await this.#told();
        continue;
      }
      this.#place = batch.next;
      return { events: batch.events.filter(matches), next: batch.next };
    }
    return undefined;
  }

  /** Ends it; a call under way answers `undefined`. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#wake?.();
  }

  /** The peer may be away, or held for new certificates: what it can't tell now it tells later. */
  async #read(place: Position): Promise<Batch | undefined> {
    const { feed, time } = this.#reading;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const batch = await feed.from(place);
        return this.#closed ? undefined : batch;
      } catch {
        if (this.#closed) return undefined;
        await time.pause(pauseMs * (0.5 + time.random() / 2));
      }
    }
  }

  /** Not asynchronous itself: between the look and the wait nothing can happen. */
  #told(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
