import { common, orderer } from '@hyperledger/fabric-protos';
import { implicitMetaPolicy } from '../policies/config-policy.js';
import { newConsenter, setConsenters } from './consenters.js';
import { writeFlatPolicies } from './flat-policies.js';
import { KEY, newGroup, setPolicy, setValue } from './group.js';
import { applicationOrganization, ordererOrganization } from './organization-groups.js';
import {
  batchOf,
  type BatchProfile,
  type ChannelOrganization,
  type ChannelProfile,
  type OrdererPlace,
} from './profile.js';
import { smartBftMetadata } from './smart-bft.js';
import { checkProfile } from './check-profile.js';

/** The only width that Fabric knows: one flat hash over all envelopes. */
const FLAT_HASH = 0xffffffff;

/**
 * The channel's configuration as configtxgen lays it out for BFT in Fabric 3.1 (internal/configtxgen/encoder), with
 * the policies that name organizations flat.
 * @throws ProfileError if the profile makes no channel
 */
export function channelGroup(profile: ChannelProfile): common.ConfigGroup {
  checkProfile(profile);
  const channel = newGroup();
  const algorithm = new common.HashingAlgorithm();
  algorithm.setName('SHA256');
  setValue(channel, KEY.hashingAlgorithm, algorithm);
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(FLAT_HASH);
  setValue(channel, KEY.blockDataHashingStructure, structure);
  setValue(channel, KEY.capabilities, capability('V3_0'));
  setPolicy(channel, 'Admins', implicitMetaPolicy('MAJORITY', 'Admins'));
  channel.getGroupsMap().set(KEY.orderer, ordererGroup(profile));
  channel.getGroupsMap().set(KEY.application, applicationGroup(profile.organizations));
  writeFlatPolicies(channel);
  return channel;
}

function applicationGroup(organizations: readonly ChannelOrganization[]): common.ConfigGroup {
  const group = newGroup();
  setValue(group, KEY.capabilities, capability('V2_5'));
  setPolicy(group, 'Admins', implicitMetaPolicy('MAJORITY', 'Admins'));
  setPolicy(group, 'LifecycleEndorsement', implicitMetaPolicy('MAJORITY', 'Endorsement'));
  for (const organization of organizations) {
    group.getGroupsMap().set(organization.mspId, applicationOrganization(organization));
  }
  return group;
}

function ordererGroup(profile: ChannelProfile): common.ConfigGroup {
  const group = newGroup();
  const batch = batchOf(profile);
  setValue(group, KEY.batchSize, batchSize(batch));
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(batch.timeout);
  setValue(group, KEY.batchTimeout, timeout);
  setValue(group, KEY.channelRestrictions, new orderer.ChannelRestrictions());
  setValue(group, KEY.capabilities, capability('V2_0'));
  const consensus = new orderer.ConsensusType();
  consensus.setType('BFT');
  consensus.setMetadata(smartBftMetadata(batch.timeout));
  setValue(group, KEY.consensusType, consensus);
  setPolicy(group, 'Admins', implicitMetaPolicy('MAJORITY', 'Admins'));
  const consenters: common.Consenter[] = [];
  for (const { place, organization } of orderingOrganizations(profile.organizations)) {
    group.getGroupsMap().set(organization.mspId, ordererOrganization(organization, place));
    consenters.push(newConsenter(organization.mspId, place, consenters));
  }
  setConsenters(group, consenters);
  return group;
}

function orderingOrganizations(
  organizations: readonly ChannelOrganization[],
): { organization: ChannelOrganization; place: OrdererPlace }[] {
  return organizations.flatMap((organization) =>
    organization.orderer ? [{ organization, place: organization.orderer }] : [],
  );
}

function batchSize(batch: BatchProfile): orderer.BatchSize {
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(batch.maxMessageCount);
  size.setAbsoluteMaxBytes(batch.absoluteMaxBytes);
  size.setPreferredMaxBytes(batch.preferredMaxBytes);
  return size;
}

function capability(name: string): common.Capabilities {
  const capabilities = new common.Capabilities();
  capabilities.getCapabilitiesMap().set(name, new common.Capability());
  return capabilities;
}
