/** Brings chaincode into force on the channel, and members up to what is in force. */
import { UserError } from '../../user-error.js';
import type { Release } from './chaincode/release.js';
import {
  approvedPackage,
  commitArgs,
  committedDefinition,
  LIFECYCLE,
  type ChaincodeDefinition,
} from './client/lifecycle.js';
import type { Member } from './member.js';
import type { Members } from './members.js';

/** What the channel runs. */
interface InForce {
  readonly definition: ChaincodeDefinition;
  readonly release: Release;
}

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
  const inForce = await findInForce(members, chaincode, here);
  if (inForce) {
    await adopt(members, inForce);
    return false;
  }
  await deploy(members, chaincode, 1, here.currentRelease());
  return true;
}

/**
 * Has a newcomer approve and run what is in force among the others.
 * @param join puts it on the channel and starts its nodes; its service comes up meanwhile
 */
export async function bringIn(
  newcomer: Member,
  others: readonly Member[],
  chaincode: string,
  here: Members,
  join: () => Promise<void>,
): Promise<void> {
  const inForce = await findInForce(others, chaincode, here);
  if (!inForce) throw new Error(`no definition of ${chaincode} is in force on ${here.channel}`);
  newcomer.serve(inForce.release);
  await join();
  await adopt([newcomer], inForce);
}

/**
 * Brings the chaincode as it is built now into force, if it is another than the one in force. The services of both run
 * side by side until every peer has changed over; those of the old one end when the network is next started, so that no
 * call that is still running is cut off. Running it again finishes what was interrupted.
 * @returns whether it was another
 */
export async function upgrade(
  members: readonly Member[],
  chaincode: string,
  here: Members,
): Promise<boolean> {
  const inForce = await findInForce(members, chaincode, here);
  const release = here.currentRelease();
  if (inForce?.release.package.id === release.package.id) return false;
  await deploy(members, chaincode, (inForce?.definition.sequence ?? 0) + 1, release);
  return true;
}

async function deploy(
  members: readonly Member[],
  chaincode: string,
  sequence: number,
  release: Release,
): Promise<void> {
  const definition = { name: chaincode, version: release.code.version, sequence };
  await adopt(members, { definition, release });
  await commit(members, definition);
}

/** Has members run a release and approve a definition with it. */
async function adopt(members: readonly Member[], { definition, release }: InForce): Promise<void> {
  for (const member of members) member.serve(release);
  await Promise.all(members.map((member) => member.approve(definition, release)));
}

/** From the first member that has approved it and whose peer answers; undefined if there is none on the channel. */
async function findInForce(
  members: readonly Member[],
  chaincode: string,
  here: Members,
): Promise<InForce | undefined> {
  const reasons: unknown[] = [];
  for (const { administrator } of members) {
    const { endorser } = administrator;
    try {
      const definition = await committedDefinition(endorser, here.channel, chaincode);
      if (!definition) return undefined;
      const packageId = await approvedPackage(endorser, here.channel, definition);
      if (packageId !== undefined) return { definition, release: here.release(packageId) };
    } catch (error) {
      if (error instanceof UserError) throw error;
      reasons.push(error);
    }
  }
  throw new AggregateError(reasons, `no member here tells which ${chaincode} is in force on ${here.channel}`);
}

/** Has all members' peers endorse that a definition comes into force, and waits until it is at each of them. */
async function commit(members: readonly Member[], definition: ChaincodeDefinition): Promise<void> {
  const [first, ...others] = members;
  if (!first) return;
  const followers = await Promise.all(members.map(({ administrator }) => administrator.follow()));
  const everywhere = (blockNumber: number) =>
    Promise.all(followers.map((follower) => follower.reached(blockNumber)));
  // Each peer must know the approvals of all, or the endorsements differ.
  await everywhere(Math.max(...followers.map(({ height }) => height)) - 1);
  const { blockNumber } = await first.administrator.submit(
    { chaincode: LIFECYCLE, args: commitArgs(definition) },
    others.flatMap(({ address }) => address ?? []),
  );
  await everywhere(blockNumber);
}
