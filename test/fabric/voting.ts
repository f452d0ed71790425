/** Ballots under a fault: cast by clients that ask again until they have an answer, and counted afterwards. */
import type { Ballot, Choice, Resolution } from 'umlauf-chaincode/api';
import { all, call, RestProblem, type GatewayAccess } from 'umlauf-network';
import { expect } from 'vitest';
import { recordOnly } from '../harness/consortium.js';
import { until } from '../harness/until.js';
import type { Home } from '../harness/home.js';

const RESOLUTIONS = 16;
/** So many ballots are acknowledged when the fault strikes: the others are under way. */
const BEFORE_THE_FAULT = 8;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 200;

interface Acknowledged {
  readonly resolutionId: string;
  readonly memberId: string;
  readonly choice: Choice;
  readonly transactionId: string;
}

export interface FaultOptions {
  /** How many of the sixteen resolutions are voted on only when the fault is over. Default: 0. */
  readonly afterwards?: number;
}

/**
 * Opens sixteen resolutions that need every member, has all members vote on all of them at once, lets the fault strike
 * in the middle, and makes sure that each acknowledged ballot counts, exactly once.
 * @param name unique in the home
 * @param fault resolves when what it broke is whole again
 */
export async function voteUnder(
  home: Home,
  name: string,
  fault: () => Promise<void>,
  { afterwards = 0 }: FaultOptions = {},
): Promise<void> {
  const ids = Array.from({ length: RESOLUTIONS }, (_, index) => `${name}-${index}`);
  const voters = home.gateways().map(({ memberId }) => memberId);
  const block = Math.max(...(await Promise.all(ids.map((id) => open(home, id)))));
  await Promise.all(voters.map((voter) => seen(home.gateway(voter), ids[0] ?? '', block)));

  const client = new PersistentClient(home);
  const over = struck(client, fault);
  const ballots = await Promise.all(
    ids.flatMap((id, index) =>
      voters.map(async (voter, place) => {
        if (index >= RESOLUTIONS - afterwards) await over;
        // One voter a resolution may abstain: under unanimity of the votes cast that leaves the outcome as it is.
        return client.cast(voter, id, place === index % 8 ? 'abstain' : 'yes');
      }),
    ),
  );
  await over;
  for (const id of ids) await expectCounted(home, id, ballots);
  await client.expectTrueAnswers();
}

async function struck(client: PersistentClient, fault: () => Promise<void>): Promise<void> {
  await until('the first ballots', () => client.acknowledged >= BEFORE_THE_FAULT, {
    timeoutMilliseconds: PATIENCE_MS,
  });
  await fault();
}

async function open(home: Home, id: string): Promise<number> {
  const chair = home.gateway('bundesdruckerei');
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, { majority: 'unanimous' }) });
  const { blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  return Number(blockNumber);
}

/** Waits until a gateway's peer has a block. */
async function seen(gateway: GatewayAccess, id: string, block: number): Promise<void> {
  await call(gateway, 'auditor', 'GET', `/resolutions/${id}`, { minBlock: String(block) });
}

/** Asks again after every answer that leaves the outcome open, and remembers what it was told. */
class PersistentClient {
  acknowledged = 0;
  /** Transactions that a gateway left open, by ballot. */
  private readonly inDoubt: { readonly memberId: string; readonly transactionId: string }[] = [];
  private readonly counted = new Set<string>();

  constructor(private readonly home: Home) {}

  async cast(memberId: string, resolutionId: string, choice: Choice): Promise<Acknowledged> {
    let doubtful = false;
    const { transactionId } = await until(
      `${memberId} is told that its ballot on ${resolutionId} is cast`,
      async () => {
        try {
          const gateway = this.home.gateway(memberId);
          const cast = doubtful ? await ownBallot(gateway, resolutionId) : undefined;
          return cast ?? (await put(gateway, resolutionId, choice));
        } catch (error) {
          if (!leavesOpen(error)) throw error;
          doubtful = true;
          this.remember(memberId, error);
          return undefined;
        }
      },
      { timeoutMilliseconds: PATIENCE_MS, pauseMilliseconds: PAUSE_MS },
    );
    this.acknowledged += 1;
    this.counted.add(transactionId);
    return { resolutionId, memberId, choice, transactionId };
  }

  /** Whatever was left open turns out to be the ballot that counts, or to have had no effect. */
  async expectTrueAnswers(): Promise<void> {
    for (const { memberId, transactionId } of this.inDoubt) {
      const found = await call<{ status: string }>(
        this.home.gateway(memberId),
        'auditor',
        'GET',
        `/transactions/${transactionId}`,
      ).catch((error: unknown) => {
        if (error instanceof RestProblem && error.is('not-found')) return undefined;
        throw error;
      });
      expect(found?.body.status === 'valid').toBe(this.counted.has(transactionId));
    }
  }

  private remember(memberId: string, error: unknown): void {
    const transactionId = error instanceof RestProblem ? error.problem['transactionId'] : undefined;
    if (typeof transactionId === 'string') this.inDoubt.push({ memberId, transactionId });
  }
}

async function put(gateway: GatewayAccess, id: string, choice: Choice): Promise<{ transactionId: string }> {
  const { body } = await call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
    body: { choice },
  });
  if (body.status !== 'cast' || body.choice !== choice || body.transactionId === undefined)
    throw new Error(`${gateway.memberId} was told of another ballot: ${JSON.stringify(body)}`);
  return { transactionId: body.transactionId };
}

async function ownBallot(gateway: GatewayAccess, id: string): Promise<{ transactionId: string } | undefined> {
  const ballots = await all<Ballot>(gateway, 'auditor', `/resolutions/${id}/ballots`);
  const own = ballots.find(({ memberId, status }) => memberId === gateway.memberId && status === 'cast');
  return own?.transactionId === undefined ? undefined : { transactionId: own.transactionId };
}

/** No connection, no home (it comes up again), or an answer that says that the outcome is open. */
function leavesOpen(error: unknown): boolean {
  if (error instanceof RestProblem) return error.status >= 500 || error.status === 429;
  return error instanceof TypeError || (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The decision holds exactly the ballots that were acknowledged. */
async function expectCounted(home: Home, id: string, ballots: readonly Acknowledged[]): Promise<void> {
  const decided = await until(
    `${id} is decided`,
    async () => {
      const gateway = home.gateway('bundesdruckerei');
      const answer = await call<Resolution>(gateway, 'auditor', 'GET', `/resolutions/${id}`).catch(
        (error: unknown) => {
          if (!leavesOpen(error)) throw error;
        },
      );
      return answer && answer.body.status !== 'open' ? answer.body : undefined;
    },
    { timeoutMilliseconds: PATIENCE_MS, pauseMilliseconds: PAUSE_MS },
  );
  const cast = ballots.filter(({ resolutionId }) => resolutionId === id);
  const count = (choice: Choice) => cast.filter((ballot) => ballot.choice === choice).length;
  expect(decided).toMatchObject({
    id,
    status: 'adopted',
    tally: { yes: count('yes'), abstain: count('abstain'), no: 0, notCast: 0 },
  });
  const inOrder = (items: readonly Pick<Acknowledged, 'memberId' | 'choice' | 'transactionId'>[]) =>
    items.map(({ memberId, choice, transactionId }) => `${memberId} ${choice} ${transactionId}`).sort();
  expect(inOrder(decided.decision?.ballots ?? [])).toEqual(inOrder(cast));
}
