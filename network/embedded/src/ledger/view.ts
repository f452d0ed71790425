/** One consistent height of the ledger: what a simulation or a validation reads (Fabric: a query executor). */
import { ledger } from '@hyperledger/fabric-protos';
import type { StoreIterator, StoreSnapshot } from '../store/store.js';
import { hashedStateKey, historyRange, keyOfState, privateStateKey, stateKey, stateRange } from './keys.js';
import { decodeVersionedValue } from './version.js';
import type { StateEntry, VersionedValue } from './version.js';

/** Reads results one by one; `close` may come before the end. */
export interface ResultsIterator<T> {
  next(): Promise<T | undefined>;
  close(): Promise<void>;
}

export interface StateReader {
  get(namespace: string, key: string): VersionedValue | undefined;
  /** Entries in byte order from `start` (included) to `end` (excluded; empty: to the end). */
  range(namespace: string, start: string, end: string): ResultsIterator<StateEntry>;
  /** The public hash of a private value, by the SHA-256 of its key. */
  getHash(namespace: string, collection: string, keyHash: Uint8Array): VersionedValue | undefined;
}

export class LedgerView implements StateReader {
  /** Number of blocks that this view holds. */
  readonly height: number;
  readonly #snapshot: StoreSnapshot;

  constructor(height: number, snapshot: StoreSnapshot) {
    this.height = height;
    this.#snapshot = snapshot;
  }

  get(namespace: string, key: string): VersionedValue | undefined {
    return decode(this.#snapshot.get(stateKey(namespace, key)));
  }

  getHash(namespace: string, collection: string, keyHash: Uint8Array): VersionedValue | undefined {
    return decode(this.#snapshot.get(hashedStateKey(namespace, collection, keyHash)));
  }

  getPrivate(namespace: string, collection: string, key: string): VersionedValue | undefined {
    return decode(this.#snapshot.get(privateStateKey(namespace, collection, key)));
  }

  range(namespace: string, start: string, end: string): ResultsIterator<StateEntry> {
    const range = stateRange(namespace, start, end);
    // An end before the start is an empty range, as with LevelDB.
    if (Buffer.compare(range.start, range.end) > 0) return empty;
    return map(this.#snapshot.iterate(range), ({ key, value }) => ({
      key: keyOfState(namespace, key),
      ...decodeVersionedValue(value),
    }));
  }

  /** Every write to a key, newest first (Fabric's history database reads from newest to oldest). */
  history(namespace: string, key: string): ResultsIterator<ledger.queryresult.KeyModification> {
    const iterator = this.#snapshot.iterate({ ...historyRange(namespace, key), reverse: true });
    return map(iterator, ({ value }) => ledger.queryresult.KeyModification.deserializeBinary(value));
  }

  close(): void {
    this.#snapshot.close();
  }
}

const decode = (bytes: Uint8Array | undefined): VersionedValue | undefined =>
  bytes === undefined ? undefined : decodeVersionedValue(bytes);

const empty: ResultsIterator<never> = {
  next: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
};

function map<T>(
  iterator: StoreIterator,
  convert: (entry: { key: Uint8Array; value: Uint8Array }) => T,
): ResultsIterator<T> {
  return {
    next: async () => {
      const entry = await iterator.next();
      return entry === undefined ? undefined : convert(entry);
    },
    close: () => iterator.close(),
  };
}
