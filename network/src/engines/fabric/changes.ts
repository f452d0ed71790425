/** Who belongs to the channel and who orders on it, changed while it runs. Each can be run again to finish itself. */
import {
  addConsenter,
  addOrganization,
  removeOrganization,
  replaceConsenterCertificates,
  type ChannelConfig,
  type ChannelOrganization,
  type OrganizationMaterial,
} from 'umlauf-channel';
import type { common } from '@hyperledger/fabric-protos';
import { consenterCertificates, hasConsenterCertificates } from '../channel-profile.js';
import { configBlock } from './client/system-chaincodes.js';
import { MissingSignaturesError, updateConfiguration } from '../configuration-update.js';
import type { Member } from './member.js';
import type { Members } from './members.js';

/** Puts a member on the channel. */
export async function putOnChannel(member: Member, here: Members): Promise<void> {
  const config = await here.configuration();
  if (config.organizations.has(member.mspId)) return;
  await change(config, addOrganization(config.config, await member.publicPart(false)), here);
  here.step(`${member.mspId} is on the channel`);
}

/**
 * Takes an organization off the channel, its place among the consenters included, and stops its processes, if they are
 * here. What it has stays. The others sign: the member may not want to.
 */
export async function takeOffChannel(mspId: string, here: Members): Promise<void> {
  const member = here.find(mspId);
  const config = await here.configuration();
  if (config.organizations.has(mspId))
    await change(config, removeOrganization(config.config, mspId), here, member);
  await member?.leave();
  here.step(`${mspId} is off the channel`);
}

/**
 * Gives a member of the channel a place among the consenters. Its orderer first follows the channel, so that it can
 * take part as soon as it counts.
 */
export async function giveOrderer(member: Member, here: Members): Promise<void> {
  const { orderer, ...part } = await prepareOrderer(member, here);
  if (!orderer) return;
  const { height } = await member.administrator.follow();
  const config = await here.configuration();
  if (!config.ordererOrganizations.has(member.mspId)) {
    await member.orderer.follows(height);
    await change(config, addConsenter(config.config, { ...part, orderer }), here);
  }
  await member.orderer.takesPart(height, here.order);
  here.step(`${member.mspId} orders on the channel`);
}

/** Has a member's orderer follow the channel, from a place that it keeps from now on. */
export async function prepareOrderer(member: Member, here: Members): Promise<ChannelOrganization> {
  const part = await member.publicPart(true);
  await member.orderer.start();
  const { endorser } = member.administrator;
  await member.orderer.join(await configBlock(endorser, here.channel));
  return part;
}

/** Sends a signed update through the first member whose nodes are up, and waits until it is in force. */
export async function submitUpdate(update: common.Envelope, here: Members): Promise<void> {
  const sender = here.running.find((member) => member.hasNodes);
  if (!sender) throw new MissingSignaturesError('no member runs here that could send the update');
  await sender.administrator.update(update);
}

/**
 * Has the channel know a member's consenter by other certificates, if it has one. Until its orderer is started with
 * them, the others go on without it.
 */
export async function replaceConsenter(
  member: Member,
  next: OrganizationMaterial,
  here: Members,
): Promise<void> {
  const config = await here.configuration();
  if (!config.ordererOrganizations.has(member.mspId) || hasConsenterCertificates(config, next)) return;
  const desired = replaceConsenterCertificates(config.config, member.mspId, consenterCertificates(next));
  await change(config, desired, here);
  here.step(`the channel knows the orderer of ${member.mspId} by its new certificates`);
}

/** Has the members whose nodes are up sign an update and see it through. */
function change(
  config: ChannelConfig,
  desired: common.Config,
  here: Members,
  leaving?: Member,
): Promise<void> {
  const signers = here.running.filter((each) => each !== leaving && each.hasNodes);
  return updateConfiguration(config, desired, signers);
}
