/**
 * The channel's ledger: blocks, an index over transactions, world state, history. In Fabric every peer has its own
 * copy and comes to the same content by the same rules; here the organizations of one process share it.
 */
import { common } from '@hyperledger/fabric-protos';
import { blockHeaderHash } from 'umlauf-channel';
import type { Store, StoreReader, StoreWrite } from '../store/store.js';
import { blockHashKey, blockKey, historyKey, metaKey, transactionKey } from './keys.js';
import type { Updates } from './updates.js';
import { LedgerView } from './view.js';

/** Where a transaction stands in the chain and what validation said (peer.TxValidationCode). */
export interface TransactionLocation {
  readonly block: number;
  readonly index: number;
  readonly code: number;
}

export interface HistoryEntry {
  readonly namespace: string;
  readonly key: string;
  readonly transaction: number;
  /** A serialised `queryresult.KeyModification`. */
  readonly modification: Uint8Array;
}

/** A validated block with everything that follows from it. */
export interface BlockCommit {
  readonly block: common.Block;
  /** Id (empty: none) and validation code of each transaction. */
  readonly transactions: readonly { id: string; code: number }[];
  readonly updates: Updates;
  readonly history: readonly HistoryEntry[];
  /** Further records that must survive with the block. */
  readonly extra?: readonly StoreWrite[];
}

const RECENT_BLOCKS = 64;

export class Ledger {
  readonly #store: Store;
  readonly #listeners = new Set<(commit: BlockCommit) => void>();
  readonly #recent = new Map<number, common.Block>();
  #height: number;
  #lastHash: Uint8Array;

  private constructor(
    readonly channelId: string,
    store: Store,
    height: number,
    lastHash: Uint8Array,
  ) {
    this.#store = store;
    this.#height = height;
    this.#lastHash = lastHash;
  }

  static open(channelId: string, store: Store): Ledger {
    const height = heightOf(store);
    const last = height === 0 ? undefined : store.get(blockKey(height - 1));
    const header = last === undefined ? undefined : common.Block.deserializeBinary(last).getHeader();
    return new Ledger(
      channelId,
      store,
      height,
      header === undefined ? new Uint8Array() : blockHeaderHash(header),
    );
  }

  get height(): number {
    return this.#height;
  }

  /** Hash of the last block's header; empty before the first block. */
  get lastHash(): Uint8Array {
    return this.#lastHash;
  }

  /** A consistent view of the state as of now. Close it. */
  view(): LedgerView {
    const snapshot = this.#store.snapshot();
    return new LedgerView(heightOf(snapshot), snapshot);
  }

  block(number: number): common.Block | undefined {
    const recent = this.#recent.get(number);
    if (recent !== undefined) return recent;
    if (number >= this.#height) return undefined;
    const bytes = this.#store.get(blockKey(number));
    return bytes === undefined ? undefined : common.Block.deserializeBinary(bytes);
  }

  blockNumberByHash(hash: Uint8Array): number | undefined {
    const bytes = this.#store.get(blockHashKey(hash));
    return bytes === undefined ? undefined : Number(Buffer.from(bytes).readBigUInt64BE());
  }

  /** Where the first transaction with this id stands (a later one with the same id is never valid). */
  transaction(id: string): TransactionLocation | undefined {
    const bytes = id === '' ? undefined : this.#store.get(transactionKey(id));
    if (bytes === undefined) return undefined;
    const buffer = Buffer.from(bytes);
    return {
      block: Number(buffer.readBigUInt64BE(0)),
      index: buffer.readUInt32BE(8),
      code: buffer.readUInt8(12),
    };
  }

  /** Reads a record that was stored beside the blocks. */
  record(name: string): Uint8Array | undefined {
    return this.#store.get(metaKey(name));
  }

  /** Called after each block, in order, when its state can be read. Returns how to stop it. */
  onCommit(listener: (commit: BlockCommit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Appends the next block: one batch, durable when it resolves.
   * @param stored called when the block is stored, before anyone is told of it
   */
  async append(commit: BlockCommit, stored: () => void): Promise<void> {
    const header = commit.block.getHeader();
    const number = header?.getNumber();
    if (header === undefined || number !== this.#height) {
      throw new Error(`block ${String(number)} doesn't follow block ${String(this.#height - 1)}`);
    }
    const hash = blockHeaderHash(header);
    await this.#store.write([
      { key: blockKey(number), value: commit.block.serializeBinary() },
      { key: blockHashKey(hash), value: number64(number) },
      { key: metaKey('height'), value: number64(number + 1) },
      ...this.#transactionIndex(commit, number),
      ...commit.history.map(({ namespace, key, transaction, modification }) => ({
        key: historyKey(namespace, key, number, transaction),
        value: modification,
      })),
      ...commit.updates.toWrites(),
      ...(commit.extra ?? []),
    ]);
    this.#height = number + 1;
    this.#lastHash = hash;
    this.#recent.set(number, commit.block);
    this.#recent.delete(number - RECENT_BLOCKS);
    stored();
    for (const listener of [...this.#listeners]) listener(commit);
  }

  #transactionIndex(commit: BlockCommit, block: number): StoreWrite[] {
    const seen = new Set<string>();
    return commit.transactions.flatMap(({ id, code }, index) => {
      if (id === '' || seen.has(id) || this.transaction(id) !== undefined) return [];
      seen.add(id);
      const value = Buffer.alloc(13);
      value.writeBigUInt64BE(BigInt(block), 0);
      value.writeUInt32BE(index, 8);
      value.writeUInt8(code, 12);
      return [{ key: transactionKey(id), value }];
    });
  }
}

function heightOf(reader: StoreReader): number {
  const bytes = reader.get(metaKey('height'));
  return bytes === undefined ? 0 : Number(Buffer.from(bytes).readBigUInt64BE());
}

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
