import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { EventFeed } from '../events/feed.js';
import { compare } from '../events/position.js';
import { MemoryStorage } from '../journal/memory-storage.js';
import type { Change } from '../journal/storage.js';
import { blockOf, eventsIn } from '../testing/events.js';
import { FakeTime } from '../testing/fake-fabric.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './post.js';
import { DeliveryStore } from './store.js';
import { Webhook, type WebhookParts } from './webhook.js';

const never = new Promise<never>(() => undefined);
const logger = pino({ level: 'silent' });
const noHistory = { around: () => Promise.reject(new Error('no history')) };
const delivered: Outcome = { kind: 'delivered' };
const turn = () => new Promise(setImmediate);

/** A storage at which a process ends, at the step that it is told: nothing of it goes on after that. */
class Life {
  ended = false;
  /** @param steps Until the end; each write and each sending is one. */
  constructor(
    private readonly disk: MemoryStorage,
    private steps: number,
    /** Whether what was under way at the end took effect. */
    private readonly tookEffect: boolean,
  ) {}

  private hasEnded(): boolean {
    return this.ended;
  }

  async step<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.ended) return never;
    this.steps -= 1;
    if (this.steps > 0) {
      const result = await work();
      return this.hasEnded() ? never : result;
    }
    this.ended = true;
    if (this.tookEffect) await work();
    return never;
  }

  readonly storage = {
    durable: true,
    get: (key: string) => this.disk.get(key),
    range: (from: string, before: string, limit: number) => this.disk.range(from, before, limit),
    write: (changes: readonly Change[]) => this.step(() => this.disk.write(changes)),
    close: () => Promise.resolve(),
  };
}

function webhook(parts: Partial<WebhookParts> & Pick<WebhookParts, 'feed' | 'store' | 'send'>): Webhook {
  return new Webhook({
    id: 'register',
    filter: {},
    from: 0,
    attempts: 5,
    parallel: 3,
    time: new FakeTime(),
    logger,
    ...parts,
  });
}

/** In the order in which each was received for the first time. */
const firsts = (received: readonly Delivery[]): Delivery[] =>
  received.filter(({ id }, index) => received.findIndex((other) => other.id === id) === index);

describe('Webhook', () => {
  it('loses nothing and keeps the order of each resource, whatever fails and whenever the process ends', async () => {
    const life = fc.record({ steps: fc.integer({ min: 1, max: 25 }), tookEffect: fc.boolean() });
    const block = fc.array(fc.array(fc.constantFrom('r-1', 'r-2', 'r-3'), { maxLength: 3 }), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { minLength: 1, maxLength: 8 }),
        fc.array(life, { maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        async (blocks, lives, failures) => {
          const feed = new EventFeed(noHistory);
          const events = blocks.flatMap((transactions, number) => eventsIn(blockOf(number, ...transactions)));
          feed.see(0, eventsIn(blockOf(0, ...blocks[0]!)));
          const disk = new MemoryStorage();
          const received: Delivery[] = [];
          const live = async ({ storage, step }: Pick<Life, 'storage' | 'step'>, until: () => boolean) => {
            const send = (delivery: Delivery): Promise<Outcome> =>
              step(() => {
                if (failures.next().value) return { kind: 'failed', reason: 'no' };
                received.push(delivery);
                return delivered;
              });
            const store = new DeliveryStore(storage, 'register');
            const running = webhook({ feed, store, send });
            running.start();
            for (const [number, transactions] of blocks.entries())
              if (feed.next && number >= feed.next.block) {
                feed.see(number, eventsIn(blockOf(number, ...transactions)));
                await turn();
              }
            for (let turns = 0; !until() && turns < 2_000; turns += 1) await turn();
            return running;
          };
          for (const { steps, tookEffect } of lives) {
            const mortal = new Life(disk, steps, tookEffect);
            const bound = { storage: mortal.storage, step: mortal.step.bind(mortal) };
            let idle = 0;
            await live(bound, () => mortal.ended || (idle += 1) > 50);
            mortal.ended = true;
          }
          const last = new Life(disk, Infinity, true);
          const store = new DeliveryStore(last.storage, 'register');
          let settled = false;
          const look = async (): Promise<void> => {
            const dead = (await store.dead(200)).items.length;
            const waiting = (await store.pending()).length;
            settled = waiting === 0 && firsts(received).length + dead >= events.length;
          };
          const bound = { storage: last.storage, step: last.step.bind(last) };
          const running = await live(bound, () => {
            void look();
            return settled;
          });
          const dead = (await store.dead(200)).items;
          const arrived = new Set(received.map(({ id }) => id));
          for (const { id } of events)
            expect(arrived.has(id) || dead.some((letter) => letter.id === id)).toBe(true);
          for (const resource of new Set(events.map((event) => event.resource))) {
            const order = firsts(received.filter((delivery) => delivery.resource === resource));
            for (const [index, delivery] of order.slice(1).entries())
              expect(compare(order[index]!.position, delivery.position)).toBeLessThan(0);
          }
          await running.stop(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  /** Feed with these resources' events in block 0. */
  const feedWith = (...ids: string[]): EventFeed => {
    const feed = new EventFeed(noHistory);
    feed.see(0, eventsIn(blockOf(0, ids)));
    return feed;
  };

  it('holds back what follows on a resource that fails, and nothing else', async () => {
    const received: string[] = [];
    const time = new FakeTime();
    // The failing one's pause never ends.
    time.pause = () => never;
    const running = webhook({
      feed: feedWith('r-1', 'r-1', 'r-2', 'r-1', 'r-2', 'r-3'),
      store: new DeliveryStore(new MemoryStorage(), 'register'),
      time,
      send: ({ resource, position }) => {
        if (resource.endsWith('r-1')) return Promise.resolve({ kind: 'failed', reason: 'no' });
        received.push(`${resource}@${position.fact}`);
        return Promise.resolve(delivered);
      },
    });
    running.start();
    await vi.waitFor(() =>
      expect(received).toEqual(['resolutions/r-2@2', 'resolutions/r-3@5', 'resolutions/r-2@4']),
    );
    expect(running.state).toMatchObject({ pending: 3, failing: { reason: 'no' } });
    await running.stop(0);
  });

  it('waits longer each time, as long as it is asked to, and gives up in the end; a dead letter can be replayed', async () => {
    const time = new FakeTime();
    const pauses: number[] = [];
    const passing = time.pause.bind(time);
    time.pause = (milliseconds) => {
      pauses.push(milliseconds);
      return passing(milliseconds);
    };
    const received: Delivery[] = [];
    let fails = true;
    const running = webhook({
      feed: feedWith('r-1', 'r-1'),
      store: new DeliveryStore(new MemoryStorage(), 'register'),
      time,
      attempts: 4,
      send: (delivery) => {
        if (delivery.position.fact === 0 && fails)
          return Promise.resolve({
            kind: 'failed',
            reason: 'answered 503',
            ...(delivery.attempts === 1 ? { retryAfterMs: 60_000 } : {}),
          });
        received.push(delivery);
        return Promise.resolve(delivered);
      },
    });
    running.start();
    await vi.waitFor(() => expect(received).toHaveLength(1));
    expect(pauses).toEqual([1_000, 60_000, 4_000]);
    const { items } = await running.deadLetters(10);
    expect(items).toMatchObject([{ id: 'tx-0-0-0', attempts: 4, reason: 'answered 503' }]);
    fails = false;
    await running.replay(items);
    await vi.waitFor(() => expect(received.map(({ id }) => id)).toEqual(['tx-0-0-1', 'tx-0-0-0']));
    expect((await running.deadLetters(10)).items).toEqual([]);
    await vi.waitFor(() => expect(running.state).toMatchObject({ pending: 0 }));
    expect(running.state.failing).toBeUndefined();
    await running.stop(0);
  });

  it('gives up at once what the receiver says is gone', async () => {
    const send = vi.fn(() =>
      Promise.resolve<Outcome>({ kind: 'failed', reason: 'answered 410', gone: true }),
    );
    const running = webhook({
      feed: feedWith('r-1'),
      store: new DeliveryStore(new MemoryStorage(), 'register'),
      send,
    });
    running.start();
    await vi.waitFor(async () => expect((await running.deadLetters(1)).items).toHaveLength(1));
    expect(send).toHaveBeenCalledTimes(1);
    await running.stop(0);
  });

  it('begins with what has not happened yet unless told otherwise, and remembers that', async () => {
    const feed = feedWith('r-1');
    const disk = new MemoryStorage();
    const parts = { feed, store: new DeliveryStore(disk, 'register'), from: undefined };
    const first = webhook({ ...parts, send: () => Promise.resolve(delivered) });
    first.start();
    await vi.waitFor(() => expect(first.state.next).toEqual({ block: 1, transaction: 0, fact: 0 }));
    await first.stop(0);
    feed.see(1, eventsIn(blockOf(1, ['r-2'])));
    const received: string[] = [];
    const second = webhook({
      ...parts,
      send: ({ resource }) => {
        received.push(resource);
        return Promise.resolve(delivered);
      },
    });
    second.start();
    await vi.waitFor(() => expect(received).toEqual(['resolutions/r-2']));
    await second.stop(0);
  });

  it('takes no more in than may be on its way', async () => {
    const feed = new EventFeed(noHistory, 10_000);
    for (let block = 0; block < 30; block += 1)
      feed.see(
        block,
        eventsIn(
          blockOf(
            block,
            Array.from({ length: 100 }, (_, index) => `r-${index}`),
          ),
        ),
      );
    const running = webhook({
      feed,
      store: new DeliveryStore(new MemoryStorage(), 'register'),
      send: (_delivery, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ kind: 'failed', reason: 'called off' })),
        ),
    });
    running.start();
    await vi.waitFor(() => expect(running.state.pending).toBe(1_000));
    await turn();
    expect(running.state.pending).toBe(1_000);
    await running.stop(0);
    expect(running.state).toMatchObject({ pending: 1_000 });
  });

  it('ends while the peer has not been heard of', async () => {
    const feed = new EventFeed(noHistory);
    const store = new DeliveryStore(new MemoryStorage(), 'register');
    const running = webhook({ feed, store, from: undefined, send: () => never });
    running.start();
    await turn();
    await running.stop(0);
    expect(running.state).toEqual({ pending: 0 });
  });
});
