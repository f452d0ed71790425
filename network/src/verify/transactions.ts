/** Validation codes are recomputed, never believed: no orderer signs them, each peer writes its own. */
import { common } from '@hyperledger/fabric-protos';
import { BlockReplay, codeName, type ValidatedTransaction } from 'umlauf-embedded';
import { isConfigBlock } from 'umlauf-channel';
import type { ChainBlock } from './chain.js';
import type { Finder } from './report.js';
import { reasonOf, sameBytes } from './text.js';

const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
const { CONFIG } = common.HeaderType;
const VALID = 0;

export const isValid = ({ code }: ValidatedTransaction): boolean => code === VALID;

/** How a transaction is named in findings: its id, or its place in the block where it has none. */
export const transactionName = ({ id }: ValidatedTransaction, index: number): string =>
  id === '' ? `#${index}` : id;

export class TransactionCheck {
  readonly #replay = new BlockReplay();
  readonly #find: Finder;
  #stateDiffers = false;

  constructor(find: Finder) {
    this.#find = find;
  }

  /** Who has approved the chaincode's definition, as of the blocks so far. */
  approvals(chaincode: string, config: ChainBlock['config']): ReadonlyMap<string, boolean> | undefined {
    return this.#replay.approvals(chaincode, config);
  }

  /** Validates the transactions of the next block, and compares with what the block says of them. */
  async take(place: ChainBlock): Promise<readonly ValidatedTransaction[]> {
    const { block, config, number } = place;
    const { transactions, commitHash } = await this.#replay.apply(block, config);
    const entries = block.getMetadata()?.getMetadataList_asU8() ?? [];
    this.#compareCodes(transactions, entries[TRANSACTIONS_FILTER] ?? new Uint8Array(), number);
    this.#compareHash(commitHash, entries[COMMIT_HASH] ?? new Uint8Array(), number);
    if (!isConfigBlock(block))
      for (const [index, transaction] of transactions.entries())
        if (transaction.opened?.channelHeader.getType() === CONFIG)
          this.#find({
            check: 'configuration',
            message: 'a configuration stands among other transactions',
            block: number,
            transaction: transactionName(transaction, index),
          });
    return transactions;
  }

  #compareCodes(transactions: readonly ValidatedTransaction[], recorded: Uint8Array, block: number): void {
    if (recorded.length !== transactions.length)
      this.#find({
        check: 'validation-code',
        message: `records ${recorded.length} validation codes for ${transactions.length} transactions`,
        block,
      });
    for (const [index, transaction] of transactions.entries()) {
      const said = recorded[index];
      if (said === undefined || said === transaction.code) continue;
      this.#find({
        check: 'validation-code',
        message: `is recorded as ${codeName(said)} (${said}), but is ${codeName(transaction.code)} (${transaction.code})`,
        block,
        transaction: transactionName(transaction, index),
      });
    }
  }

  /** A peer whose state came apart from the others' shows it here; said once, since every later hash contains it. */
  #compareHash(computed: Uint8Array, entry: Uint8Array, block: number): void {
    if (this.#stateDiffers || sameBytes(recordedHash(entry), computed)) return;
    this.#stateDiffers = true;
    this.#find({
      check: 'commit-hash',
      message: 'the peer kept another commit hash: its state differs from what the transactions lead to',
      block,
    });
  }
}

function recordedHash(entry: Uint8Array): Uint8Array {
  try {
    return common.Metadata.deserializeBinary(entry).getValue_asU8();
  } catch (error) {
    return Buffer.from(reasonOf(error));
  }
}
