/** What every peer answers about itself and its channels: cscc and qscc. */
import { common, peer } from '@hyperledger/fabric-protos';
import { ChannelConfig } from 'umlauf-channel';
import type { EndorserClient } from './endorser-client.js';

/** Short: others are asked as well, and a peer that hangs must not hold them up. */
const CONFIGURATION_TIMEOUT_MS = 10_000;

/** The channels that a peer has joined. */
async function joinedChannels(endorser: EndorserClient): Promise<string[]> {
  const bytes = await endorser.query({ channel: '', chaincode: 'cscc', args: ['GetChannels'] });
  return peer.ChannelQueryResponse.deserializeBinary(bytes)
    .getChannelsList()
    .map((channel) => channel.getChannelId());
}

/** Has a peer join a channel, unless it has: it fetches all blocks after the first by itself. */
export async function joinChannel(
  endorser: EndorserClient,
  channel: string,
  genesisBlock: Uint8Array,
): Promise<void> {
  if ((await joinedChannels(endorser)).includes(channel)) return;
  await endorser.query({ channel: '', chaincode: 'cscc', args: ['JoinChain', genesisBlock] });
}

/** The channel's configuration in force, as this peer knows it. */
export async function channelConfig(endorser: EndorserClient, channel: string): Promise<ChannelConfig> {
  const call = { channel, chaincode: 'cscc', args: ['GetChannelConfig', channel] };
  const bytes = await endorser.query(call, CONFIGURATION_TIMEOUT_MS);
  return ChannelConfig.fromConfig(common.Config.deserializeBinary(bytes), channel);
}

/** The block with the channel's configuration in force, as an orderer that joins wants it. */
export function configBlock(endorser: EndorserClient, channel: string): Promise<Uint8Array> {
  return endorser.query({ channel, chaincode: 'cscc', args: ['GetConfigBlock', channel] });
}

/** How many blocks this peer has. */
export async function chainHeight(endorser: EndorserClient, channel: string): Promise<number> {
  const bytes = await endorser.query({ channel, chaincode: 'qscc', args: ['GetChainInfo', channel] });
  return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
}
