/** What the valid transactions of one block change in the state (Fabric: statedb.UpdateBatch). */
import { hashedStateKey, privateStateKey, stateKey } from './keys.js';
import type { StoreWrite } from '../store/store.js';
import { encodeVersionedValue } from './version.js';
import type { Version } from './version.js';

/** Without a value the key is deleted. */
export interface Update {
  readonly value?: Uint8Array;
  readonly metadata?: Uint8Array;
  readonly version: Version;
}

/** Namespace, collection (empty: public state), key (of a collection: the hex SHA-256 of the key). */
export class Updates {
  readonly #byNamespace = new Map<string, Map<string, Map<string, Update>>>();
  readonly #private: StoreWrite[] = [];

  get(namespace: string, collection: string, key: string): Update | undefined {
    return this.#byNamespace.get(namespace)?.get(collection)?.get(key);
  }

  set(namespace: string, collection: string, key: string, update: Update): void {
    const collections = this.#byNamespace.get(namespace) ?? new Map<string, Map<string, Update>>();
    this.#byNamespace.set(namespace, collections);
    const keys = collections.get(collection) ?? new Map<string, Update>();
    collections.set(collection, keys);
    keys.set(key, update);
  }

  /** The private value behind a hash, for the peers that hold it. */
  setPrivate(namespace: string, collection: string, key: string, { value, version }: Update): void {
    const stored = privateStateKey(namespace, collection, key);
    this.#private.push(
      value === undefined
        ? { key: stored }
        : { key: stored, value: encodeVersionedValue({ value, version }) },
    );
  }

  /** Whether anything of a namespace changes. */
  touches(namespace: string): boolean {
    return this.#byNamespace.has(namespace);
  }

  /** Keys of the public state of a namespace that this batch touches, with their updates. */
  publicKeys(namespace: string): ReadonlyMap<string, Update> {
    return this.#byNamespace.get(namespace)?.get('') ?? new Map<string, Update>();
  }

  /** Namespaces, collections and keys in the order of their names. */
  *sorted(): Generator<[namespace: string, collection: string, key: string, update: Update]> {
    for (const [namespace, collections] of sortedEntries(this.#byNamespace)) {
      for (const [collection, keys] of sortedEntries(collections)) {
        for (const [key, update] of sortedEntries(keys)) yield [namespace, collection, key, update];
      }
    }
  }

  toWrites(): StoreWrite[] {
    const writes = [...this.#private];
    for (const [namespace, collections] of this.#byNamespace) {
      for (const [collection, keys] of collections) {
        for (const [key, { value, metadata, version }] of keys) {
          const stored =
            collection === ''
              ? stateKey(namespace, key)
              : hashedStateKey(namespace, collection, Buffer.from(key, 'hex'));
          if (value === undefined) writes.push({ key: stored });
          else {
            const entry = metadata === undefined ? { value, version } : { value, metadata, version };
            writes.push({ key: stored, value: encodeVersionedValue(entry) });
          }
        }
      }
    }
    return writes;
  }
}

const bytes = (value: string): Buffer => Buffer.from(value, 'utf8');

/** In the order of the UTF-8 bytes of the names, as Go sorts strings. */
export function sortedEntries<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b));
}

/** Compares as Go does: by UTF-8 bytes. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  // Surrogates are the only characters whose UTF-16 order differs.
  if (/^[\u0000-\ud7ff]*$/u.test(a) && /^[\u0000-\ud7ff]*$/u.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(bytes(a), bytes(b));
}
