/**
 * What stands beside header and data: the consenters' signatures and what they sign, and copies that nobody signs
 * (Fabric: common.BlockMetadataIndex). What each peer writes itself, validation codes and commit hash, is recomputed
 * where the transactions are validated.
 */
import { common } from '@hyperledger/fabric-protos';
import {
  bftQuorum,
  blockMetadata,
  blockSignatures,
  lastConfigIndex,
  serializeIdentity,
  type ChannelConfig,
} from 'umlauf-channel';
import type { Finder } from './report.js';
import { hex, reasonOf, sameBytes } from './text.js';

const { SIGNATURES, LAST_CONFIG, ORDERER, COMMIT_HASH } = common.BlockMetadataIndex;

export interface InForce {
  readonly config: ChannelConfig;
  /** Number of the config block in force at the block: its own if it is one. */
  readonly configNumber: number;
}

export function checkMetadata(block: common.Block, { config, configNumber }: InForce, find: Finder): void {
  try {
    if (block.getHeader()?.getNumber() === 0) checkUnsigned(block);
    else checkSignatures(block, config);
  } catch (error) {
    find({ check: 'orderers', message: reasonOf(error) });
  }
  try {
    checkCopies(block, configNumber);
  } catch (error) {
    find({ check: 'metadata', message: reasonOf(error) });
  }
}

/** @throws Error if the genesis block is signed: there is nobody yet who could */
function checkUnsigned(block: common.Block): void {
  if ((blockMetadata(block, SIGNATURES)?.getSignaturesList().length ?? 0) > 0)
    throw new Error('is a genesis block that bears signatures');
}

/**
 * A quorum is what BlockValidation asks for: a configuration in which it asked for anything else would have been refused.
 * @throws Error unless a quorum signed; not one signature may be wrong, though others would do
 */
function checkSignatures(block: common.Block, config: ChannelConfig): void {
  const { consenters } = config;
  const count = blockMetadata(block, SIGNATURES)?.getSignaturesList().length ?? 0;
  const valid = blockSignatures(block, consenters).filter(({ identity, data, signature }) => {
    try {
      return config.identity(identity).verify(data, signature);
    } catch {
      return false;
    }
  });
  const known = new Set(consenters.map((each) => hex(serializeIdentity(each.mspId, each.certificate))));
  const signers = new Set(valid.map(({ identity }) => hex(identity)).filter((name) => known.has(name)));
  const quorum = bftQuorum(consenters.length);
  if (signers.size < quorum)
    throw new Error(`is not signed by ${quorum} of the ${consenters.length} consenters`);
  if (valid.length !== count)
    throw new Error(`carries ${count} signatures, of which ${valid.length} are a consenter's and right`);
}

/** @throws Error if an entry says something else than what the consenters signed, or holds what none signed */
function checkCopies(block: common.Block, configNumber: number): void {
  const entries = block.getMetadata()?.getMetadataList_asU8() ?? [];
  if (entries.length > COMMIT_HASH + 1) throw new Error('has more entries of metadata than Fabric knows');
  for (const index of [SIGNATURES, LAST_CONFIG, COMMIT_HASH]) checkForm(block, index, entries[index]);
  const lastConfig = lastConfigIndex(block);
  if (lastConfig !== configNumber)
    throw new Error(
      `is said to be under the configuration of block ${lastConfig}, not of block ${configNumber}`,
    );
  const copy = blockMetadata(block, LAST_CONFIG);
  if (copy && (copy.getSignaturesList().length > 0 || !isLastConfig(copy.getValue_asU8(), lastConfig)))
    throw new Error('repeats the number of its configuration falsely');
  if ((entries[ORDERER]?.length ?? 0) > 0)
    throw new Error('has metadata in an entry that BFT orderers leave empty');
}

function isLastConfig(bytes: Uint8Array, index: number): boolean {
  const expected = new common.LastConfig();
  expected.setIndex(index);
  return sameBytes(bytes, expected.serializeBinary());
}

function checkForm(
  block: common.Block,
  index: common.BlockMetadataIndexMap[keyof common.BlockMetadataIndexMap],
  bytes: Uint8Array | undefined,
): void {
  const read = blockMetadata(block, index);
  if (read && !sameBytes(read.serializeBinary(), bytes ?? new Uint8Array()))
    throw new Error('has metadata with bytes that mean nothing');
}
