/** Brings chaincode into force on the channel, and members up to what is in force. */
import { majorityOf } from 'umlauf-channel';
import type { ChaincodeInForce, ChaincodeToFollow } from '../../engine.js';
import { UserError } from '../../user-error.js';
import type { Release } from '../chaincode/release.js';
import type { EndorserClient } from './client/endorser-client.js';
import {
  approvalsOf,
  approvedPackage,
  commitArgs,
  committedDefinition,
  LIFECYCLE,
  unapproved,
  type ChaincodeDefinition,
} from './client/lifecycle.js';
import type { Member } from './member.js';
import type { Members } from './members.js';
import { commitIfEnough, commitWithOthers, tryToCommit } from './others.js';
import { START_TIMEOUT_MS } from './nodes/context.js';
import { until } from './wait.js';

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
    await adopt(members, inForce, here);
    return false;
  }
  const release = here.currentRelease();
  for (const member of members) member.serve(release);
  const definition = { name: chaincode, version: release.code.version, sequence: 1 };
  await approve(members, definition, release, here);
  const [first] = members;
  if (first && here.hasOthers) await commitWithOthers(first, definition, here);
  else await commit(members, definition, here);
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
  const inForce = await mustFind(others.length > 0 ? others : here.running, chaincode, here);
  newcomer.serve(inForce.release);
  await join();
  await arrange([...others, newcomer], inForce, here);
  await approve([newcomer], inForce.definition, inForce.release, here);
}

/**
 * Brings built chaincode into force, if it is another than the one in force. The services of both run side by side until
 * every peer has changed over. Running it again finishes what was interrupted; on failure services go on with what is in
 * force. Where it takes members elsewhere too, whoever sees that enough have approved it brings it into force.
 * @param folder of a built chaincode package. Default: the one that ships with this project
 * @returns whether it has come into force now
 */
export async function upgrade(
  members: readonly Member[],
  chaincode: string,
  here: Members,
  folder?: string,
): Promise<boolean> {
  const inForce = await mustFind(members, chaincode, here, folder);
  const release = here.currentRelease(folder);
  if (inForce.release.package.id === release.package.id) {
    await adopt(members, inForce, here);
    return false;
  }
  const sequence = inForce.definition.sequence + 1;
  const definition = { name: chaincode, version: release.code.version, sequence };
  try {
    for (const member of members) member.prepare(release);
    // What can't even be loaded must not come into force.
    await Promise.all(members.map((member) => member.serving(release)));
    await approve(members, definition, release, here);
    here.step(`${release.code.label} is approved`);
    const [first] = members;
    if (!first || !here.hasOthers) await commit(members, definition, here);
    else if (await commitIfEnough(first, members, definition, here))
      await everywhere(members, definition, here);
    else return false;
  } catch (error) {
    await goOn(members, chaincode, sequence, here, folder).catch(() => undefined); // it must not hide what failed
    throw error;
  }
  for (const member of members) member.serve(release);
  here.step(`${release.code.label} is in force`);
  return true;
}

/** After an upgrade to a sequence has failed: has services go on with what is in force. */
async function goOn(
  members: readonly Member[],
  chaincode: string,
  sequence: number,
  here: Members,
  folder?: string,
): Promise<void> {
  const now = await mustFind(members, chaincode, here, folder);
  await arrange(members, now, here);
  // Once the new one is committed a peer may still be on its way to it, and needs the old one until then.
  if (now.definition.sequence < sequence) await Promise.all(members.map((member) => member.retire()));
}

/**
 * Follows what members elsewhere do about what was approved here: has it come into force where enough have approved it and
 * nobody else has done so, and members here approve and run what is in force.
 * @returns whether that is other than they ran before; what they ran goes on until it is retired
 */
export async function followOthers(
  members: readonly Member[],
  chaincode: string,
  here: Members,
): Promise<boolean> {
  const before = await mustFind(members, chaincode, here);
  const [next] = await approvedNext(members, before.definition, here);
  // If not, the next look is the next try.
  const hasFollowed = next && (await tryToCommit(next.member, next.definition, here)) === 'in force';
  const inForce = hasFollowed ? await mustFind(members, chaincode, here) : before;
  const { definition, release } = inForce;
  if (members.every(({ servedPackage }) => servedPackage === release.package.id)) return false;
  // Last of all, so that it is found to be undone if anything fails: what is in force runs already, beside what was before.
  await everywhere(members, definition, here);
  await approve(members, definition, release, here);
  await arrange(members, inForce, here);
  return true;
}

/** What is in force on the channel, as the first member that answers has it. */
export async function describeInForce(
  members: readonly Member[],
  chaincode: string,
  here: Members,
): Promise<ChaincodeInForce | undefined> {
  for (const member of members) {
    try {
      const { endorser } = member.administrator;
      const definition = await committedDefinition(endorser, here.channel, chaincode);
      if (!definition) return undefined;
      const { name, version, sequence, approvals } = definition;
      const packageId = await approvedPackage(endorser, here.channel, definition);
      const next = await describeNext(member, definition, here).catch(() => undefined); // it may just have followed
      return {
        name,
        version,
        sequence,
        packageId,
        unapproved: unapproved(approvals),
        ...(next ? { next } : {}),
      };
    } catch {
      // the next one is asked
    }
  }
  throw new UserError(`no member here tells which ${chaincode} is in force on ${here.channel}`);
}

/** What a member here has approved and members elsewhere have yet to, if there is such. */
async function describeNext(
  member: Member,
  inForce: ChaincodeDefinition,
  here: Members,
): Promise<ChaincodeToFollow | undefined> {
  const [next] = await approvedNext([member], inForce, here);
  if (!next) return undefined;
  const { definition, release } = next;
  const approvals = await approvalsOf(member.administrator.endorser, here.channel, definition);
  return {
    packageId: release.package.id,
    version: definition.version,
    sequence: definition.sequence,
    unapproved: unapproved(approvals),
    needed: majorityOf(approvals.size),
  };
}

/** Has members run and approve what is in force, once their peers have got to it. */
async function adopt(members: readonly Member[], inForce: InForce, here: Members): Promise<void> {
  const { definition, release } = inForce;
  await arrange(members, inForce, here);
  await everywhere(members, definition, here);
  await approve(members, definition, release, here);
}

/** Has members run what is in force, and beside it what they have approved to follow; nothing else is to follow. */
async function arrange(
  members: readonly Member[],
  { definition, release }: InForce,
  here: Members,
): Promise<void> {
  const [next] = await approvedNext(members, definition, here);
  for (const member of members) {
    member.serve(release);
    if (next) member.prepare(next.release);
    else if (member.nextPackage !== undefined) member.dropNext();
  }
}

interface Next extends InForce {
  readonly member: Member;
}

/**
 * Which members have approved what is to follow: members elsewhere may bring it into force at any time. Where there are none
 * elsewhere, only a command here does, which was interrupted and is to be run again.
 */
async function approvedNext(
  members: readonly Member[],
  { name, sequence }: ChaincodeDefinition,
  here: Members,
): Promise<Next[]> {
  const found: Next[] = [];
  for (const member of here.hasOthers ? members : []) {
    const next = { name, sequence: sequence + 1 };
    const packageId = await approvedPackage(member.administrator.endorser, here.channel, next);
    const release = packageId === undefined ? undefined : here.releaseIfAny(packageId);
    if (release) found.push({ member, release, definition: { ...next, version: release.code.version } });
  }
  return found;
}

/** Where others act at the same time, an approval that meets their commit is invalid, and is made again. */
async function approve(
  members: readonly Member[],
  definition: ChaincodeDefinition,
  release: Release,
  { hasOthers, signal }: Members,
): Promise<void> {
  await Promise.all(
    members.map(async (member) => {
      if (!hasOthers) return member.approve(definition, release);
      await until(() => member.approve(definition, release).then(() => true), {
        what: `${member.mspId} to approve ${definition.name}`,
        deadlineMs: 2 * START_TIMEOUT_MS,
        everyMs: 500,
        signal,
      });
    }),
  );
}

/** @throws Error if there is none in force */
async function mustFind(
  members: readonly Member[],
  chaincode: string,
  here: Members,
  folder?: string,
): Promise<InForce> {
  const found = await findInForce(members, chaincode, here, folder);
  if (!found) throw new Error(`no definition of ${chaincode} is in force on ${here.channel}`);
  return found;
}

/**
 * From the first member that has approved it and whose peer answers; undefined if there is none on the channel. Where
 * only members elsewhere have approved it, it is taken to be what is built here.
 * @throws UserError if that has another version, or has been in force before
 */
async function findInForce(
  members: readonly Member[],
  chaincode: string,
  here: Members,
  folder?: string,
): Promise<InForce | undefined> {
  const reasons: unknown[] = [];
  for (const { administrator } of members) {
    const { endorser } = administrator;
    try {
      const definition = await committedDefinition(endorser, here.channel, chaincode);
      if (!definition) return undefined;
      const packageId = await approvedPackage(endorser, here.channel, definition);
      const release = packageId === undefined ? undefined : here.release(packageId);
      // Members elsewhere may have agreed on another version than was approved here.
      if (release?.code.version === definition.version) return { definition, release };
      if (here.hasOthers) return { definition, release: await builtHere(definition, endorser, here, folder) };
    } catch (error) {
      if (error instanceof UserError) throw error;
      reasons.push(error);
    }
  }
  throw new AggregateError(reasons, `no member here tells which ${chaincode} is in force on ${here.channel}`);
}

/**
 * A peer tells nobody which package its organization has approved, only the version that all agreed on. Code that was in
 * force before is not what they agreed on since.
 */
async function builtHere(
  { name, version, sequence }: ChaincodeDefinition,
  endorser: EndorserClient,
  here: Members,
  folder?: string,
): Promise<Release> {
  const release = here.currentRelease(folder);
  let before: string | undefined;
  for (let earlier = sequence - 1; earlier > 0 && before === undefined; earlier--)
    before = await approvedPackage(endorser, here.channel, { name, sequence: earlier });
  if (release.code.version === version && release.package.id !== before) return release;
  throw new UserError(
    `the members elsewhere have brought ${name} ${version} into force (sequence ${sequence}); ` +
      `what is built here is ${release.code.label}: install the version of Umlauf that they run`,
  );
}

/** Has all members' peers endorse that a definition comes into force, and waits until it is at each of them. */
async function commit(
  members: readonly Member[],
  definition: ChaincodeDefinition,
  here: Members,
): Promise<void> {
  const [first, ...others] = members;
  if (!first) return;
  const followers = await Promise.all(members.map(({ administrator }) => administrator.follow()));
  const reached = (blockNumber: number) =>
    Promise.all(followers.map((follower) => follower.reached(blockNumber)));
  // Each peer must know the approvals of all, or the endorsements differ.
  await reached(Math.max(...followers.map(({ height }) => height)) - 1);
  const { blockNumber } = await first.administrator.submit(
    { chaincode: LIFECYCLE, args: commitArgs(definition) },
    others.flatMap(({ address }) => address ?? []),
  );
  await reached(blockNumber);
  await everywhere(members, definition, here);
}

/** Waits until all members' peers have a definition: none needs then what was in force before. */
async function everywhere(
  members: readonly Member[],
  definition: ChaincodeDefinition,
  here: Members,
): Promise<void> {
  await Promise.all(members.map((member) => hasCommitted(member, definition, here)));
}

/**
 * Waits until a peer's state has a definition, not only its chain the block. From then on nothing runs that began
 * before: a simulation holds a lock for which the commit of a block waits
 * (core/ledger/kvledger/txmgmt/txmgr/lockbased_txmgr.go).
 */
async function hasCommitted(
  { administrator, peer }: Member,
  { name, sequence }: ChaincodeDefinition,
  here: Members,
): Promise<void> {
  const found = async () => {
    const definition = await committedDefinition(administrator.endorser, here.channel, name);
    return definition !== undefined && definition.sequence >= sequence ? definition : undefined;
  };
  await until(found, {
    what: `${peer.name} to have ${name} ${sequence}`,
    deadlineMs: START_TIMEOUT_MS,
    signal: here.signal,
  });
}
