import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeFabric, FakeTime } from '../testing/fake-fabric.js';
import { LEDGER, blockOf, eventsIn } from '../testing/events.js';
import type { SeenBlock } from '../fabric/client.js';
import { EventFeed } from './feed.js';
import { EventHistory } from './history.js';
import { afterId, idOf, startOf, type Position } from './position.js';
import { EventReader } from './reader.js';

const all = () => true;

/** A peer with blocks; a stream of them goes on until it is closed. */
class Chain {
  readonly blocks: SeenBlock[] = [];
  readonly fabric = new FakeFabric();
  failures = 0;
  /** Streams of old blocks opened. */
  opened = 0;
  readonly feed: EventFeed;

  constructor(kept?: number) {
    const history = new EventHistory(
      {
        blocks: async (start) => {
          this.opened += 1;
          if (this.failures > 0) {
            this.failures -= 1;
            throw new Error('away');
          }
          const stream = await this.fabric.blocks(start);
          for (const block of this.blocks.slice(Number(start)))
            this.fabric.blockStreams.at(-1)!.stream.push(block);
          return stream;
        },
      },
      LEDGER,
    );
    this.feed = new EventFeed(history, kept);
  }

  /** Adds a block with so many facts; the gateway sees it if it runs. */
  add(facts: number, seen: boolean): void {
    const number = this.blocks.length;
    const block = blockOf(
      number,
      ...Array.from({ length: facts }, (_, index) => [`r-${number}`, `s-${index}`]),
    );
    this.blocks.push(block);
    if (seen) this.feed.see(number, eventsIn(block));
  }

  ids(from: Position): string[] {
    return this.blocks
      .flatMap(eventsIn)
      .map(({ position }) => idOf(position))
      .filter((id) => afterId(id)!.block >= from.block);
  }

  reader(start: Position | undefined): EventReader {
    return new EventReader({ feed: this.feed, start, matches: all, time: new FakeTime() });
  }
}

async function read(reader: EventReader, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const batch = await reader.next();
    if (!batch) break;
    ids.push(...batch.events.map(({ position }) => idOf(position)));
  }
  return ids;
}

describe('EventReader', () => {
  it('hands out what is past and what comes without a gap and nothing twice, from wherever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 80 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
        fc.nat(79),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(3),
        async (past, coming, from, kept, failures) => {
          const chain = new Chain(kept);
          for (const facts of past) chain.add(facts, false);
          chain.feed.see(past.length - 1, eventsIn(chain.blocks.at(-1)!));
          chain.failures = failures;
          const start = startOf(Math.min(from, past.length));
          const reader = chain.reader(start);
          const expected = (): string[] => chain.ids(start);
          const total = expected().length + coming.reduce((sum, facts) => sum + 2 * facts, 0);
          const reading = read(reader, total);
          for (const facts of coming) {
            chain.add(facts, true);
            await Promise.resolve();
          }
          expect(await reading).toEqual(expected());
          reader.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('begins with what has not happened yet, and learns what that is when the peer is heard of', async () => {
    const chain = new Chain();
    const reader = chain.reader(undefined);
    const first = reader.next();
    chain.add(2, false);
    chain.feed.see(0, []);
    chain.add(1, true);
    expect((await first)?.events.map(({ position }) => idOf(position))).toEqual(['1-0-0', '1-0-1']);
  });

  it('reads old blocks once for all who want the same', async () => {
    const chain = new Chain(1);
    for (let block = 0; block < 40; block += 1) chain.add(1, false);
    chain.feed.see(39, eventsIn(chain.blocks[39]!));
    const readers = Array.from({ length: 50 }, (_, index) => chain.reader(startOf(index % 10)));
    await Promise.all(readers.map((reader) => read(reader, 60)));
    expect(chain.opened).toBe(2);
  });

  it('goes on in the middle of a transaction', async () => {
    const chain = new Chain();
    chain.add(2, true);
    expect(await read(chain.reader(afterId('0-0-0')), 3)).toEqual(['0-0-1', '0-1-0', '0-1-1']);
  });

  it('hands out nothing that it was reading when it was closed', async () => {
    const chain = new Chain();
    chain.add(1, true);
    let answer: (() => void) | undefined;
    const feed = {
      next: chain.feed.next,
      listen: () => () => undefined,
      from: async (place: Position) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return chain.feed.from(place);
      },
    };
    const reader = new EventReader({ feed, start: startOf(0), matches: all, time: new FakeTime() });
    const reading = reader.next();
    reader.close();
    answer?.();
    expect(await reading).toBeUndefined();
  });

  it('ends when it is closed, also while it waits', async () => {
    const chain = new Chain();
    chain.add(0, true);
    const reader = chain.reader(startOf(9));
    const next = reader.next();
    reader.close();
    expect(await next).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
  });
});
