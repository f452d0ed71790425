/**
 * What a peer does with a block from the orderers: validates each transaction in order and works out the new state.
 * It depends on nothing but the block, the state before it and the channel's configuration, so all peers agree.
 */
import { common, ledger } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { BlockCommit, HistoryEntry } from '../ledger/ledger.js';
import { Updates } from '../ledger/updates.js';
import type { LedgerView } from '../ledger/view.js';
import { Code } from '../protocol/codes.js';
import { envelopesOf, openEnvelope } from '../protocol/envelope.js';
import type { NamespaceRwSet, OpenedEnvelope, TransactionAction } from '../protocol/envelope.js';
import { applyWrites } from './apply.js';
import { commitHash } from './commit-hash.js';
import { checkEndorsements, isConfig } from './endorsement-policies.js';
import { checkReads } from './mvcc.js';
import { wellFormed } from './well-formed.js';

export interface ValidationContext {
  readonly config: ChannelConfig;
  readonly view: LedgerView;
  /** Whether the chain already holds a transaction with this id. */
  readonly isKnown: (transactionId: string) => boolean;
  /** The commit hash of the block before; empty before block 1. */
  readonly previousCommitHash: Uint8Array;
}

export interface ValidatedBlock {
  readonly commit: BlockCommit;
  readonly commitHash: Uint8Array;
  /** What each transaction is, in order. */
  readonly transactions: readonly ValidatedTransaction[];
}

/** A transaction and what validation said; the rest as far as the envelope can be read. */
export interface ValidatedTransaction {
  /** Empty where it has none or it can't be read. */
  readonly id: string;
  readonly code: Code;
  readonly opened?: OpenedEnvelope;
  readonly action?: TransactionAction;
  /** Absent unless the endorsements are in order. */
  readonly rwSet?: readonly NamespaceRwSet[];
}

type Checked = { -readonly [K in keyof ValidatedTransaction]: ValidatedTransaction[K] };

/** Fills in the block's validation flags and commit hash. */
export async function validateBlock(
  block: common.Block,
  context: ValidationContext,
): Promise<ValidatedBlock> {
  const number = block.getHeader()?.getNumber() ?? 0;
  const changed = new Set<string>();
  const checked = envelopesOf(block).map((bytes) =>
    number === 0 ? genesisTransaction(bytes) : check(bytes, context, changed),
  );
  markDuplicates(checked);

  const updates = new Updates();
  const history: HistoryEntry[] = [];
  for (const [transaction, result] of checked.entries()) {
    const { rwSet, opened } = result;
    if (result.code !== Code.VALID || rwSet === undefined || opened === undefined) continue;
    result.code = await checkReads(rwSet, context.view, updates);
    if (result.code !== Code.VALID) continue;
    applyWrites(rwSet, { block: number, transaction }, context.view, updates);
    history.push(...historyOf(rwSet, opened, transaction));
  }

  const codes = Buffer.from(checked.map(({ code }) => code));
  const hash = number === 0 ? new Uint8Array() : commitHash(codes, updates, context.previousCommitHash);
  writeMetadata(block, codes, hash);
  const transactions = checked.map(({ id, code }) => ({ id, code }));
  return { commit: { block, transactions, updates, history }, commitHash: hash, transactions: checked };
}

/** Whoever joins a channel has decided to believe its genesis block; nobody has signed it. */
function genesisTransaction(bytes: Uint8Array): Checked {
  const opened = openEnvelope(common.Envelope.deserializeBinary(bytes));
  return { id: opened.channelHeader.getTxId(), code: Code.VALID, opened };
}

function check(bytes: Uint8Array, context: ValidationContext, changed: Set<string>): Checked {
  const formed = wellFormed(bytes, context.config);
  if ('code' in formed) return formed;
  const { id, opened, action } = formed;
  // The orderers have put the update through the same rules before they made the block.
  if (isConfig(opened) || action === undefined) return { id, opened, code: Code.VALID };
  if (context.isKnown(id)) return { id, opened, code: Code.DUPLICATE_TXID };
  const outcome = checkEndorsements(opened, action, {
    config: context.config,
    state: context.view,
    changed,
  });
  return { id, opened, action, ...outcome };
}

/** Of several valid transactions with one id in a block the first stays. */
function markDuplicates(checked: readonly Checked[]): void {
  const seen = new Set<string>();
  for (const transaction of checked) {
    if (transaction.code !== Code.VALID || transaction.id === '') continue;
    if (seen.has(transaction.id)) transaction.code = Code.DUPLICATE_TXID;
    seen.add(transaction.id);
  }
}

function historyOf(
  rwSet: readonly NamespaceRwSet[],
  { channelHeader }: OpenedEnvelope,
  transaction: number,
): HistoryEntry[] {
  return rwSet.flatMap(({ namespace, set }) =>
    set.getWritesList().map((write) => {
      const modification = new ledger.queryresult.KeyModification();
      modification.setTxId(channelHeader.getTxId());
      modification.setValue(write.getValue_asU8());
      modification.setTimestamp(channelHeader.getTimestamp());
      modification.setIsDelete(write.getIsDelete() || write.getValue_asU8().length === 0);
      return { namespace, key: write.getKey(), transaction, modification: modification.serializeBinary() };
    }),
  );
}

function writeMetadata(block: common.Block, codes: Uint8Array, hash: Uint8Array): void {
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const entries = metadata.getMetadataList_asU8();
  const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
  while (entries.length <= COMMIT_HASH) entries.push(new Uint8Array());
  entries[TRANSACTIONS_FILTER] = codes;
  if (hash.length > 0) {
    const value = new common.Metadata();
    value.setValue(hash);
    entries[COMMIT_HASH] = value.serializeBinary();
  }
  metadata.setMetadataList(entries);
  block.setMetadata(metadata);
}
