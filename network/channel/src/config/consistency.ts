import { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
import { writeFlatPolicies } from '../profile/flat-policies.js';
import { KEY } from '../profile/group.js';
import { ChannelConfigError } from './errors.js';
import type { ConsenterConfig, OrganizationConfig } from './organizations.js';

/** What the parts of a configuration are judged by together. */
interface ConfigParts {
  readonly channel: common.ConfigGroup;
  readonly consenters: readonly ConsenterConfig[];
  readonly orderers: ReadonlyMap<string, OrganizationConfig>;
}

/**
 * Checks what BFT orderers ask of a configuration as a whole: every ordering organization names an endpoint
 * (common/channelconfig/orderer.go), every consenter belongs to one of them, and BlockValidation is exactly the quorum of
 * the consenter mapping (orderer/consensus/smartbft/configverifier.go).
 * @throws ChannelConfigError where one doesn't hold
 */
export function checkConsistency({ channel, consenters, orderers }: ConfigParts): void {
  const silent = [...orderers.values()].filter(({ ordererEndpoints }) => ordererEndpoints.length === 0);
  if (silent.length > 0) {
    const names = silent.map(({ mspId }) => mspId).join(' ');
    throw new ChannelConfigError(`some orderer organizations endpoints are empty: [${names}]`);
  }
  const stranger = consenters.find(({ mspId }) => !orderers.has(mspId));
  if (stranger) {
    throw new ChannelConfigError(
      `consenter ${stranger.id} belongs to ${stranger.mspId}, which orders nothing here`,
    );
  }
  if (new Set(consenters.map(({ id }) => id)).size !== consenters.length) {
    throw new ChannelConfigError('two consenters have the same id');
  }
  if (!equalBytes(blockValidation(channel), blockValidation(withFlatPolicies(channel)))) {
    throw new ChannelConfigError('block validation policy does not match the consenter mapping');
  }
}

function blockValidation(channel: common.ConfigGroup): Uint8Array {
  const ordering = channel.getGroupsMap().get(KEY.orderer);
  return (
    ordering?.getPoliciesMap().get('BlockValidation')?.getPolicy()?.serializeBinary() ?? new Uint8Array()
  );
}

function withFlatPolicies(channel: common.ConfigGroup): common.ConfigGroup {
  const copy = common.ConfigGroup.deserializeBinary(channel.serializeBinary());
  writeFlatPolicies(copy);
  return copy;
}
