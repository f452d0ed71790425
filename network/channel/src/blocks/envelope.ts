import { common } from '@hyperledger/fabric-protos';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { hex, sha256 } from '../encoding/bytes.js';
import { createNonce } from './nonce.js';
import type { Signer } from '../signing/signer.js';

/** An envelope that can't be read. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** An envelope, taken apart. */
export interface DecodedEnvelope {
  readonly envelope: common.Envelope;
  readonly payload: common.Payload;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
}

/**
 * Takes an envelope apart.
 * @throws EnvelopeError if a part is missing or malformed
 */
export function decodeEnvelope(source: common.Envelope | Uint8Array): DecodedEnvelope {
  try {
    const envelope = source instanceof Uint8Array ? common.Envelope.deserializeBinary(source) : source;
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const header = payload.getHeader();
    if (!header) throw new EnvelopeError('envelope must have a Header');
    return {
      envelope,
      payload,
      channelHeader: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
      signatureHeader: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
    };
  } catch (cause) {
    if (cause instanceof EnvelopeError) throw cause;
    throw new EnvelopeError('malformed envelope', { cause });
  }
}

/** Id of a transaction: SHA-256(nonce ‖ creator), hexadecimal. */
export function transactionId(nonce: Uint8Array, creator: Uint8Array): string {
  return hex(sha256(nonce, creator));
}

/** What goes into the headers of a new envelope. */
export interface EnvelopeContent {
  readonly type: common.HeaderTypeMap[keyof common.HeaderTypeMap];
  readonly channelId: string;
  readonly data: Uint8Array;
  /** Default: 0. */
  readonly version?: number | undefined;
  /** Default: now. Cut to whole seconds, as Fabric's MakeChannelHeader does. */
  readonly timestamp?: Date | undefined;
  /** Default: 24 random bytes. */
  readonly nonce?: Uint8Array | undefined;
  /** Whether the channel header names the transaction id. Fabric's configuration envelopes don't, a genesis block does. */
  readonly withTransactionId?: boolean | undefined;
}

/** Makes an envelope; without a signer it has neither creator nor signature (a genesis block's). */
export function createEnvelope(content: EnvelopeContent, signer?: Signer): common.Envelope {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(content.nonce ?? createNonce());
  if (signer) signatureHeader.setCreator(signer.identity);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(content.type);
  channelHeader.setVersion(content.version ?? 0);
  channelHeader.setChannelId(content.channelId);
  channelHeader.setTimestamp(wholeSeconds(content.timestamp ?? new Date()));
  if (content.withTransactionId) {
    channelHeader.setTxId(transactionId(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8()));
  }
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.data);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  if (signer) envelope.setSignature(signer.sign(envelope.getPayload_asU8()));
  return envelope;
}

function wholeSeconds(date: Date): timestamp.Timestamp {
  const result = new timestamp.Timestamp();
  result.setSeconds(Math.floor(date.getTime() / 1000));
  return result;
}
