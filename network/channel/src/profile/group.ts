import { common } from '@hyperledger/fabric-protos';

/** The keys of the channel configuration (common/channelconfig). */
export const KEY = {
  application: 'Application',
  orderer: 'Orderer',
  msp: 'MSP',
  capabilities: 'Capabilities',
  anchorPeers: 'AnchorPeers',
  endpoints: 'Endpoints',
  orderers: 'Orderers',
  consensusType: 'ConsensusType',
  batchSize: 'BatchSize',
  batchTimeout: 'BatchTimeout',
  channelRestrictions: 'ChannelRestrictions',
  hashingAlgorithm: 'HashingAlgorithm',
  blockDataHashingStructure: 'BlockDataHashingStructure',
} as const;

/** The policy that may change an element, wherever Fabric's encoder isn't told otherwise. */
const ADMINS = 'Admins';

/** An empty group that its Admins may change. */
export function newGroup(): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  return group;
}

/** Sets a value of a group; an existing one keeps its version and who may change it. */
export function setValue(
  group: common.ConfigGroup,
  key: string,
  message: { serializeBinary(): Uint8Array },
): void {
  const existing = group.getValuesMap().get(key);
  const value = new common.ConfigValue();
  value.setVersion(existing?.getVersion() ?? 0);
  value.setModPolicy(existing?.getModPolicy() ?? ADMINS);
  value.setValue(message.serializeBinary());
  group.getValuesMap().set(key, value);
}

/** Sets a policy of a group; an existing one keeps its version and who may change it. */
export function setPolicy(group: common.ConfigGroup, key: string, policy: common.Policy): void {
  const existing = group.getPoliciesMap().get(key);
  const value = new common.ConfigPolicy();
  value.setVersion(existing?.getVersion() ?? 0);
  value.setModPolicy(existing?.getModPolicy() ?? ADMINS);
  value.setPolicy(policy);
  group.getPoliciesMap().set(key, value);
}

/** A deep copy; protobuf's own clone shares map entries. */
export function cloneConfig(config: common.Config): common.Config {
  return common.Config.deserializeBinary(config.serializeBinary());
}
