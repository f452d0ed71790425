import { common } from '@hyperledger/fabric-protos';
import { newBlock } from '../blocks/block.js';
import { createEnvelope } from '../blocks/envelope.js';
import { signBlock } from '../blocks/signatures.js';
import { channelGroup } from './channel-group.js';
import type { ChannelProfile } from './profile.js';

/** Version of the channel header that Fabric gives to genesis blocks (common/genesis/genesis.go). */
const GENESIS_HEADER_VERSION = 1;

/** What makes two genesis blocks of one profile differ. */
export interface GenesisOptions {
  /** Default: now. */
  readonly timestamp?: Date | undefined;
  /** Default: 24 random bytes. */
  readonly nonce?: Uint8Array | undefined;
}

/** The channel's first configuration. */
export function createConfig(profile: ChannelProfile): common.Config {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(profile));
  return config;
}

/**
 * The first block of a channel, as configtxgen makes it: an unsigned CONFIG envelope. The same profile, timestamp and
 * nonce give the same bytes.
 * @throws ProfileError if the profile makes no channel
 */
export function createGenesisBlock(profile: ChannelProfile, options: GenesisOptions = {}): common.Block {
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(createConfig(profile));
  const envelope = createEnvelope({
    type: common.HeaderType.CONFIG,
    version: GENESIS_HEADER_VERSION,
    channelId: profile.channelId,
    data: configEnvelope.serializeBinary(),
    withTransactionId: true,
    ...options,
  });
  const block = newBlock(0, new Uint8Array(), [envelope.serializeBinary()]);
  signBlock(block, { lastConfig: 0 }, []);
  return block;
}
