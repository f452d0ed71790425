import { orderer, type common } from '@hyperledger/fabric-protos';
import { parseGoDuration } from '../profile/go-duration.js';
import { KEY } from '../profile/group.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError } from './errors.js';

/** Limits of a block. */
export interface BatchSize {
  readonly maxMessageCount: number;
  /** Bytes. */
  readonly absoluteMaxBytes: number;
  /** Bytes. */
  readonly preferredMaxBytes: number;
}

/** How blocks are made on a channel. */
export interface OrdererSettings {
  readonly batchSize: BatchSize;
  /** A Go duration, as it stands in the configuration. */
  readonly batchTimeout: string;
  readonly batchTimeoutMs: number;
}

/**
 * Reads the settings of an Orderer group.
 * @throws ChannelConfigError where Fabric refuses them (common/channelconfig/orderer.go)
 */
export function readOrdererSettings(ordering: common.ConfigGroup): OrdererSettings {
  const bytes = (key: string): Uint8Array =>
    ordering.getValuesMap().get(key)?.getValue_asU8() ?? new Uint8Array();
  const size = decodeConfigMessage(orderer.BatchSize, bytes(KEY.batchSize), KEY.batchSize);
  const batchSize: BatchSize = {
    maxMessageCount: size.getMaxMessageCount(),
    absoluteMaxBytes: size.getAbsoluteMaxBytes(),
    preferredMaxBytes: size.getPreferredMaxBytes(),
  };
  checkBatchSize(batchSize);
  const consensusType = decodeConfigMessage(
    orderer.ConsensusType,
    bytes(KEY.consensusType),
    KEY.consensusType,
  ).getType();
  if (consensusType !== 'BFT') {
    throw new ChannelConfigError(`consensus type ${consensusType} is not supported, only BFT`);
  }
  const batchTimeout = decodeConfigMessage(
    orderer.BatchTimeout,
    bytes(KEY.batchTimeout),
    KEY.batchTimeout,
  ).getTimeout();
  const batchTimeoutMs = parseGoDuration(batchTimeout);
  if (batchTimeoutMs === undefined) {
    throw new ChannelConfigError(
      `Attempted to set the batch timeout to a invalid value: time: invalid duration "${batchTimeout}"`,
    );
  }
  if (batchTimeoutMs <= 0) {
    throw new ChannelConfigError(
      `Attempted to set the batch timeout to a non-positive value: ${batchTimeout}`,
    );
  }
  return { batchSize, batchTimeout, batchTimeoutMs };
}

function checkBatchSize(size: BatchSize): void {
  const refuse = (what: string): never => {
    throw new ChannelConfigError(`Attempted to set the batch size ${what}`);
  };
  if (size.maxMessageCount === 0) refuse('max message count to an invalid value: 0');
  if (size.absoluteMaxBytes === 0) refuse('absolute max bytes to an invalid value: 0');
  if (size.preferredMaxBytes === 0) refuse('preferred max bytes to an invalid value: 0');
  if (size.preferredMaxBytes > size.absoluteMaxBytes) {
    refuse(
      `preferred max bytes (${size.preferredMaxBytes}) greater than the absolute max bytes (${size.absoluteMaxBytes}).`,
    );
  }
}
