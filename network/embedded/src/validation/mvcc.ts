/**
 * Third part (Fabric: the validator of the transaction manager): are the versions that the transaction read still
 * the current ones, and do its range queries still give the same results? The first transaction of a block that
 * touches a key wins.
 */
import type { ledger } from '@hyperledger/fabric-protos';
import { kvRead, RangeResults } from '../ledger/range-results.js';
import { compareUtf8 } from '../ledger/updates.js';
import type { Updates } from '../ledger/updates.js';
import { sameVersion } from '../ledger/version.js';
import type { StateEntry, Version } from '../ledger/version.js';
import type { ResultsIterator, StateReader } from '../ledger/view.js';
import { Code } from '../protocol/codes.js';
import type { NamespaceRwSet } from '../protocol/envelope.js';

type Reads = ledger.rwset.kvrwset.KVRead;
type RangeQuery = ledger.rwset.kvrwset.RangeQueryInfo;

const toVersion = (proto: ledger.rwset.kvrwset.Version | undefined): Version | undefined =>
  proto === undefined ? undefined : { block: proto.getBlockNum(), transaction: proto.getTxNum() };

/** `VALID`, `MVCC_READ_CONFLICT` or `PHANTOM_READ_CONFLICT`. */
export async function checkReads(
  rwSet: readonly NamespaceRwSet[],
  state: StateReader,
  updates: Updates,
): Promise<Code> {
  for (const { namespace, set, collections } of rwSet) {
    const current = set.getReadsList().every((read) => {
      if (updates.get(namespace, '', read.getKey()) !== undefined) return false;
      return sameVersion(state.get(namespace, read.getKey())?.version, toVersion(read.getVersion()));
    });
    if (!current) return Code.MVCC_READ_CONFLICT;
    for (const query of set.getRangeQueriesInfoList()) {
      if (!(await sameRange(namespace, query, state, updates))) return Code.PHANTOM_READ_CONFLICT;
    }
    for (const { name, set: hashed } of collections) {
      const same = hashed.getHashedReadsList().every((read) => {
        const hash = read.getKeyHash_asU8();
        if (updates.get(namespace, name, Buffer.from(hash).toString('hex')) !== undefined) return false;
        const version = state.getHash(namespace, name, hash)?.version;
        return sameVersion(version, toVersion(read.getVersion()));
      });
      if (!same) return Code.MVCC_READ_CONFLICT;
    }
  }
  return Code.VALID;
}

async function sameRange(
  namespace: string,
  query: RangeQuery,
  state: StateReader,
  updates: Updates,
): Promise<boolean> {
  const results = merged(namespace, query, state, updates);
  const summary = query.getReadsMerkleHashes();
  try {
    if (summary === undefined) return await sameReads(query.getRawReads()?.getKvReadsList() ?? [], results);
    return await sameSummary(summary, results);
  } finally {
    await results.close();
  }
}

async function sameReads(reads: readonly Reads[], results: ResultsIterator<StateEntry>): Promise<boolean> {
  for (const read of reads) {
    const result = await results.next();
    if (result?.key !== read.getKey() || !sameVersion(result.version, toVersion(read.getVersion()))) {
      return false;
    }
  }
  return (await results.next()) === undefined;
}

async function sameSummary(
  expected: ledger.rwset.kvrwset.QueryReadsMerkleSummary,
  results: ResultsIterator<StateEntry>,
): Promise<boolean> {
  const tree = new RangeResults(expected.getMaxDegree());
  for (let result = await results.next(); result !== undefined; result = await results.next()) {
    tree.add(kvRead(result.key, result.version));
  }
  const done = tree.done();
  if (!('summary' in done)) return false;
  return Buffer.compare(done.summary.serializeBinary(), expected.serializeBinary()) === 0;
}

/** The state with the block's earlier updates laid over it (Fabric: combinedIterator). */
function merged(
  namespace: string,
  query: RangeQuery,
  state: StateReader,
  updates: Updates,
): ResultsIterator<StateEntry> {
  const start = query.getStartKey();
  const end = query.getEndKey();
  // Not exhausted: the end is the last key that the simulation saw, which belongs to what it read.
  const includeEnd = !query.getItrExhausted();
  const inRange = (key: string): boolean => {
    if (compareUtf8(key, start) < 0) return false;
    if (end === '') return true;
    const order = compareUtf8(key, end);
    return order < 0 || (includeEnd && order === 0);
  };
  const changed = [...updates.publicKeys(namespace)]
    .filter(([key]) => inRange(key))
    .sort(([a], [b]) => compareUtf8(a, b));
  const stored = state.range(namespace, start, includeEnd && end !== '' ? `${end}\0` : end);
  let ahead: StateEntry | undefined;
  let started = false;
  const next = async (): Promise<StateEntry | undefined> => {
    if (!started) ahead = await stored.next();
    started = true;
    for (;;) {
      const update = changed[0];
      const order = update === undefined ? 1 : ahead === undefined ? -1 : compareUtf8(update[0], ahead.key);
      if (update === undefined || order > 0) {
        const entry = ahead;
        if (entry !== undefined) ahead = await stored.next();
        return entry;
      }
      changed.shift();
      if (order === 0) ahead = await stored.next();
      const [key, { value, version }] = update;
      if (value !== undefined) return { key, value, version };
    }
  };
  return { next, close: () => stored.close() };
}
