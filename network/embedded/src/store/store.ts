/**
 * The ordered key-value store below the ledger. Fabric keeps blocks in files and indexes in LevelDB; here
 * everything of a block (envelopes, index, state, history) is one batch, so a crash can't fall between them.
 */

/** One change of a batch; without a value the key is removed. */
export interface StoreWrite {
  readonly key: Uint8Array;
  readonly value?: Uint8Array | undefined;
}

export interface StoreEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Keys from `start` (included) to `end` (excluded) in byte order, or downwards with `reverse`. */
export interface StoreRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly reverse?: boolean;
}

export interface StoreIterator {
  /** The next entry, `undefined` at the end. */
  next(): Promise<StoreEntry | undefined>;
  close(): Promise<void>;
}

export interface StoreReader {
  get(key: Uint8Array): Uint8Array | undefined;
  iterate(range: StoreRange): StoreIterator;
}

/** A view that later batches don't change. Close it: an open one keeps old values alive. */
export interface StoreSnapshot extends StoreReader {
  close(): void;
}

export interface Store extends StoreReader {
  snapshot(): StoreSnapshot;
  /** All changes or none; when it resolves they survive the end of the process. */
  write(batch: readonly StoreWrite[]): Promise<void>;
  close(): Promise<void>;
}
