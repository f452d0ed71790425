/**
 * The changes of a channel's organizations that an administrator is asked to sign, recognised from an update's bytes.
 * Nothing is believed: what was recognised is proposed anew, and only an update of the very same bytes is that change.
 */
import { common } from '@hyperledger/fabric-protos';
import type { PublicOrganization } from '../certificates/organization.js';
import { equalBytes } from '../encoding/bytes.js';
import { decodeMessage } from '../encoding/message.js';
import { ProfileError } from '../profile/check-profile.js';
import { consentersOf } from '../profile/consenters.js';
import { KEY } from '../profile/group.js';
import { readApplicationOrganization, readPublicOrganization } from '../profile/organization-groups.js';
import type { ChannelOrganization, OrdererPlace } from '../profile/profile.js';
import {
  addConsenter,
  addOrganization,
  removeOrganization,
  replaceConsenterCertificates,
} from './change-organizations.js';
import type { ChannelConfig } from './channel-config.js';
import { proposeConfigUpdate } from './compute-update.js';
import { ChannelConfigError, ConfigUpdateError } from './errors.js';
import { isInForce, isStale, writtenElements } from './update-elements.js';

/** An organization that takes a place among the consenters. */
export type OrderingOrganization = PublicOrganization & { readonly orderer: OrdererPlace };

/** A change of who belongs to the channel, or who orders on it. */
export type OrganizationChange =
  | { readonly kind: 'add'; readonly mspId: string; readonly organization: ChannelOrganization }
  | {
      /** `renew-orderer`: its consenter, number and address as before, gets other certificates. */
      readonly kind: 'add-orderer' | 'renew-orderer';
      readonly mspId: string;
      readonly organization: OrderingOrganization;
    }
  | { readonly kind: 'remove'; readonly mspId: string };

/** An update was made for another configuration than the one in force: its signatures are worth nothing any more. */
export class StaleUpdateError extends ConfigUpdateError {}

/**
 * The configuration that a change leads to, all policies that name organizations rewritten.
 * @throws ChannelConfigError if the channel can't be changed so
 */
export function changedConfig(config: common.Config, change: OrganizationChange): common.Config {
  switch (change.kind) {
    case 'add':
      return addOrganization(config, change.organization);
    case 'add-orderer':
      return addConsenter(config, change.organization);
    case 'renew-orderer':
      return replaceConsenterCertificates(config, change.mspId, change.organization.orderer);
    case 'remove':
      return removeOrganization(config, change.mspId);
  }
}

/**
 * The update (a serialized `common.ConfigUpdate`) that makes a change.
 * @throws ChannelConfigError if the channel can't be changed so
 */
export function proposeChange(channel: ChannelConfig, change: OrganizationChange): Uint8Array {
  const { config, channelId } = channel;
  return proposeConfigUpdate(config, changedConfig(config, change), channelId).serializeBinary();
}

/**
 * Recognises the change that an update makes to the configuration in force.
 * @param bytes a serialized `common.ConfigUpdate`
 * @throws StaleUpdateError if it was made for another configuration
 * @throws ConfigUpdateError if it is none of these changes, or changes anything beside
 */
export function recognizeChange(channel: ChannelConfig, bytes: Uint8Array): OrganizationChange {
  const update = decodeUpdate(channel, bytes);
  const current = channel.config;
  const stale = isStale(current, update);
  if (stale)
    throw new StaleUpdateError(
      `was made for another configuration than the one in force (${channel.sequence}): prepare and sign it anew`,
    );
  const change = candidate(current, update);
  const expected = expectedUpdate(channel, change);
  if (equalBytes(expected.serializeBinary(), bytes)) return change;
  const surplus = differences(update, expected);
  throw new ConfigUpdateError(
    surplus.length > 0
      ? `changes more than its purpose (${change.kind} ${change.mspId}) needs: ${surplus.join(', ')}`
      : `is not written as the change it makes (${change.kind} ${change.mspId}) is written here`,
  );
}

/**
 * What an update was for whose effect is in force already, though other changes may have followed.
 * @param bytes a serialized `common.ConfigUpdate`
 * @returns undefined if it isn't in force; without an MSP id for a removal or a renewal, as an update doesn't say whom it
 *   leaves out, nor which of the consenters that it names were others before
 * @throws ConfigUpdateError if it is no update for this channel
 */
export function changeInForce(
  channel: ChannelConfig,
  bytes: Uint8Array,
): { readonly kind: OrganizationChange['kind']; readonly mspId?: string } | undefined {
  const update = decodeUpdate(channel, bytes);
  const [read, written] = [update.getReadSet(), update.getWriteSet()];
  const [member] = membersOf(read, written, KEY.application).added;
  if (member) return channel.organizations.has(member.name) ? { kind: 'add', mspId: member.name } : undefined;
  const [orderer] = membersOf(read, written, KEY.orderer).added;
  if (orderer)
    return channel.ordererOrganizations.has(orderer.name)
      ? { kind: 'add-orderer', mspId: orderer.name }
      : undefined;
  if (!isInForce(channel.config, update)) return undefined;
  return { kind: writes(read, written, KEY.application) ? 'remove' : 'renew-orderer' };
}

/** Whether an update writes a group itself, not only something in it. */
function writes(
  read: common.ConfigGroup | undefined,
  written: common.ConfigGroup | undefined,
  key: string,
): boolean {
  const [before, after] = [read, written].map((group) => group?.getGroupsMap().get(key)?.getVersion());
  return before !== after;
}

function decodeUpdate(channel: ChannelConfig, bytes: Uint8Array): common.ConfigUpdate {
  const update = decodeMessage(
    common.ConfigUpdate,
    bytes,
    (cause) => new ConfigUpdateError('is no update of a configuration', { cause }),
  );
  if (update.getChannelId() !== channel.channelId)
    throw new ConfigUpdateError(`is for the channel '${update.getChannelId()}', not '${channel.channelId}'`);
  return update;
}

/** What an update seems to be for, from the organizations that it adds or leaves out. */
function candidate(current: common.Config, update: common.ConfigUpdate): OrganizationChange {
  const [before, after] = [current.getChannelGroup(), update.getWriteSet()];
  const members = membersOf(before, after, KEY.application);
  const orderers = membersOf(before, after, KEY.orderer);
  const [added] = members.added;
  const [removed] = members.removed;
  const [ordering] = orderers.added;
  const count = members.added.length + members.removed.length;
  if (count === 1 && added && orderers.added.length === 0) {
    const organization = readApplicationOrganization(added.group);
    return { kind: 'add', mspId: organization.mspId, organization };
  }
  if (count === 1 && removed && orderers.added.length === 0) return { kind: 'remove', mspId: removed.name };
  if (count === 0 && ordering && orderers.added.length === 1 && orderers.removed.length === 0) {
    const organization = readPublicOrganization(ordering.group);
    const orderer = placeOf(after, organization.mspId);
    return { kind: 'add-orderer', mspId: organization.mspId, organization: { ...organization, orderer } };
  }
  const renewed = renewedOrganization(before, after);
  if (count === 0 && renewed && orderers.added.length + orderers.removed.length === 0)
    return { kind: 'renew-orderer', mspId: renewed.mspId, organization: renewed };
  const written = [...writtenElements(update).keys()].join(', ');
  throw new ConfigUpdateError(
    `neither adds nor removes one organization, nor renews one's orderer; it changes ${written}`,
  );
}

/** The organization of the first consenter that stands otherwise in an update than before. */
function renewedOrganization(
  before: common.ConfigGroup | undefined,
  after: common.ConfigGroup | undefined,
): OrderingOrganization | undefined {
  const known = consentersOf(before?.getGroupsMap().get(KEY.orderer)).map((each) => each.serializeBinary());
  const other = consentersOf(after?.getGroupsMap().get(KEY.orderer)).find(
    (each) => !known.some((bytes) => equalBytes(bytes, each.serializeBinary())),
  );
  const group = before
    ?.getGroupsMap()
    .get(KEY.orderer)
    ?.getGroupsMap()
    .get(other?.getMspId() ?? '');
  return other && group && { ...readPublicOrganization(group), orderer: placeOf(after, other.getMspId()) };
}

interface Named {
  readonly name: string;
  readonly group: common.ConfigGroup;
}

/** A group that an update writes names all that remain in it; one that it only passes through names some. */
function membersOf(
  before: common.ConfigGroup | undefined,
  after: common.ConfigGroup | undefined,
  key: string,
): { added: Named[]; removed: Named[] } {
  const [current, written] = [before?.getGroupsMap().get(key), after?.getGroupsMap().get(key)];
  if (!current || !written) return { added: [], removed: [] };
  const wholly = written.getVersion() !== current.getVersion();
  const missing = (from: common.ConfigGroup, to: common.ConfigGroup): Named[] => {
    const found: Named[] = [];
    from.getGroupsMap().forEach((group, name) => {
      if (!to.getGroupsMap().has(name)) found.push({ name, group });
    });
    return found;
  };
  return { added: missing(written, current), removed: wholly ? missing(current, written) : [] };
}

/** The place that an update's consenter mapping gives an organization. */
function placeOf(channel: common.ConfigGroup | undefined, mspId: string): OrdererPlace {
  const consenter = consentersOf(channel?.getGroupsMap().get(KEY.orderer)).find(
    (each) => each.getMspId() === mspId,
  );
  if (!consenter) throw new ConfigUpdateError(`lets ${mspId} order without a place among the consenters`);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  return {
    host: consenter.getHost(),
    port: consenter.getPort(),
    signingCertificate: text(consenter.getIdentity_asU8()),
    clientTlsCertificate: text(consenter.getClientTlsCert_asU8()),
    serverTlsCertificate: text(consenter.getServerTlsCert_asU8()),
  };
}

function expectedUpdate(channel: ChannelConfig, change: OrganizationChange): common.ConfigUpdate {
  try {
    return common.ConfigUpdate.deserializeBinary(proposeChange(channel, change));
  } catch (error) {
    if (!(error instanceof ChannelConfigError || error instanceof ProfileError)) throw error;
    throw new ConfigUpdateError(error.message, { cause: error });
  }
}

/** The elements that one update writes otherwise than the other. */
function differences(actual: common.ConfigUpdate, expected: common.ConfigUpdate): string[] {
  const [found, wanted] = [writtenElements(actual), writtenElements(expected)];
  return [...new Set([...found.keys(), ...wanted.keys()])].filter((key) => {
    const [one, other] = [found.get(key), wanted.get(key)];
    return !one || !other || !equalBytes(one, other);
  });
}
