/**
 * One webhook at work: takes the ledger's events in, and delivers them, each at least once, those of a resource in their
 * order. The ledger itself is the queue: only so many events are taken in as may be on their way.
 */
import type { Logger } from 'pino';
import { matcher, type EventFilter } from '../events/filter.js';
import type { EventFeed } from '../events/feed.js';
import { startOf, type Position } from '../events/position.js';
import { EventReader } from '../events/reader.js';
import type { Time } from '../fabric/budget.js';
import { deliveryOf, type DeadLetter, type Delivery } from './delivery.js';
import { Lanes } from './lanes.js';
import type { Outcome } from './post.js';
import type { DeadLetters, DeliveryStore } from './store.js';

/** Pauses between the tries of an event: 1 s, 2 s, 4 s … up to an hour; 15 tries take four hours. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Before the own storage is tried again. */
const STORAGE_PAUSE_MS = 5_000;
/** Events on their way at most. */
const WINDOW = 1_000;

/** What a webhook is made of. */
export interface WebhookParts {
  readonly id: string;
  readonly filter: EventFilter;
  /** The block to begin with at the first time; absent: with what has not happened yet. */
  readonly from?: number | undefined;
  /** Tries of one event. */
  readonly attempts: number;
  /** Deliveries at a time. */
  readonly parallel: number;
  readonly feed: Pick<EventFeed, 'from' | 'next' | 'listen'>;
  readonly store: DeliveryStore;
  /** Never throws. */
  readonly send: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>;
  readonly time: Time;
  readonly logger: Logger;
}

/** How a webhook stands. */
export interface WebhookState {
  /** Events on their way. */
  readonly pending: number;
  /** Everything before has been taken in; absent before it began. */
  readonly next?: Position;
  /** Resources of which something has failed and is tried again; since when there are any, and the last reason. */
  readonly failing?: { readonly resources: number; readonly since: string; readonly reason: string };
}

export class Webhook {
  readonly #parts: WebhookParts;
  readonly #lanes = new Lanes();
  /** Nothing more is begun. */
  readonly #ending = new AbortController();
  /** What is under way is called off. */
  readonly #callingOff = new AbortController();
  #reader: EventReader | undefined;
  #taking: Promise<void> | undefined;
  #roomMade: (() => void) | undefined;
  #idle: (() => void) | undefined;
  /** When the next look at what is due is set for. */
  #lookAt: number | undefined;
  #failure: { readonly since: string; readonly reason: string } | undefined;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  get state(): WebhookState {
    const next = this.#parts.store.next();
    const resources = this.#lanes.failing;
    return {
      pending: this.#lanes.size,
      ...(next && { next }),
      ...(this.#failure && resources > 0 && { failing: { resources, ...this.#failure } }),
    };
  }

  start(): void {
    this.#taking ??= this.#take();
  }

  /** Takes nothing more; deliveries under way may end within the time given, what is left is delivered at the next start. */
  async stop(withinMs: number): Promise<void> {
    this.#ending.abort();
    this.#reader?.close();
    this.#roomMade?.();
    const late = setTimeout(() => this.#callingOff.abort(), withinMs);
    await this.#taking;
    if (this.#lanes.underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    clearTimeout(late);
  }

  deadLetters(limit: number, bookmark?: string): Promise<DeadLetters> {
    return this.#parts.store.dead(limit, bookmark);
  }

  /** Delivers dead letters again, from the first try on. */
  async replay(letters: readonly DeadLetter[]): Promise<void> {
    for (const delivery of await this.#parts.store.revive(letters)) this.#lanes.add(delivery);
    this.#pump();
  }

  #isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  async #take(): Promise<void> {
    const { feed, store, filter, time } = this.#parts;
    for (const delivery of await this.#insist(() => store.pending(), [])) this.#lanes.add(delivery);
    this.#pump();
    const start = store.next() ?? (await this.#begin());
    if (this.#isStopped()) return;
    this.#reader = new EventReader({ feed, start, matches: matcher(filter), time });
    for (let batch = await this.#reader.next(); batch; batch = await this.#reader.next()) {
      while (this.#lanes.size >= WINDOW && !this.#isStopped())
        await new Promise<void>((resolve) => (this.#roomMade = resolve));
      if (this.#isStopped()) return;
      const { events, next } = batch;
      const deliveries = events.map(deliveryOf);
      await this.#insist(() => store.take(deliveries, next), undefined);
      if (this.#isStopped()) return;
      for (const delivery of deliveries) this.#lanes.add(delivery);
      this.#pump();
    }
  }

  /** Where it begins, noted before anything is told. */
  async #begin(): Promise<Position | undefined> {
    const { feed, store, from } = this.#parts;
    const start = from === undefined ? await this.#present(feed) : startOf(from);
    if (start) await this.#insist(() => store.begin(start), undefined);
    return start;
  }

  /** What has not happened yet; `undefined` if it is stopped before the peer has been heard of. */
  async #present(feed: WebhookParts['feed']): Promise<Position | undefined> {
    while (!feed.next && !this.#isStopped())
      await new Promise<void>((resolve) => {
        const ended = feed.listen(() => {
          ended();
          resolve();
        });
        this.#roomMade = () => {
          ended();
          resolve();
        };
      });
    return feed.next;
  }

  /** Does something with the storage until that succeeds, or it is stopped: then `otherwise`. */
  async #insist<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    const { id, logger, time } = this.#parts;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.#isStopped()) return otherwise;
        logger.error({ err: error, webhook: id }, 'a webhook cannot note what it does');
        await time.pause(STORAGE_PAUSE_MS);
        if (this.#isStopped()) return otherwise;
      }
    }
  }

  /** Begins what is due, and looks again when something will be. */
  #pump(): void {
    if (this.#isStopped()) return;
    const { time, parallel } = this.#parts;
    for (const delivery of this.#lanes.take(time.now(), parallel - this.#lanes.underWay))
      void this.#deliver(delivery);
    const due = this.#lanes.nextDue();
    if (due === undefined || this.#lanes.underWay >= parallel) return;
    if (this.#lookAt !== undefined && this.#lookAt <= due) return;
    this.#lookAt = due;
    void time.pause(Math.max(0, due - time.now())).then(() => {
      // Another look was set for an earlier time meanwhile.
      if (this.#lookAt === due) this.#lookAt = undefined;
      this.#pump();
    });
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { send, time } = this.#parts;
    const outcome = await send(delivery, this.#callingOff.signal);
    try {
      await this.#settle(delivery, outcome);
    } catch (error) {
      const { id, logger } = this.#parts;
      logger.error(
        { err: error, webhook: id },
        'a webhook cannot note what it delivered, and delivers it again',
      );
      this.#lanes.again(delivery, time.now() + STORAGE_PAUSE_MS);
    }
    this.#roomMade?.();
    if (this.#isStopped() && this.#lanes.underWay === 0) this.#idle?.();
    this.#pump();
  }

  async #settle(delivery: Delivery, outcome: Outcome): Promise<void> {
    const { attempts, store, time, logger, id } = this.#parts;
    if (outcome.kind === 'delivered') {
      await store.delivered(delivery);
      this.#done(delivery);
      return;
    }
    if (this.#callingOff.signal.aborted) {
      // Cut off here: that is no failure of the receiver.
      this.#lanes.again(delivery, 0);
      return;
    }
    const { reason, retryAfterMs = 0, gone = false } = outcome;
    const tried = { ...delivery, attempts: delivery.attempts + 1 };
    const at = new Date(time.now()).toISOString();
    this.#failure = { since: this.#failure?.since ?? at, reason };
    if (gone || tried.attempts >= attempts) {
      logger.warn({ webhook: id, event: delivery.id, reason }, 'an event was given up and is a dead letter');
      await store.bury({ ...tried, at, reason });
      this.#done(delivery);
      return;
    }
    await store.retry(tried);
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tried.attempts - 1), LONGEST_PAUSE_MS);
    // Between half of the pause and all of it: a receiver that comes back shouldn't meet everything at once.
    const jitteredMs = pauseMs * (0.5 + time.random() / 2);
    this.#lanes.again(tried, time.now() + Math.max(jitteredMs, retryAfterMs));
  }

  #done(delivery: Delivery): void {
    this.#lanes.done(delivery);
    if (delivery.attempts > 0 && this.#lanes.failing === 0) this.#failure = undefined;
  }
}
