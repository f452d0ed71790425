/** A block of the own peer, as a gateway looks at it. */
import { common } from '@hyperledger/fabric-protos';
import type { SeenBlock, SeenTransaction } from './client.js';
import { readEnvelope } from './envelope.js';

function seen(envelope: Uint8Array, position: number, validationCode: number): SeenTransaction | undefined {
  try {
    const payload = common.Envelope.deserializeBinary(envelope).getPayload_asU8();
    const { transactionId, type, timestampMs, content } = readEnvelope(payload);
    return {
      transactionId,
      position,
      config: type === common.HeaderType.CONFIG,
      validationCode,
      timestampMs,
      content,
    };
  } catch {
    // Nobody proposed it here.
    return undefined;
  }
}

/** Reads a block; envelopes that can't be read, which the peer has marked invalid, are left out. */
export function seenBlock(block: common.Block): SeenBlock {
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const codes =
    block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ??
    new Uint8Array();
  return {
    number: BigInt(block.getHeader()?.getNumber() ?? 0),
    transactions: envelopes.flatMap(
      (envelope, index) => seen(envelope, index, codes[index] ?? NOT_VALIDATED) ?? [],
    ),
  };
}

/** Fabric's code for what no peer has judged; never that of a transaction in a committed block. */
const NOT_VALIDATED = 254;
