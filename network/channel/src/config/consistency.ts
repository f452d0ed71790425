import { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
import { blockValidationPolicy } from '../profile/flat-policies.js';
import { ChannelConfigError } from './errors.js';
import type { ConsenterConfig, GroupOrganizations, OrganizationConfig } from './organizations.js';

/** What the parts of a configuration are judged by together. */
interface OrderingParts {
  readonly ordering: common.ConfigGroup;
  readonly consenters: readonly ConsenterConfig[];
  readonly orderers: ReadonlyMap<string, OrganizationConfig>;
}

/**
 * Checks what BFT orderers ask of a configuration as a whole: every ordering organization names an endpoint
 * (common/channelconfig/orderer.go), every consenter belongs to one of them, and BlockValidation is exactly the quorum of
 * the consenter mapping (orderer/consensus/smartbft/configverifier.go).
 * @throws ChannelConfigError where one doesn't hold
 */
export function checkConsistency({ ordering, consenters, orderers }: OrderingParts): void {
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
  const actual = ordering.getPoliciesMap().get('BlockValidation')?.getPolicy()?.serializeBinary();
  if (!actual || !equalBytes(actual, blockValidationPolicy(ordering).serializeBinary())) {
    throw new ChannelConfigError('block validation policy does not match the consenter mapping');
  }
}

/**
 * Checks that a group which both configurations have stands for the same MSP in both (common/channelconfig/bundle.go,
 * ValidateNew).
 * @throws ChannelConfigError where one doesn't
 */
export function checkSuccession(
  kind: 'application' | 'orderer',
  current: GroupOrganizations,
  next: GroupOrganizations,
): void {
  for (const [name, mspId] of current.mspIds) {
    const successor = next.mspIds.get(name) ?? mspId;
    if (successor !== mspId) {
      throw new ChannelConfigError(
        `${kind} org ${name} attempted to change MSP ID from ${mspId} to ${successor}`,
      );
    }
  }
}
