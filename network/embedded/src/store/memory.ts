/** A store that lives in memory, for tests. Values keep their versions as long as a snapshot needs them. */
import { OrderedKeys } from './ordered-keys.js';
import type { Store, StoreEntry, StoreIterator, StoreRange, StoreSnapshot, StoreWrite } from './store.js';

interface Version {
  readonly sequence: number;
  readonly value: Uint8Array | undefined;
}

export function memoryStore(): Store {
  return new MemoryStore();
}

// Keys as latin1 strings: one character a byte, so that string order is byte order.
const toText = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
const toBytes = (key: string): Uint8Array => Buffer.from(key, 'latin1');

class MemoryStore implements Store {
  readonly #versions = new Map<string, Version[]>();
  readonly #keys = new OrderedKeys();
  readonly #open = new Map<number, number>();
  /** Keys whose last version is a deletion. */
  readonly #deleted = new Set<string>();
  #sequence = 0;

  get(key: Uint8Array): Uint8Array | undefined {
    return this.read(toText(key), this.#sequence);
  }

  iterate(range: StoreRange): StoreIterator {
    return this.#iterator(range, this.#sequence);
  }

  snapshot(): StoreSnapshot {
    const sequence = this.#sequence;
    this.#open.set(sequence, (this.#open.get(sequence) ?? 0) + 1);
    let closed = false;
    return {
      get: (key) => this.read(toText(key), sequence),
      iterate: (range) => this.#iterator(range, sequence),
      close: () => {
        if (closed) return;
        closed = true;
        const left = (this.#open.get(sequence) ?? 1) - 1;
        if (left === 0) this.#open.delete(sequence);
        else this.#open.set(sequence, left);
      },
    };
  }

  write(batch: readonly StoreWrite[]): Promise<void> {
    const oldest = Math.min(this.#sequence, ...this.#open.keys());
    this.#sequence += 1;
    this.#sweep(oldest);
    for (const { key, value } of batch) this.#put(toText(key), value, oldest);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The value that a reader at this sequence sees. */
  read(key: string, sequence: number): Uint8Array | undefined {
    const versions = this.#versions.get(key);
    if (versions === undefined) return undefined;
    for (let index = versions.length - 1; index >= 0; index -= 1) {
      const version = versions[index];
      if (version !== undefined && version.sequence <= sequence) return version.value;
    }
    return undefined;
  }

  #put(key: string, value: Uint8Array | undefined, oldest: number): void {
    const versions = this.#versions.get(key);
    const version = { sequence: this.#sequence, value };
    if (value === undefined) this.#deleted.add(key);
    if (versions === undefined) {
      this.#keys.add(key);
      this.#versions.set(key, [version]);
      return;
    }
    versions.push(version);
    // What the oldest reader no longer reaches goes.
    while (versions.length > 1 && (versions[1]?.sequence ?? Infinity) <= oldest) versions.shift();
  }

  /** Forgets keys that every reader sees deleted. */
  #sweep(oldest: number): void {
    for (const key of this.#deleted) {
      const last = this.#versions.get(key)?.at(-1);
      if (last?.value === undefined && (last?.sequence ?? 0) > oldest) continue;
      this.#deleted.delete(key);
      if (last?.value !== undefined) continue;
      this.#versions.delete(key);
      this.#keys.delete(key);
    }
  }

  #iterator(range: StoreRange, sequence: number): StoreIterator {
    const start = toText(range.start);
    const end = toText(range.end);
    let last: string | undefined;
    const step = (): string | undefined => {
      if (range.reverse === true) {
        const key = this.#keys.below(last ?? end);
        return key !== undefined && key >= start ? key : undefined;
      }
      // The first possible string after `last` is `last` with a zero byte.
      const key = this.#keys.ceiling(last === undefined ? start : `${last}\0`);
      return key !== undefined && key < end ? key : undefined;
    };
    const next = (): StoreEntry | undefined => {
      for (let key = step(); key !== undefined; key = step()) {
        last = key;
        const value = this.read(key, sequence);
        if (value !== undefined) return { key: toBytes(key), value };
      }
      return undefined;
    };
    return { next: () => Promise.resolve(next()), close: () => Promise.resolve() };
  }
}
