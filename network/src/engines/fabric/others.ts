/** What this machine's members wait for, where the others' parts run on machines of their own. */
import { bftQuorum, majorityOf, toleratedFaults, type ChannelConfig } from 'umlauf-channel';
import { waitForOthers } from '../../patience.js';
import { UserError } from '../../user-error.js';
import {
  approvalsOf,
  commitArgs,
  committedDefinition,
  LIFECYCLE,
  unapproved,
  type ChaincodeDefinition,
} from './client/lifecycle.js';
import type { OrdererAnswer } from './client/orderer-question.js';
import type { Member } from './member.js';
import type { Members } from './members.js';
import { START_TIMEOUT_MS } from './nodes/context.js';
import { until } from './wait.js';

/** Pause before a definition is tried to be brought into force again. */
const AGAIN_MS = 400;

/** How an organization stands to a channel, as the channel's orderers tell it. */
export type Standing =
  /** It is on the channel, which has at least so many blocks. */
  | { readonly height: number }
  /** More refuse it than can be at fault, and none serves it: it is not on the channel. */
  | 'refused'
  /** Too few answer. */
  | 'unknown';

/** Judges by what the orderers answered: up to f of n = 3f + 1 may be at fault, or behind. */
export function standingOf(answers: ReadonlyMap<string, OrdererAnswer>): Standing {
  const all = [...answers.values()];
  const faults = toleratedFaults(all.length);
  const heights = all.filter((answer) => typeof answer === 'number').sort((a, b) => b - a);
  const certain = heights[faults] ?? heights.at(-1);
  if (certain !== undefined) return { height: certain };
  return all.filter((answer) => answer === 'refused').length > faults ? 'refused' : 'unknown';
}

/** Waits until members of the channel have put one of these on it; answers those that are. */
export async function waitForPlace(
  newcomers: readonly Member[],
  genesis: ChannelConfig,
  here: Members,
): Promise<Member[]> {
  let placed: Member[] = [];
  await waitForOthers(async () => {
    const standings = await Promise.all(
      newcomers.map(async (member) => ({ member, standing: standingOf(await member.askOrderers(genesis)) })),
    );
    placed = standings.flatMap(({ member, standing }) => (typeof standing === 'object' ? member : []));
    if (placed.length > 0) return undefined;
    const names = here.names(newcomers.map(({ mspId }) => mspId));
    return standings.every(({ standing }) => standing === 'unknown')
      ? `the orderers of ${here.names(genesis.ordererOrganizations.keys())} to answer`
      : `the members to put ${names} on ${here.channel} (umlauf org add, org sign, org submit)`;
  }, here.patience);
  return placed;
}

/** Waits until so many orderers serve the channel that something can be written. */
export async function waitForOrderers(member: Member, here: Members): Promise<void> {
  const config = await here.configuration();
  await waitForOthers(async () => {
    const answers = await member.askOrderers(config);
    const silent = [...answers].flatMap(([mspId, answer]) => (typeof answer === 'number' ? [] : [mspId]));
    const answering = answers.size - silent.length;
    const quorum = bftQuorum(config.consenters.length);
    return answering >= quorum
      ? undefined
      : `the orderers of ${here.names(silent)}: ${answering} of ${answers.size} answer, ${quorum} are needed`;
  }, here.patience);
}

/** Brings a definition into force together with the others, however long they take to approve it. */
export async function commitWithOthers(
  member: Member,
  definition: ChaincodeDefinition,
  here: Members,
): Promise<void> {
  const { name, version } = definition;
  await waitForOthers(async () => {
    const tried = await tryToCommit(member, definition, here);
    if (tried === 'in force') return undefined;
    if ('failed' in tried)
      return `${tried.enough} members' peers to bring ${name} into force: ${tried.failed.message}`;
    const { missing, enough, of } = tried;
    return `${here.names(missing)} to approve ${name} ${version}: ${enough} of ${of} are needed`;
  }, here.patience);
}

/**
 * Brings a definition into force, if enough have approved it.
 * @param approved those here, who have: the first one's peer may have yet to see that
 * @returns whether it is in force; if not, too few have
 * @throws DeadlineError if enough have, and their peers don't bring it about
 */
export async function commitIfEnough(
  member: Member,
  approved: readonly Member[],
  definition: ChaincodeDefinition,
  here: Members,
): Promise<boolean> {
  return until(
    async () => {
      const tried = await tryToCommit(member, definition, here);
      if (tried === 'in force') return true;
      if ('failed' in tried) throw tried.failed; // it is tried again
      return approved.some(({ mspId }) => tried.missing.includes(mspId)) ? undefined : false;
    },
    {
      what: `${definition.name} ${definition.version} to come into force, which enough have approved`,
      deadlineMs: START_TIMEOUT_MS,
      everyMs: AGAIN_MS,
      signal: here.signal,
    },
  );
}

type Tried =
  | 'in force'
  /** MSP ids of those that have yet to approve it; how many of all have to. */
  | { readonly missing: readonly string[]; readonly enough: number; readonly of: number }
  /** Enough have, but their peers don't bring it about: one may be a block behind. */
  | { readonly failed: Error; readonly enough: number };

/**
 * As soon as enough have approved a definition, whoever sees that has their peers endorse that it comes into force. Several
 * may at once; one succeeds, and the others find it in force.
 * @throws Error if the peer doesn't answer
 */
export async function tryToCommit(
  { administrator }: Member,
  definition: ChaincodeDefinition,
  here: Members,
): Promise<Tried> {
  const { endorser, discovery } = administrator;
  const { channel } = here;
  const { name, version, sequence } = definition;
  const isInForce = async () => {
    const committed = await committedDefinition(endorser, channel, name);
    if (committed?.sequence === sequence && committed.version !== version)
      throw new UserError(
        `the members have brought ${name} ${committed.version} into force as sequence ${sequence}, not ${version}`,
      );
    return (committed?.sequence ?? 0) >= sequence;
  };
  if (await isInForce()) return 'in force';
  const approvals = await approvalsOf(endorser, channel, definition);
  const missing = unapproved(approvals);
  const enough = majorityOf(approvals.size);
  if (approvals.size - missing.length < enough) return { missing, enough, of: approvals.size };
  const able = (await discovery.peers(channel)).filter(({ mspId }) => approvals.get(mspId) === true);
  const config = await here.configuration();
  const others = able.flatMap(({ mspId, endpoint }) => {
    const roots = config.organizations.get(mspId)?.tlsRootCertificates ?? [];
    return endpoint === endorser.address.endpoint
      ? []
      : [{ endpoint, tlsRootCertificates: roots.join('\n') }];
  });
  try {
    await administrator.submit({ chaincode: LIFECYCLE, args: commitArgs(definition) }, others, enough);
    return 'in force';
  } catch (error) {
    return (await isInForce()) ? 'in force' : { failed: error as Error, enough }; // or another was faster
  }
}

/** Waits until a member's peer knows so many peers that run the chaincode that ordinary transactions can be endorsed. */
export async function waitForEndorsers(
  { administrator }: Member,
  chaincode: string,
  here: Members,
): Promise<void> {
  await waitForOthers(async () => {
    const { organizations } = await here.configuration();
    const peers = await administrator.discovery.peers(here.channel);
    const able = new Set(
      peers.flatMap(({ mspId, chaincodes }) => (chaincodes.includes(chaincode) ? [mspId] : [])),
    );
    const missing = [...organizations.keys()].filter((mspId) => !able.has(mspId));
    const enough = majorityOf(organizations.size);
    return organizations.size - missing.length >= enough
      ? undefined
      : `the peers of ${here.names(missing)} to run ${chaincode}: ${enough} of ${organizations.size} are needed`;
  }, here.patience);
}
