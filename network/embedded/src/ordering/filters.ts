/** What an orderer asks of a message before it takes it (Fabric: orderer/common/msgprocessor). */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import { Status } from '../protocol/codes.js';
import { openEnvelope } from '../protocol/envelope.js';
import type { OpenedEnvelope } from '../protocol/envelope.js';
import { evaluateSigned, hasExpired } from '../protocol/signatures.js';
import { reasonOf } from '../system/system-chaincodes.js';

/** The orderer's answer to a message that it doesn't take. */
export class BroadcastError extends Error {
  override readonly name = 'BroadcastError';

  constructor(
    readonly status: Status,
    info: string,
  ) {
    super(info);
  }
}

const WRITERS = '/Channel/Writers';

/** Opens an envelope and finds out whether it is for this channel. @throws BroadcastError */
export function openForChannel(envelope: common.Envelope, channelId: string): OpenedEnvelope {
  let opened: OpenedEnvelope;
  try {
    opened = openEnvelope(envelope);
  } catch (error) {
    throw new BroadcastError(Status.BAD_REQUEST, `could not determine channel ID: ${reasonOf(error)}`);
  }
  if (opened.channelHeader.getChannelId() !== channelId) {
    throw new BroadcastError(Status.BAD_REQUEST, 'channel does not exist');
  }
  return opened;
}

/** @throws BroadcastError if the message is empty or too large, or its sender may not write to the channel. */
export function applyFilters(opened: OpenedEnvelope, config: ChannelConfig, now: Date): void {
  if (opened.payloadBytes.length === 0) throw new BroadcastError(Status.BAD_REQUEST, 'Message was empty');
  const size = opened.payloadBytes.length + opened.signature.length;
  const { absoluteMaxBytes } = config.batchSize;
  if (size > absoluteMaxBytes) {
    throw new BroadcastError(
      Status.BAD_REQUEST,
      `message payload is ${size} bytes and exceeds maximum allowed ${absoluteMaxBytes} bytes`,
    );
  }
  const identity = opened.signatureHeader.getCreator_asU8();
  if (hasExpired(identity, config, now)) {
    throw new BroadcastError(Status.BAD_REQUEST, 'broadcast client identity expired');
  }
  try {
    const signed = { identity, data: opened.payloadBytes, signature: opened.signature };
    evaluateSigned(config.policy(WRITERS), [signed], config);
  } catch (error) {
    throw new BroadcastError(Status.FORBIDDEN, `${reasonOf(error)}: permission denied`);
  }
}
