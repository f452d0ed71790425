/** A configuration must follow from the one before by an update that those entitled to signed. */
import { common } from '@hyperledger/fabric-protos';
import { ChannelConfig, blockEnvelopes, decodeEnvelope } from 'umlauf-channel';
import type { Finder } from './report.js';
import { reasonOf, sameBytes } from './text.js';

/**
 * The configuration that a config block brings, if it holds: the update in `last_update` is authorised again against
 * the configuration before, and what it leads to must be the one in the block.
 */
export function nextConfiguration(
  block: common.Block,
  before: ChannelConfig,
  find: Finder,
): ChannelConfig | undefined {
  try {
    const [bytes] = blockEnvelopes(block);
    const { payload, channelHeader } = decodeEnvelope(bytes ?? new Uint8Array());
    if (channelHeader.getChannelId() !== before.channelId)
      throw new Error(`is for the channel ${channelHeader.getChannelId()}`);
    const envelope = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
    const update = envelope.getLastUpdate();
    if (!update) throw new Error('names no update that leads to it');
    const config = before.applyUpdate(update);
    // Serialising sorts the maps, which come in any order from Fabric.
    if (!sameBytes(config.serializeBinary(), envelope.getConfig()?.serializeBinary() ?? new Uint8Array()))
      throw new Error('is another than the signed update leads to');
    return ChannelConfig.fromConfig(config, before.channelId);
  } catch (error) {
    find({ check: 'configuration', message: reasonOf(error) });
    return undefined;
  }
}
