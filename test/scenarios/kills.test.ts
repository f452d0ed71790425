/**
 * Votes through gateways of their own processes, which are killed at random, as are their peers: none is lost, none counts
 * twice, and nobody is told anything false. Each client sends its vote under a key until it has an answer.
 *
 * `UMLAUF_KILL_VOTES` and `UMLAUF_KILL_SEED` play another one; without them it is the same each time, and on real
 * Fabric a shorter one: there each start takes seconds.
 */
import { randomUUID } from 'node:crypto';
import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { RestProblem, all, call, type Answer, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { missingFabric } from '../fabric/binaries.js';
import { ENGINE, recordOnly } from '../harness/consortium.js';
import { GatewayProcess } from '../harness/gateway-process.js';
import { startHome, type Home } from '../harness/home.js';
import { killHolder, killNative } from '../harness/processes.js';
import { until } from '../harness/until.js';

const VOTES = Number(process.env['UMLAUF_KILL_VOTES'] ?? (ENGINE === 'fabric' ? 160 : 1_000));
const SEED = Number(process.env['UMLAUF_KILL_SEED'] ?? 1);
const IN_FLIGHT = 16;
/** A gateway is killed once in so many votes, a peer once in ten times as many. */
const VOTES_A_KILL = 16;
const PATIENCE_MS = 120_000;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Vote {
  readonly gateway: GatewayProcess;
  readonly id: string;
  readonly key: string;
}

let home: Home | undefined;
let gateways: GatewayProcess[] = [];
beforeAll(async () => {
  if (missingFabric !== undefined && ENGINE === 'fabric') return;
  const started = (home = await startHome({ engine: ENGINE }));
  gateways = await Promise.all(started.gateways().map((member) => GatewayProcess.start(started, member)));
}, PATIENCE_MS);
afterAll(async () => {
  const codes = await Promise.all(gateways.map((gateway) => gateway.stop()));
  await home?.remove();
  expect(codes.every((code) => code === 0)).toBe(true);
}, PATIENCE_MS);

/** The peers behind the gateways: all of them are one process on the embedded network, which somebody has to start again. */
async function killPeer(home: Home, memberId: string): Promise<void> {
  if (ENGINE === 'fabric') return killNative(home, `${memberId}.peer`);
  await killHolder(home);
  await home.up();
}

async function open(id: string, chair: GatewayAccess): Promise<string> {
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, { majority: 'unanimous' }) });
  const { blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  return blockNumber ?? '0';
}

/** What leaves the outcome open: no connection, or an answer that says so. */
const leavesOpen = (error: unknown): boolean =>
  error instanceof RestProblem
    ? error.status >= 500 || error.is('request-in-progress')
    : error instanceof TypeError;

/** Transactions that a gateway left open, and by which vote. */
const inDoubt: { readonly vote: Vote; readonly transactionId: string }[] = [];

const put = ({ gateway, id, key }: Vote): Promise<Answer<Ballot>> =>
  call<Ballot>(gateway.access, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
    body: { choice: 'yes' },
    idempotencyKey: key,
  });

async function cast(vote: Vote): Promise<Answer<Ballot>> {
  return until(
    `${vote.gateway.access.memberId} is told of its vote on ${vote.id}`,
    async () => {
      try {
        return await put(vote);
      } catch (error) {
        if (!leavesOpen(error)) throw error;
        const transactionId = error instanceof RestProblem ? error.problem['transactionId'] : undefined;
        if (typeof transactionId === 'string') inDoubt.push({ vote, transactionId });
        return undefined;
      }
    },
    { timeoutMilliseconds: PATIENCE_MS, pauseMilliseconds: 100 },
  );
}

it.skipIf(missingFabric !== undefined && ENGINE === 'fabric')(
  `${VOTES} votes survive kill -9 of gateways and peers (seed ${SEED})`,
  async () => {
    const next = random(SEED);
    const pick = (): GatewayProcess => gateways[Math.floor(next() * gateways.length)]!;
    const chair = gateways[0]!.access;
    const ids = Array.from(
      { length: Math.ceil(VOTES / gateways.length) },
      (_, index) => `kills-${SEED}-${index}`,
    );
    const votes: Vote[] = [];
    for (const id of ids) {
      const minBlock = await open(id, chair);
      for (const gateway of gateways) {
        await call(gateway.access, 'auditor', 'GET', `/resolutions/${id}`, { minBlock });
        votes.push({ gateway, id, key: randomUUID() });
      }
    }

    const answers = new Map<Vote, Answer<Ballot>>();
    const queue = [...votes].sort((a, b) => (a.key < b.key ? -1 : 1));
    const clients = Array.from({ length: IN_FLIGHT }, async () => {
      for (let vote = queue.pop(); vote; vote = queue.pop()) answers.set(vote, await cast(vote));
    });
    const kills = (async () => {
      for (let kill = 1; kill * VOTES_A_KILL < votes.length; kill += 1) {
        const struck = (kill - next()) * VOTES_A_KILL;
        await until(`${struck} votes`, () => answers.size >= struck || undefined, {
          timeoutMilliseconds: PATIENCE_MS,
          pauseMilliseconds: 1,
        });
        if (kill % 10 === 5) await killPeer(home!, pick().access.memberId);
        else await pick().kill();
      }
    })();
    await Promise.all([...clients, kills]);

    // Each is told the same again, and the ballot that counts is the one that was told of.
    for (const [vote, { body, transactionId }] of answers) {
      expect(body).toMatchObject({ status: 'cast', choice: 'yes', memberId: vote.gateway.access.memberId });
      expect(body.transactionId).toBe(transactionId);
    }
    for (const vote of votes.slice(0, 20)) expect(await cast(vote)).toEqual(answers.get(vote));
    for (const id of ids) {
      const counted = await until(`${id} is decided`, async () => {
        const { body } = await call<Resolution>(chair, 'auditor', 'GET', `/resolutions/${id}`);
        return body.status === 'open' ? undefined : body;
      });
      expect(counted).toMatchObject({ status: 'adopted', tally: { yes: gateways.length, notCast: 0 } });
      const ballots = await all<Ballot>(chair, 'auditor', `/resolutions/${id}/ballots`);
      const told = votes.filter((vote) => vote.id === id).map((vote) => answers.get(vote)?.transactionId);
      expect(ballots.map(({ transactionId }) => transactionId).sort()).toEqual(told.sort());
    }
    for (const { vote, transactionId } of inDoubt) {
      const { body } = await call<{ status: string }>(
        vote.gateway.access,
        'auditor',
        'GET',
        `/transactions/${transactionId}`,
      );
      const counts = answers.get(vote)?.transactionId === transactionId;
      expect([transactionId, body.status === 'valid']).toEqual([transactionId, counts]);
    }
  },
  20 * 60_000,
);
