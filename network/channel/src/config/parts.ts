import type { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
import { MspManager } from '../msp/manager.js';
import type { Msp } from '../msp/msp.js';
import { PolicyError } from '../policies/policy.js';
import { PolicyTree } from '../policies/policy-tree.js';
import { KEY } from '../profile/group.js';
import { readCapabilities, type ChannelCapabilities } from './capabilities.js';
import { ROOT } from './config-map.js';
import { checkConsistency } from './consistency.js';
import { ChannelConfigError } from './errors.js';
import {
  readConsenters,
  readOrganizations,
  type ConsenterConfig,
  type GroupOrganizations,
} from './organizations.js';
import { readOrdererSettings, type OrdererSettings } from './orderer-settings.js';

/** Path of the outermost group. */
export const ROOT_PATH = `/${ROOT}`;

/** A configuration, read and found usable. */
export interface ConfigParts {
  readonly capabilities: ChannelCapabilities;
  readonly members: GroupOrganizations;
  readonly orderers: GroupOrganizations;
  readonly consenters: readonly ConsenterConfig[];
  readonly settings: OrdererSettings;
  readonly identities: MspManager;
  readonly policies: PolicyTree;
}

/**
 * Reads all that a configuration says (common/channelconfig, NewBundle).
 * @throws ChannelConfigError where Fabric would refuse it
 */
export function readParts(channel: common.ConfigGroup | undefined): ConfigParts {
  if (!channel) throw new ChannelConfigError('nil channel group');
  const application = channel.getGroupsMap().get(KEY.application);
  const orderer = channel.getGroupsMap().get(KEY.orderer);
  if (!application) throw new ChannelConfigError('no application configuration');
  if (!orderer) throw new ChannelConfigError('no orderer configuration');
  const capabilities = readCapabilities({ channel, orderer, application });
  const [members, orderers] = [readOrganizations(application), readOrganizations(orderer)];
  const [consenters, settings] = [readConsenters(orderer), readOrdererSettings(orderer)];
  checkConsistency({ ordering: orderer, consenters, orderers: orderers.organizations });
  const identities = new MspManager(mergeMsps(members, orderers));
  const policies = compile(channel, identities);
  return { capabilities, members, orderers, consenters, settings, identities, policies };
}

/** An organization may stand under Application and Orderer, but with one and the same MSP. */
function mergeMsps(...groups: readonly GroupOrganizations[]): Map<string, Msp> {
  const merged = new Map<string, { provider: Msp; definition: Uint8Array }>();
  for (const [mspId, entry] of groups.flatMap(({ msps }) => [...msps])) {
    const other = merged.get(mspId);
    if (other && !equalBytes(other.definition, entry.definition)) {
      throw new ChannelConfigError(`Attempted to define two different versions of MSP: ${mspId}`);
    }
    merged.set(mspId, entry);
  }
  return new Map([...merged].map(([mspId, { provider }]) => [mspId, provider]));
}

function compile(channel: common.ConfigGroup, identities: MspManager): PolicyTree {
  try {
    return new PolicyTree(ROOT_PATH, channel, identities);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ChannelConfigError(`initializing policymanager failed: ${error.message}`, { cause: error });
  }
}
