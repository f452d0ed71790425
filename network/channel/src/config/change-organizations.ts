import { common } from '@hyperledger/fabric-protos';
import { checkMspId } from '../profile/check-profile.js';
import { consentersOf, newConsenter, setCertificates, setConsenters } from '../profile/consenters.js';
import { writeFlatPolicies } from '../profile/flat-policies.js';
import { cloneConfig, KEY } from '../profile/group.js';
import { applicationOrganization, ordererOrganization } from '../profile/organization-groups.js';
import type { ChannelOrganization, OrdererPlace } from '../profile/profile.js';
import type { PublicOrganization } from '../certificates/organization.js';
import { ChannelConfigError } from './errors.js';

/**
 * The configuration with one organization more: a member, and a consenter too if it has a place as orderer. All
 * policies that name organizations are rewritten in it.
 *
 * A running BFT network wants the two steps apart: first the member without its place, then, once its orderer follows
 * the channel, `addConsenter`.
 * @throws ChannelConfigError if it is a member already
 */
export function addOrganization(config: common.Config, organization: ChannelOrganization): common.Config {
  checkMspId(organization.mspId);
  return change(config, ({ application, ordering }) => {
    if (application.getGroupsMap().has(organization.mspId)) {
      throw new ChannelConfigError(`${organization.mspId} is on the channel already`);
    }
    application.getGroupsMap().set(organization.mspId, applicationOrganization(organization));
    if (organization.orderer) placeConsenter(ordering, organization, organization.orderer);
  });
}

/**
 * The configuration with a place among the consenters for an organization that is on the channel already.
 * @throws ChannelConfigError if it isn't, or has a place already
 */
export function addConsenter(
  config: common.Config,
  organization: PublicOrganization & { readonly orderer: OrdererPlace },
): common.Config {
  return change(config, ({ application, ordering }) => {
    if (!application.getGroupsMap().has(organization.mspId)) {
      throw new ChannelConfigError(`${organization.mspId} is not on the channel`);
    }
    placeConsenter(ordering, organization, organization.orderer);
  });
}

/**
 * The configuration without an organization, its place among the consenters included.
 * @throws ChannelConfigError if it isn't on the channel, or nobody would be left to belong to it or to order
 */
export function removeOrganization(config: common.Config, mspId: string): common.Config {
  return change(config, ({ application, ordering }) => {
    if (!application.getGroupsMap().has(mspId))
      throw new ChannelConfigError(`${mspId} is not on the channel`);
    application.getGroupsMap().del(mspId);
    if (ordering.getGroupsMap().has(mspId)) dropConsenter(ordering, mspId);
    if (application.getGroupsMap().getLength() === 0) {
      throw new ChannelConfigError(`${mspId} is the last organization of the channel`);
    }
  });
}

/**
 * The configuration in which an organization stays a member but no longer orders.
 * @throws ChannelConfigError if it doesn't order, or nobody else would
 */
export function removeConsenter(config: common.Config, mspId: string): common.Config {
  return change(config, ({ ordering }) => {
    if (!ordering.getGroupsMap().has(mspId))
      throw new ChannelConfigError(`${mspId} orders nothing on the channel`);
    dropConsenter(ordering, mspId);
  });
}

/**
 * The configuration in which an organization's consenter, number and address as before, has other certificates. Its
 * orderer has to be started with them as soon as this is in force: until then its word counts for nothing.
 * @throws ChannelConfigError if the organization has no consenter
 */
export function replaceConsenterCertificates(
  config: common.Config,
  mspId: string,
  place: Pick<OrdererPlace, 'signingCertificate' | 'clientTlsCertificate' | 'serverTlsCertificate'>,
): common.Config {
  return change(config, ({ ordering }) => {
    const consenters = consentersOf(ordering);
    const consenter = consenters.find((each) => each.getMspId() === mspId);
    if (!consenter) throw new ChannelConfigError(`${mspId} orders nothing on the channel`);
    setCertificates(consenter, place);
    setConsenters(ordering, consenters);
  });
}

interface Groups {
  readonly application: common.ConfigGroup;
  readonly ordering: common.ConfigGroup;
}

function change(config: common.Config, edit: (groups: Groups) => void): common.Config {
  const desired = cloneConfig(config);
  const channel = desired.getChannelGroup();
  const application = channel?.getGroupsMap().get(KEY.application);
  const ordering = channel?.getGroupsMap().get(KEY.orderer);
  if (!channel || !application || !ordering)
    throw new ChannelConfigError('not the configuration of a channel');
  edit({ application, ordering });
  writeFlatPolicies(channel);
  return desired;
}

function placeConsenter(
  ordering: common.ConfigGroup,
  organization: PublicOrganization,
  place: OrdererPlace,
): void {
  const { mspId } = organization;
  const others = consentersOf(ordering);
  if (ordering.getGroupsMap().has(mspId))
    throw new ChannelConfigError(`${mspId} orders on the channel already`);
  const consenter = newConsenter(mspId, place, others);
  if (others.some((other) => other.getId() === consenter.getId())) {
    throw new ChannelConfigError(`There is a consenter ${consenter.getId()} already`);
  }
  ordering.getGroupsMap().set(mspId, ordererOrganization(organization, place));
  setConsenters(ordering, [...others, consenter]);
}

function dropConsenter(ordering: common.ConfigGroup, mspId: string): void {
  const remaining = consentersOf(ordering).filter((consenter) => consenter.getMspId() !== mspId);
  if (remaining.length === 0)
    throw new ChannelConfigError(`${mspId} is the last one that orders on the channel`);
  ordering.getGroupsMap().del(mspId);
  setConsenters(ordering, remaining);
}
