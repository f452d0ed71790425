import { common } from '@hyperledger/fabric-protos';
import { serializeIdentity } from '../msp/serialized-identity.js';
import type { SignedData } from '../policies/policy.js';
import type { Signer } from '../signing/signer.js';
import { decodeMessage } from '../encoding/message.js';
import { BlockError, blockHeader, blockMetadata } from './block.js';
import { blockHeaderBytes } from './header.js';
import { createNonce } from './nonce.js';

/** Someone who signs blocks: a consenter's number and its key. */
export interface BlockSigner {
  readonly id: number;
  readonly signer: Signer;
}

/** A consenter's number, MSP and certificate (PEM). */
interface ConsenterIdentity {
  readonly id: number;
  readonly mspId: string;
  readonly certificate: string;
}

/** What the consenters sign beside the header. */
export interface OrdererMetadata {
  /** Number of the config block in force: the block's own if it is one. */
  readonly lastConfig: number;
  /** SmartBFT's view metadata; may be empty. */
  readonly consenterMetadata?: Uint8Array | undefined;
}

/**
 * Signs a block as BFT consenters do (orderer/consensus/smartbft/signer.go): each signs
 * metadata value ‖ identifier header ‖ header bytes; the identifier header names it by number.
 * Fills the metadata entries SIGNATURES and LAST_CONFIG.
 */
export function signBlock(
  block: common.Block,
  content: OrdererMetadata,
  signers: readonly BlockSigner[],
): void {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(content.lastConfig);
  const ordererMetadata = new common.OrdererBlockMetadata();
  ordererMetadata.setLastConfig(lastConfig);
  ordererMetadata.setConsenterMetadata(content.consenterMetadata ?? new Uint8Array());
  const metadata = new common.Metadata();
  metadata.setValue(ordererMetadata.serializeBinary());
  const header = blockHeaderBytes(blockHeader(block));
  metadata.setSignaturesList(signers.map((signer) => signature(signer, metadata.getValue_asU8(), header)));
  const lastConfigMetadata = new common.Metadata();
  lastConfigMetadata.setValue(lastConfig.serializeBinary());
  setBlockMetadata(block, common.BlockMetadataIndex.SIGNATURES, metadata.serializeBinary());
  setBlockMetadata(block, common.BlockMetadataIndex.LAST_CONFIG, lastConfigMetadata.serializeBinary());
}

/** Writes one entry of a block's metadata. */
export function setBlockMetadata(
  block: common.Block,
  index: common.BlockMetadataIndexMap[keyof common.BlockMetadataIndexMap],
  bytes: Uint8Array,
): void {
  const list = block.getMetadata()?.getMetadataList_asU8() ?? [];
  list[index] = bytes;
  block.getMetadata()?.setMetadataList(list);
}

/**
 * The signatures on a block, as data that the BlockValidation policy can judge (protoutil/blockutils.go,
 * BlockSignatureVerifier). A signature by a number that is no consenter's is left out.
 * @throws BlockError if the metadata are malformed
 */
export function blockSignatures(block: common.Block, consenters: readonly ConsenterIdentity[]): SignedData[] {
  const metadata = blockMetadata(block, common.BlockMetadataIndex.SIGNATURES);
  if (!metadata) return [];
  const header = blockHeaderBytes(blockHeader(block));
  const identities = new Map(consenters.map((c) => [c.id, serializeIdentity(c.mspId, c.certificate)]));
  return metadata.getSignaturesList().flatMap((entry) => {
    const [identifier, creator] = [entry.getIdentifierHeader_asU8(), entry.getSignatureHeader_asU8()];
    const byNumber = creator.length === 0 && identifier.length > 0;
    const identity = byNumber
      ? identities.get(decodeMessage(common.IdentifierHeader, identifier, malformed).getIdentifier())
      : decodeMessage(common.SignatureHeader, creator, malformed).getCreator_asU8();
    if (!identity) return [];
    const data = Buffer.concat([metadata.getValue_asU8(), byNumber ? identifier : creator, header]);
    return [{ identity, data, signature: entry.getSignature_asU8() }];
  });
}

function signature(
  { id, signer }: BlockSigner,
  value: Uint8Array,
  header: Uint8Array,
): common.MetadataSignature {
  const identifier = new common.IdentifierHeader();
  identifier.setIdentifier(id);
  identifier.setNonce(createNonce());
  const result = new common.MetadataSignature();
  result.setIdentifierHeader(identifier.serializeBinary());
  result.setSignature(signer.sign(Buffer.concat([value, result.getIdentifierHeader_asU8(), header])));
  return result;
}

function malformed(cause: unknown): BlockError {
  return new BlockError('malformed signature in block metadata', { cause });
}
