/**
 * Keeps what was read or written lately in memory, in front of a slower store. Only reads through snapshots use it:
 * simulation and validation ask for the same few keys again and again, each organization for itself.
 *
 * Batches are numbered. An entry says from which batch on it holds, and the newest one always holds until now, so a
 * snapshot may use every entry that is not younger than itself.
 */
import type { Store, StoreSnapshot, StoreWrite } from './store.js';

interface Entry {
  readonly value: Uint8Array | undefined;
  /** Number of the batch after which the key has this value, at the latest. */
  readonly since: number;
}

export interface CacheLimits {
  readonly entries: number;
  /** Bytes; larger values are not kept. */
  readonly largestValue: number;
}

const LIMITS: CacheLimits = { entries: 20_000, largestValue: 16 * 1024 };

export function cached(store: Store, limits: CacheLimits = LIMITS): Store {
  return new CachedStore(store, limits);
}

class CachedStore implements Store {
  readonly #store: Store;
  readonly #limits: CacheLimits;
  readonly #entries = new Map<string, Entry>();
  #batch = 0;
  #writing = 0;

  constructor(store: Store, limits: CacheLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(key);
  }

  iterate: Store['iterate'] = (range) => this.#store.iterate(range);

  snapshot(): StoreSnapshot {
    const snapshot = this.#store.snapshot();
    // Nobody can say whether it holds the batch that is being written.
    if (this.#writing > 0) return snapshot;
    const batch = this.#batch;
    return {
      get: (key) => this.#get(key, snapshot, batch),
      iterate: (range) => snapshot.iterate(range),
      close: () => snapshot.close(),
    };
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    this.#writing += 1;
    try {
      await this.#store.write(writes);
      this.#batch += 1;
      for (const { key, value } of writes) this.#keep(nameOf(key), { value, since: this.#batch });
    } finally {
      this.#writing -= 1;
    }
  }

  async close(): Promise<void> {
    this.#entries.clear();
    await this.#store.close();
  }

  #get(key: Uint8Array, snapshot: StoreSnapshot, batch: number): Uint8Array | undefined {
    const name = nameOf(key);
    const entry = this.#entries.get(name);
    if (entry !== undefined && entry.since <= batch) return entry.value;
    const value = snapshot.get(key);
    if (batch === this.#batch) this.#keep(name, { value, since: batch });
    return value;
  }

  #keep(name: string, entry: Entry): void {
    this.#entries.delete(name);
    if ((entry.value?.length ?? 0) > this.#limits.largestValue) return;
    this.#entries.set(name, entry);
    if (this.#entries.size <= this.#limits.entries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

const nameOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
