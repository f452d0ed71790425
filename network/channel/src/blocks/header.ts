import type { common } from '@hyperledger/fabric-protos';
import { sha256 } from '../encoding/bytes.js';
import { DER_OCTET_STRING, DER_SEQUENCE, derEncode, derInteger } from '../encoding/der.js';

/**
 * A block header as it is hashed and signed: ASN.1 DER of the sequence (number, previous hash, data hash)
 * (protoutil/blockutils.go, BlockHeaderBytes).
 */
export function blockHeaderBytes(header: common.BlockHeader): Uint8Array {
  return derEncode(
    DER_SEQUENCE,
    derInteger(BigInt(header.getNumber())),
    derEncode(DER_OCTET_STRING, header.getPreviousHash_asU8()),
    derEncode(DER_OCTET_STRING, header.getDataHash_asU8()),
  );
}

/** SHA-256 of a block's header: what the next block names as its previous hash. */
export function blockHeaderHash(header: common.BlockHeader): Uint8Array {
  return sha256(blockHeaderBytes(header));
}

/** SHA-256 over the concatenation of a block's envelopes, in their serialized form. */
export function blockDataHash(envelopes: readonly Uint8Array[]): Uint8Array {
  return sha256(...envelopes);
}
