/**
 * Runs a proposal against one height of the state and records what it reads and writes (Fabric: txSimulator). It
 * shows no write of its own (no read-your-writes) and changes nothing.
 */
import { createHash } from 'node:crypto';
import { ledger } from '@hyperledger/fabric-protos';
import { decodeMetadata, keyPolicy } from './metadata.js';
import { kvRead, RangeResults } from './range-results.js';
import { RwSetBuilder } from './rwset-builder.js';
import type { LedgerView, ResultsIterator } from './view.js';
import type { StateEntry } from './version.js';

const { RangeQueryInfo, QueryReads } = ledger.rwset.kvrwset;

/** Yields results and, for a paginated query, where the next page begins. */
export interface QueryIterator<T> extends ResultsIterator<T> {
  /** The key of the next result (empty: none left); closes the iterator. */
  bookmark(): Promise<string>;
}

/** The keys written in a namespace, each with its present key-level policy if it has one. */
export type WrittenKeys = ReadonlyMap<string, ReadonlyMap<string, Uint8Array | undefined>>;

export class Simulator {
  readonly #view: LedgerView;
  readonly #transactionId: string;
  readonly #builder = new RwSetBuilder();
  readonly #written = new Map<string, Map<string, Uint8Array | undefined>>();
  readonly #ranges: { namespace: string; query: RecordedRange }[] = [];
  #wrote = false;
  #paginated = false;

  constructor(view: LedgerView, transactionId: string) {
    this.#view = view;
    this.#transactionId = transactionId;
  }

  get(namespace: string, key: string): Uint8Array | undefined {
    const entry = this.#view.get(namespace, key);
    this.#builder.read(namespace, key, entry?.version);
    return entry?.value;
  }

  getMetadata(namespace: string, key: string): ReadonlyMap<string, Uint8Array> {
    const entry = this.#view.get(namespace, key);
    this.#builder.read(namespace, key, entry?.version);
    return decodeMetadata(entry?.metadata);
  }

  put(namespace: string, key: string, value: Uint8Array): void {
    this.#beforeWrite(namespace, key);
    this.#builder.write(namespace, key, value);
  }

  putMetadata(namespace: string, key: string, entries: ReadonlyMap<string, Uint8Array>): void {
    this.#beforeWrite(namespace, key);
    this.#builder.writeMetadata(namespace, key, entries);
  }

  /** The public hash of a private value. */
  getHash(namespace: string, collection: string, key: string): Uint8Array | undefined {
    const entry = this.#view.getHash(namespace, collection, createHash('sha256').update(key).digest());
    this.#builder.readHash(namespace, collection, key, entry?.version);
    return entry?.value;
  }

  /** The private value itself; for code that runs on a peer of the collection's organizations. */
  getPrivate(namespace: string, collection: string, key: string): Uint8Array | undefined {
    const entry = this.#view.getPrivate(namespace, collection, key);
    this.#builder.readHash(namespace, collection, key, entry?.version);
    return entry?.value;
  }

  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array): void {
    this.#checkWritable();
    this.#builder.writePrivate(namespace, collection, key, value);
  }

  range(namespace: string, start: string, end: string): QueryIterator<StateEntry> {
    return this.#range(namespace, start, end, 0);
  }

  /** A page; Fabric allows these only in transactions that write nothing. */
  page(namespace: string, start: string, end: string, size: number): QueryIterator<StateEntry> {
    if (this.#wrote) {
      throw new Error(
        `txid [${this.#transactionId}]: unsuppored transaction. Paginated queries are supported only in a read-only transaction`,
      );
    }
    this.#paginated = true;
    return this.#range(namespace, start, end, size);
  }

  history(namespace: string, key: string): ResultsIterator<ledger.queryresult.KeyModification> {
    return this.#view.history(namespace, key);
  }

  get writtenKeys(): WrittenKeys {
    return this.#written;
  }

  /** Ends the simulation. */
  results(): {
    publicSet: ledger.rwset.TxReadWriteSet;
    privateSet: ledger.rwset.TxPvtReadWriteSet | undefined;
    namespaces: readonly string[];
  } {
    for (const { namespace, query } of this.#ranges) this.#builder.rangeQuery(namespace, query.info());
    return {
      publicSet: this.#builder.publicResults(),
      privateSet: this.#builder.privateResults(),
      namespaces: this.#builder.namespaces,
    };
  }

  #range(namespace: string, start: string, end: string, limit: number): QueryIterator<StateEntry> {
    const query = new RecordedRange(this.#view.range(namespace, start, end), start, end, limit);
    this.#ranges.push({ namespace, query });
    return query;
  }

  #beforeWrite(namespace: string, key: string): void {
    this.#checkWritable();
    const keys = this.#written.get(namespace) ?? new Map<string, Uint8Array | undefined>();
    this.#written.set(namespace, keys);
    keys.set(key, keyPolicy(this.#view.get(namespace, key)?.metadata));
  }

  #checkWritable(): void {
    if (this.#paginated) {
      throw new Error(
        `txid [${this.#transactionId}]: unsuppored transaction. Transaction has already performed a paginated query. Writes are not allowed`,
      );
    }
    this.#wrote = true;
  }
}

/** A range query that keeps what it has shown: the part of the range that must be the same at commit. */
class RecordedRange implements QueryIterator<StateEntry> {
  readonly #iterator: ResultsIterator<StateEntry>;
  readonly #results = new RangeResults();
  readonly #info = new RangeQueryInfo();
  readonly #end: string;
  readonly #limit: number;
  #returned = 0;

  constructor(iterator: ResultsIterator<StateEntry>, start: string, end: string, limit: number) {
    this.#iterator = iterator;
    this.#info.setStartKey(start);
    this.#end = end;
    this.#limit = limit;
  }

  async next(): Promise<StateEntry | undefined> {
    const entry = this.#limit > 0 && this.#returned >= this.#limit ? undefined : await this.#iterator.next();
    if (entry === undefined) {
      this.#info.setItrExhausted(true);
      this.#info.setEndKey(this.#end);
      return undefined;
    }
    this.#returned += 1;
    this.#results.add(kvRead(entry.key, entry.version));
    this.#info.setEndKey(entry.key);
    return entry;
  }

  async bookmark(): Promise<string> {
    const next = await this.#iterator.next();
    await this.close();
    return next?.key ?? '';
  }

  close(): Promise<void> {
    return this.#iterator.close();
  }

  info(): ledger.rwset.kvrwset.RangeQueryInfo {
    const done = this.#results.done();
    if ('summary' in done) this.#info.setReadsMerkleHashes(done.summary);
    else if (done.reads.length > 0) {
      const reads = new QueryReads();
      reads.setKvReadsList(done.reads);
      this.#info.setRawReads(reads);
    }
    return this.#info;
  }
}
