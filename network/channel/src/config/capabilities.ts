import { common } from '@hyperledger/fabric-protos';
import { KEY } from '../profile/group.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError } from './errors.js';

/** The names of the capabilities that a channel demands of its nodes, sorted. */
export interface ChannelCapabilities {
  readonly channel: readonly string[];
  readonly orderer: readonly string[];
  readonly application: readonly string[];
}

/** What Fabric 3.1 knows (common/capabilities). */
const KNOWN: ChannelCapabilities = {
  channel: ['V1_1', 'V1_3', 'V1_4_2', 'V1_4_3', 'V2_0', 'V3_0'],
  orderer: ['V1_1', 'V1_4_2', 'V2_0'],
  application: ['V1_1', 'V1_2', 'V1_3', 'V1_4_2', 'V2_0', 'V2_5'],
};
const TITLE = { channel: 'Channel', orderer: 'Orderer', application: 'Application' } as const;

/**
 * Reads the capabilities of a channel.
 * @throws ChannelConfigError if it demands one that Fabric 3.1 doesn't have, or not V3_0, whose rules this package follows
 */
export function readCapabilities(groups: {
  readonly channel: common.ConfigGroup;
  readonly orderer: common.ConfigGroup;
  readonly application: common.ConfigGroup;
}): ChannelCapabilities {
  const capabilities = {
    channel: names(groups.channel),
    orderer: names(groups.orderer),
    application: names(groups.application),
  };
  for (const kind of ['orderer', 'channel', 'application'] as const) {
    const unknown = capabilities[kind].find((name) => !KNOWN[kind].includes(name));
    if (unknown !== undefined) {
      throw new ChannelConfigError(
        `config requires unsupported ${kind} capabilities: ${TITLE[kind]} capability ${unknown} is required but not supported`,
      );
    }
  }
  if (!capabilities.channel.includes('V3_0')) {
    throw new ChannelConfigError('a channel without the capability V3_0 is not supported');
  }
  return capabilities;
}

function names(group: common.ConfigGroup): string[] {
  const value = group.getValuesMap().get(KEY.capabilities);
  if (!value) return [];
  const result: string[] = [];
  decodeConfigMessage(common.Capabilities, value.getValue_asU8(), KEY.capabilities)
    .getCapabilitiesMap()
    .forEach((_, name) => result.push(name));
  return result.sort();
}
