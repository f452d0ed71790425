/** Brings chaincode into force on the channel, and members up to what is in force. */
import type { Release } from './chaincode/release.js';
import {
  approvedPackage,
  commitArgs,
  committedDefinition,
  LIFECYCLE,
  type ChaincodeDefinition,
  type CommittedDefinition,
} from './client/lifecycle.js';
import type { Member } from './member.js';
import type { Members } from './members.js';

/**
 * Makes sure that a definition is in force on the channel, that all of these members have approved it, and that each
 * one's service runs what it approved. What has been done before is not done again.
 * @param members all on the channel whose peers run here
 * @returns whether there was no definition before
 */
export async function bringIntoForce(
  members: readonly Member[],
  chaincode: string,
  here: Members,
): Promise<boolean> {
  const [first] = members;
  if (!first) return false;
  const inForce = await committedDefinition(first.administrator.endorser, here.channel, chaincode);
  if (inForce) {
    const release = await releaseInForce(members, inForce, here);
    await Promise.all(members.map((member) => adopt(member, inForce, release)));
    return false;
  }
  const release = here.currentRelease();
  const definition = { name: chaincode, version: release.code.version, sequence: 1 };
  await Promise.all(members.map((member) => adopt(member, definition, release)));
  await commit(members, definition);
  return true;
}

/** Has a member run a release and approve a definition with it. */
export async function adopt(
  member: Member,
  definition: ChaincodeDefinition,
  release: Release,
): Promise<void> {
  member.serve(release);
  await member.approve(definition, release);
}

/** The release that members approved for the definition in force. */
export async function releaseInForce(
  members: readonly Member[],
  definition: CommittedDefinition,
  here: Members,
): Promise<Release> {
  for (const { administrator } of members) {
    const packageId = await approvedPackage(administrator.endorser, here.channel, definition);
    if (packageId !== undefined) return here.release(packageId);
  }
  throw new Error(`none of the members here has approved ${definition.name} ${definition.sequence}`);
}

/** Has all members' peers endorse that a definition comes into force. Each must know the approvals of all. */
async function commit(members: readonly Member[], definition: ChaincodeDefinition): Promise<void> {
  const [first, ...others] = members;
  if (!first) return;
  const followers = await Promise.all(members.map(({ administrator }) => administrator.follow()));
  const last = Math.max(...followers.map(({ height }) => height)) - 1;
  await Promise.all(followers.map((follower) => follower.reached(last)));
  await first.administrator.submit(
    { chaincode: LIFECYCLE, args: commitArgs(definition) },
    others.flatMap(({ address }) => address ?? []),
  );
}
