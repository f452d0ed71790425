/**
 * Collects what a simulation reads and writes, in Fabric's format and order (Fabric: RWSetBuilder), so that every
 * honest endorser of a proposal comes to the same bytes.
 */
import { createHash } from 'node:crypto';
import { ledger } from '@hyperledger/fabric-protos';
import { kvRead } from './range-results.js';
import { sortedEntries } from './updates.js';
import type { Version } from './version.js';

const { rwset } = ledger;
const { kvrwset } = rwset;

type RangeQuery = ledger.rwset.kvrwset.RangeQueryInfo;
type KVWrite = ledger.rwset.kvrwset.KVWrite;
type KVMetadataWrite = ledger.rwset.kvrwset.KVMetadataWrite;

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

interface Collection {
  readonly reads: Map<string, Version | undefined>;
  readonly writes: Map<string, Uint8Array>;
}

class Namespace {
  readonly reads = new Map<string, Version | undefined>();
  readonly writes = new Map<string, Uint8Array>();
  readonly metadataWrites = new Map<string, ReadonlyMap<string, Uint8Array>>();
  readonly rangeQueries = new Map<string, RangeQuery>();
  readonly collections = new Map<string, Collection>();

  collection(name: string): Collection {
    const found = this.collections.get(name) ?? { reads: new Map(), writes: new Map() };
    this.collections.set(name, found);
    return found;
  }
}

export class RwSetBuilder {
  readonly #namespaces = new Map<string, Namespace>();

  read(namespace: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).reads.set(key, version);
  }

  /** An empty value deletes the key. */
  write(namespace: string, key: string, value: Uint8Array): void {
    this.#namespace(namespace).writes.set(key, value);
  }

  /** Replaces the key's metadata as a whole; an empty map removes it. */
  writeMetadata(namespace: string, key: string, entries: ReadonlyMap<string, Uint8Array>): void {
    this.#namespace(namespace).metadataWrites.set(key, entries);
  }

  rangeQuery(namespace: string, query: RangeQuery): void {
    const key = JSON.stringify([query.getStartKey(), query.getEndKey(), query.getItrExhausted()]);
    const queries = this.#namespace(namespace).rangeQueries;
    if (!queries.has(key)) queries.set(key, query);
  }

  readHash(namespace: string, collection: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).collection(collection).reads.set(key, version);
  }

  writePrivate(namespace: string, collection: string, key: string, value: Uint8Array): void {
    this.#namespace(namespace).collection(collection).writes.set(key, value);
  }

  /** Namespaces that were read or written. */
  get namespaces(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  /** The public part: private values only as hashes. */
  publicResults(): ledger.rwset.TxReadWriteSet {
    const set = new rwset.TxReadWriteSet();
    set.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
    for (const [name, namespace] of sortedEntries(this.#namespaces)) {
      const entry = set.addNsRwset();
      entry.setNamespace(name);
      entry.setRwset(publicSet(namespace).serializeBinary());
      for (const [collectionName, collection] of sortedEntries(namespace.collections)) {
        const hashed = entry.addCollectionHashedRwset();
        hashed.setCollectionName(collectionName);
        hashed.setHashedRwset(hashedSet(collection).serializeBinary());
        if (collection.writes.size > 0) {
          hashed.setPvtRwsetHash(sha256(privateSet(collection).serializeBinary()));
        }
      }
    }
    return set;
  }

  /** The private part, which travels beside the transaction; `undefined` if nothing private was written. */
  privateResults(): ledger.rwset.TxPvtReadWriteSet | undefined {
    const set = new rwset.TxPvtReadWriteSet();
    for (const [name, namespace] of sortedEntries(this.#namespaces)) {
      const written = sortedEntries(namespace.collections).filter(([, { writes }]) => writes.size > 0);
      if (written.length === 0) continue;
      const entry = set.addNsPvtRwset();
      entry.setNamespace(name);
      for (const [collectionName, collection] of written) {
        const part = entry.addCollectionPvtRwset();
        part.setCollectionName(collectionName);
        part.setRwset(privateSet(collection).serializeBinary());
      }
    }
    return set.getNsPvtRwsetList().length === 0 ? undefined : set;
  }

  #namespace(name: string): Namespace {
    const found = this.#namespaces.get(name) ?? new Namespace();
    this.#namespaces.set(name, found);
    return found;
  }
}

function publicSet(namespace: Namespace): ledger.rwset.kvrwset.KVRWSet {
  const set = new kvrwset.KVRWSet();
  set.setReadsList(sortedEntries(namespace.reads).map(([key, version]) => kvRead(key, version)));
  set.setRangeQueriesInfoList([...namespace.rangeQueries.values()]);
  set.setWritesList(sortedEntries(namespace.writes).map(([key, value]) => kvWrite(key, value)));
  set.setMetadataWritesList(
    sortedEntries(namespace.metadataWrites).map(([key, entries]) => metadataWrite(key, entries)),
  );
  return set;
}

function hashedSet({ reads, writes }: Collection): ledger.rwset.kvrwset.HashedRWSet {
  const set = new kvrwset.HashedRWSet();
  for (const [key, version] of sortedEntries(reads)) {
    const read = set.addHashedReads();
    read.setKeyHash(sha256(key));
    const proto = kvRead('', version).getVersion();
    if (proto !== undefined) read.setVersion(proto);
  }
  for (const [key, value] of sortedEntries(writes)) {
    const write = set.addHashedWrites();
    write.setKeyHash(sha256(key));
    if (value.length === 0) write.setIsDelete(true);
    else write.setValueHash(sha256(value));
  }
  return set;
}

function privateSet({ writes }: Collection): ledger.rwset.kvrwset.KVRWSet {
  const set = new kvrwset.KVRWSet();
  set.setWritesList(sortedEntries(writes).map(([key, value]) => kvWrite(key, value)));
  return set;
}

function kvWrite(key: string, value: Uint8Array): KVWrite {
  const write = new kvrwset.KVWrite();
  write.setKey(key);
  write.setIsDelete(value.length === 0);
  write.setValue(value);
  return write;
}

function metadataWrite(key: string, entries: ReadonlyMap<string, Uint8Array>): KVMetadataWrite {
  const write = new kvrwset.KVMetadataWrite();
  write.setKey(key);
  for (const [name, value] of sortedEntries(entries)) {
    const entry = write.addEntries();
    entry.setName(name);
    entry.setValue(value);
  }
  return write;
}
