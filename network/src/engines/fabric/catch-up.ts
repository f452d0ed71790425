import type { ChannelConfig } from 'umlauf-channel';
import type { Member } from './member.js';
import type { Members } from './members.js';
import { standingOf } from './others.js';

/**
 * Waits until the peers that were started here have the blocks that the orderers have, here and elsewhere, and has organizations leave
 * that those blocks took off the channel: whoever removed them may have been interrupted before they left, and their own
 * peers will never know.
 * @returns the channel's configuration as of those blocks
 * @throws DeadlineError if a peer doesn't get them
 */
export async function catchUp(here: Members): Promise<ChannelConfig> {
  const started = await Promise.all(
    here.running.map(async (member) => ({ member, follower: await member.administrator.follow() })),
  );
  const ordered = await Promise.all(started.map(({ member }) => member.orderer.height()));
  const elsewhere = await heightElsewhere(started[0]?.member, here);
  const last = Math.max(elsewhere, ...ordered, ...started.map(({ follower }) => follower.height)) - 1;
  await Promise.any(started.map(({ follower }) => follower.reached(last))); // one is enough to know who is to leave
  const config = await here.configuration();
  for (const { member } of started.filter(({ member }) => !config.organizations.has(member.mspId))) {
    await member.leave();
    here.step(`${member.mspId} is off the channel: its nodes are stopped`);
  }
  const stay = started.filter(({ member }) => config.organizations.has(member.mspId));
  await Promise.all(stay.map(({ follower }) => follower.reached(last)));
  return config;
}

/** How many blocks orderers on other machines have; 0 if there are none, or none answers. */
async function heightElsewhere(member: Member | undefined, here: Members): Promise<number> {
  if (!member || !here.hasOthers) return 0;
  const standing = standingOf(await member.askOrderers(await here.configuration()));
  return typeof standing === 'object' ? standing.height : 0;
}
