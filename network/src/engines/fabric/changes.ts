/** Who belongs to the channel and who orders on it, changed while it runs. Each can be run again to finish itself. */
import { addConsenter, addOrganization, removeOrganization, type ChannelConfig } from 'umlauf-channel';
import type { common } from '@hyperledger/fabric-protos';
import { configBlock } from './client/system-chaincodes.js';
import { updateConfiguration } from '../configuration-update.js';
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
 * Takes a member off the channel, its place among the consenters included, and stops its processes. What it has stays.
 * The others sign: the member may not want to.
 */
export async function takeOffChannel(member: Member, here: Members): Promise<void> {
  const config = await here.configuration();
  if (config.organizations.has(member.mspId))
    await change(config, removeOrganization(config.config, member.mspId), here, member);
  await member.leave();
  here.step(`${member.mspId} is off the channel`);
}

/**
 * Gives a member of the channel a place among the consenters. Its orderer first follows the channel, so that it can
 * take part as soon as it counts.
 */
export async function giveOrderer(member: Member, here: Members): Promise<void> {
  const part = await member.publicPart(true);
  if (!part.orderer) return;
  await member.orderer.start();
  const { endorser } = member.administrator;
  await member.orderer.join(await configBlock(endorser, here.channel));
  const { height } = await member.administrator.follow();
  const config = await here.configuration();
  if (!config.ordererOrganizations.has(member.mspId)) {
    await member.orderer.reached('follower', height);
    await change(config, addConsenter(config.config, { ...part, orderer: part.orderer }), here);
  }
  await member.orderer.reached('consenter', height);
  here.step(`${member.mspId} orders on the channel`);
}

/** Has the members whose nodes are up sign an update and see it through. */
function change(
  config: ChannelConfig,
  desired: common.Config,
  here: Members,
  leaving?: Member,
): Promise<void> {
  const signers = here.running.filter((each) => each !== leaving && each.isComplete());
  return updateConfiguration(config, desired, signers);
}
