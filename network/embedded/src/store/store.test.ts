import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cached } from './cache.js';
import { levelStore } from './level.js';
import { memoryStore } from './memory.js';
import { OrderedKeys } from './ordered-keys.js';
import type { Store, StoreRange, StoreReader, StoreWrite } from './store.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

async function entries(reader: StoreReader, range: StoreRange): Promise<[string, string][]> {
  const iterator = reader.iterate(range);
  const found: [string, string][] = [];
  for (let entry = await iterator.next(); entry !== undefined; entry = await iterator.next()) {
    found.push([Buffer.from(entry.key).toString('latin1'), Buffer.from(entry.value).toString('latin1')]);
  }
  await iterator.close();
  return found;
}

/** What a store must behave like: a plain map, sorted when asked. */
class Model {
  readonly #entries = new Map<string, string>();

  constructor(entries: Iterable<[string, string]> = []) {
    for (const [key, value] of entries) this.#entries.set(key, value);
  }

  write(batch: readonly StoreWrite[]): Model {
    const next = new Map(this.#entries);
    for (const { key, value } of batch) {
      const name = Buffer.from(key).toString('latin1');
      if (value === undefined) next.delete(name);
      else next.set(name, Buffer.from(value).toString('latin1'));
    }
    return new Model(next);
  }

  range({ start, end, reverse }: StoreRange): [string, string][] {
    const [from, to] = [start, end].map((key) => Buffer.from(key).toString('latin1'));
    const found = [...this.#entries]
      .filter(([key]) => key >= (from ?? '') && key < (to ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return reverse === true ? found.reverse() : found;
  }
}

// Few short keys, so that batches meet.
const key = fc.uint8Array({ minLength: 1, maxLength: 2, max: 3 });
const batch = fc.array(
  fc.record(
    { key, value: fc.option(fc.uint8Array({ maxLength: 3 }), { nil: undefined }) },
    { requiredKeys: ['key'] },
  ),
  { maxLength: 8 },
);
const letters = ['\x00', '\x01', '\x02', '\x03'];
const names = [...letters, ...letters.flatMap((first) => letters.map((second) => first + second))];
const history = fc.array(batch, { minLength: 1, maxLength: 8 });
const range = fc.record({ start: key, end: key, reverse: fc.boolean() });
const everything = { start: bytes(''), end: bytes('\xff') };

async function behavesLikeAMap(
  store: Store,
  batches: readonly StoreWrite[][],
  asked: StoreRange,
): Promise<void> {
  let model = new Model((await entries(store, everything)).map(([name, value]) => [name, value]));
  const snapshots: { model: Model; reader: ReturnType<Store['snapshot']> }[] = [];
  for (const writes of batches) {
    snapshots.push({ model, reader: store.snapshot() });
    const written = store.write(writes);
    const meanwhile = store.snapshot();
    await written;
    model = model.write(writes);
    expect(await entries(store, asked)).toEqual(model.range(asked));
    // Taken while it was written: before or after the batch, but one of them in all that it answers.
    const isAfter = (await entries(meanwhile, everything)).length === model.range(everything).length;
    const seen = isAfter ? new Model(await entries(meanwhile, everything)) : snapshots.at(-1)!.model;
    await answersAs(seen, meanwhile);
    meanwhile.close();
    // Older ones are asked after newer ones have been.
    for (const snapshot of snapshots.slice().reverse()) await answersAs(snapshot.model, snapshot.reader);
  }
  for (const snapshot of snapshots) {
    expect(await entries(snapshot.reader, asked)).toEqual(snapshot.model.range(asked));
    snapshot.reader.close();
  }
}

/** Every key of the small space, those included that aren't there. */
async function answersAs(model: Model, reader: StoreReader): Promise<void> {
  expect(await entries(reader, everything)).toEqual(model.range(everything));
  const expected = new Map(model.range(everything));
  for (const name of names) {
    const value = reader.get(bytes(name));
    expect(value === undefined ? undefined : Buffer.from(value).toString('latin1')).toBe(expected.get(name));
  }
}

describe('a store in memory', () => {
  test('behaves like a sorted map, its snapshots like older ones', async () => {
    await fc.assert(
      fc.asyncProperty(history, range, (batches, asked) => behavesLikeAMap(memoryStore(), batches, asked)),
    );
  });
});

describe('a store with a cache before it', () => {
  const limits = fc.record({
    entries: fc.integer({ min: 1, max: 30 }),
    largestValue: fc.integer({ min: 0, max: 3 }),
  });

  test('behaves like a sorted map, its snapshots like older ones', async () => {
    await fc.assert(
      fc.asyncProperty(history, range, limits, (batches, asked, limit) =>
        behavesLikeAMap(cached(memoryStore(), limit), batches, asked),
      ),
    );
  });

  test('asks the store once for a key that does not change', async () => {
    const store = memoryStore();
    let asked = 0;
    const counting: Store = {
      ...{ get: (key) => store.get(key), iterate: (asking) => store.iterate(asking) },
      ...{ write: (writes) => store.write(writes), close: () => store.close() },
      snapshot: () => {
        const snapshot = store.snapshot();
        return {
          get: (key) => {
            asked += 1;
            return snapshot.get(key);
          },
          iterate: (asking) => snapshot.iterate(asking),
          close: () => snapshot.close(),
        };
      },
    };
    const kept = cached(counting);
    await kept.write([{ key: bytes('written'), value: bytes('1') }]);
    for (const name of ['written', 'absent', 'written', 'absent']) kept.snapshot().get(bytes(name));
    expect(asked).toBe(1);
  });
});

describe('a store on disk', () => {
  let directory: string;
  let store: Store;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'store-'));
    store = await levelStore(directory);
  });

  afterAll(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('behaves like a sorted map, its snapshots like older ones', async () => {
    await fc.assert(
      fc.asyncProperty(history, range, (batches, asked) => behavesLikeAMap(store, batches, asked)),
      { numRuns: 50 },
    );
  });

  test('is there again when it is opened again', async () => {
    await store.write([{ key: bytes('kept'), value: bytes('value') }]);
    await store.close();
    store = await levelStore(directory);
    expect(Buffer.from(store.get(bytes('kept')) ?? []).toString()).toBe('value');
    expect(store.get(bytes('absent'))).toBeUndefined();
  });

  test('belongs to one process at a time', async () => {
    await expect(levelStore(directory)).rejects.toThrow();
  });
});

test('ordered keys find neighbours as a sorted array does', () => {
  const names = fc.array(fc.string({ maxLength: 3 }), { maxLength: 2000 });
  fc.assert(
    fc.property(names, names, fc.string({ maxLength: 3 }), (added, removed, asked) => {
      const keys = new OrderedKeys();
      const set = new Set(added);
      for (const name of set) keys.add(name);
      for (const name of removed) {
        keys.delete(name);
        set.delete(name);
      }
      const sorted = [...set].sort((a, b) => (a < b ? -1 : 1));
      expect(keys.ceiling(asked)).toBe(sorted.find((name) => name >= asked));
      expect(keys.below(asked)).toBe(sorted.filter((name) => name < asked).at(-1));
    }),
    { numRuns: 30 },
  );
});
