import { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
import { decodeMessage } from '../encoding/message.js';
import { decodeEnvelope } from './envelope.js';
import { blockDataHash } from './header.js';

/** A block whose parts don't fit together. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
}

/** SIGNATURES, LAST_CONFIG, TRANSACTIONS_FILTER, ORDERER, COMMIT_HASH */
const METADATA_SLOTS = 5;

/** A block with header and data; all its metadata are empty. */
export function newBlock(
  number: number,
  previousHash: Uint8Array,
  envelopes: readonly Uint8Array[],
): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(blockDataHash(envelopes));
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(Array.from({ length: METADATA_SLOTS }, () => new Uint8Array()));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

/** The envelopes of a block, serialized. */
export function blockEnvelopes(block: common.Block): Uint8Array[] {
  return block.getData()?.getDataList_asU8() ?? [];
}

/**
 * The header of a block.
 * @throws BlockError if it has none
 */
export function blockHeader(block: common.Block): common.BlockHeader {
  const header = block.getHeader();
  if (!header) throw new BlockError('block without header');
  return header;
}

/** Whether a block carries a channel configuration: exactly one envelope, of type CONFIG. */
export function isConfigBlock(block: common.Block): boolean {
  const [envelope, ...others] = blockEnvelopes(block);
  if (envelope === undefined || others.length > 0) return false;
  try {
    return decodeEnvelope(envelope).channelHeader.getType() === common.HeaderType.CONFIG;
  } catch {
    return false;
  }
}

/**
 * Checks that the header's data hash is that of the envelopes: the consenters sign the header alone.
 * @throws BlockError if it is not, or if there are no envelopes
 */
export function verifyDataHash(block: common.Block): void {
  const envelopes = blockEnvelopes(block);
  if (envelopes.length === 0) throw new BlockError('empty block');
  const header = blockHeader(block);
  if (!equalBytes(header.getDataHash_asU8(), blockDataHash(envelopes))) {
    throw new BlockError(
      `Header.DataHash is different from Hash(block.Data) for block ${header.getNumber()}`,
    );
  }
}

/**
 * Reads one entry of a block's metadata, or undefined where it is missing or empty.
 * @throws BlockError if it is malformed
 */
export function blockMetadata(
  block: common.Block,
  index: common.BlockMetadataIndexMap[keyof common.BlockMetadataIndexMap],
): common.Metadata | undefined {
  const bytes = block.getMetadata()?.getMetadataList_asU8()[index];
  return bytes === undefined || bytes.length === 0
    ? undefined
    : decodeMessage(common.Metadata, bytes, malformed);
}

/**
 * The number of the config block in force at a block, as its consenters signed it.
 * @throws BlockError if the block doesn't say
 */
export function lastConfigIndex(block: common.Block): number {
  const value = blockMetadata(block, common.BlockMetadataIndex.SIGNATURES)?.getValue_asU8();
  const lastConfig = value && decodeMessage(common.OrdererBlockMetadata, value, malformed).getLastConfig();
  if (!lastConfig) throw new BlockError('block without last config');
  return lastConfig.getIndex();
}

function malformed(cause: unknown): BlockError {
  return new BlockError('malformed block metadata', { cause });
}
