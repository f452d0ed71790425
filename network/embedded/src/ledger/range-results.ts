/**
 * What a read set keeps of a range query so that phantoms can be found at commit (Fabric: RangeQueryResultsHelper):
 * up to `degree` results as they are, more of them as hashes of a Merkle tree whose nodes have `degree + 1` children.
 */
import { createHash } from 'node:crypto';
import { ledger } from '@hyperledger/fabric-protos';

const { KVRead, QueryReads, QueryReadsMerkleSummary, Version: ProtoVersion } = ledger.rwset.kvrwset;

/** Fabric's `maxDegreeQueryReadsHashing`. */
const MERKLE_DEGREE = 50;

type Read = ledger.rwset.kvrwset.KVRead;
type Summary = ledger.rwset.kvrwset.QueryReadsMerkleSummary;

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** A key with the version that was read; without a version the key didn't exist. */
export function kvRead(key: string, version: { block: number; transaction: number } | undefined): Read {
  const read = new KVRead();
  read.setKey(key);
  if (version !== undefined) {
    const proto = new ProtoVersion();
    proto.setBlockNum(version.block);
    proto.setTxNum(version.transaction);
    read.setVersion(proto);
  }
  return read;
}

export class RangeResults {
  readonly #degree: number;
  #pending: Read[] = [];
  /** Hashes by level; level 1 holds the hashes of the results themselves. */
  readonly #levels = new Map<number, Buffer[]>();
  #maxLevel = 1;

  constructor(degree = MERKLE_DEGREE) {
    this.#degree = degree;
  }

  add(read: Read): void {
    this.#pending.push(read);
    if (this.#pending.length > this.#degree) this.#hashPending();
  }

  /** The tree as it stands, for a comparison while results still come. */
  summary(): Summary {
    const summary = new QueryReadsMerkleSummary();
    summary.setMaxDegree(this.#degree);
    summary.setMaxLevel(this.#maxLevel);
    summary.setMaxLevelHashesList(this.#levels.get(this.#maxLevel) ?? []);
    return summary;
  }

  /** Ends the query: either the raw reads, or the summary of the tree if there were more than `degree`. */
  done(): { reads: Read[] } | { summary: Summary } {
    if (this.#levels.size === 0) return { reads: this.#pending };
    if (this.#pending.length > 0) this.#hashPending();
    this.#complete();
    return { summary: this.summary() };
  }

  #hashPending(): void {
    const reads = new QueryReads();
    reads.setKvReadsList(this.#pending);
    this.#pending = [];
    this.#push(1, sha256(reads.serializeBinary()));
    for (let level = 1; this.#level(level).length > this.#degree; level += 1) this.#collapse(level);
  }

  /** Carries what is left on lower levels up to the highest one. */
  #complete(): void {
    for (let level = 1; level < this.#maxLevel; level += 1) {
      const hashes = this.#level(level);
      const [only] = hashes;
      if (only === undefined) continue;
      if (hashes.length > 1) {
        this.#collapse(level);
        continue;
      }
      this.#levels.delete(level);
      this.#push(level + 1, only);
    }
    if (this.#level(this.#maxLevel).length > this.#degree) this.#collapse(this.#maxLevel);
  }

  #collapse(level: number): void {
    const hash = sha256(Buffer.concat(this.#level(level)));
    this.#levels.delete(level);
    this.#push(level + 1, hash);
  }

  #push(level: number, hash: Buffer): void {
    this.#levels.set(level, [...this.#level(level), hash]);
    this.#maxLevel = Math.max(this.#maxLevel, level);
  }

  #level(level: number): Buffer[] {
    return this.#levels.get(level) ?? [];
  }
}
