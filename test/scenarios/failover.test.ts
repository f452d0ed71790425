/**
 * A gateway with two ways to its peers, of which one after the other fails: nothing is written twice, nothing of what was
 * written is lost, no reader is refused and no follower of events misses one. Both lead to the same peer, which is all that
 * a member has here.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { RestProblem, all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingFabric } from '../fabric/binaries.js';
import { ENGINE, recordOnly } from '../harness/consortium.js';
import { EventSource } from '../harness/events.js';
import { GatewayProcess } from '../harness/gateway-process.js';
import { startHome, type Home } from '../harness/home.js';
import { Line } from '../harness/line.js';
import { until } from '../harness/until.js';

const MEMBER = 'itdz-berlin';
const RESOLUTIONS = 24;
const CUTS = 6;
const PATIENCE = { timeoutMilliseconds: 60_000, pauseMilliseconds: 20 };
const skipped = missingFabric !== undefined && ENGINE === 'fabric';

let home: Home | undefined;
let chair: GatewayAccess;
let lines: [Line, Line];
let gateway: GatewayProcess;

beforeAll(async () => {
  if (skipped) return;
  home = await startHome({ engine: ENGINE });
  chair = home.gateway('bundesdruckerei');
  const port = home.port(MEMBER, 'peer');
  lines = [await Line.to(port), await Line.to(port)];
  const configuration = readFileSync(join(home.directory, 'gateways', MEMBER, 'gateway.yaml'), 'utf8');
  const roots = /tlsRootCertificates: (\S+)/.exec(configuration)?.[1];
  gateway = await GatewayProcess.start(home, home.gateway(MEMBER), {
    settings: { furtherPeers: [{ endpoint: lines[1].endpoint, tlsRootCertificates: roots }] },
    environment: { UMLAUF_GATEWAY_PEER_ENDPOINT: lines[0].endpoint },
  });
  await onPeer(1);
}, 120_000);
afterAll(async () => {
  if (skipped) return;
  const code = await gateway.stop();
  await Promise.all(lines.map((line) => line.cut()));
  await home?.remove();
  expect(code).toBe(0);
}, 120_000);

const onPeer = (peer: number) =>
  until(
    `it is ready with peer ${peer}`,
    async () => {
      const answer = await fetch(`${gateway.access.url}/health/ready`);
      return answer.ok && ((await answer.json()) as { peer: number }).peer === peer;
    },
    PATIENCE,
  );

async function open(id: string): Promise<string> {
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, { majority: 'unanimous' }) });
  const { blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  return blockNumber ?? '0';
}

/** Votes until there is an answer, under one key. @returns the transaction */
async function vote(id: string): Promise<string | undefined> {
  const idempotencyKey = randomUUID();
  const { transactionId } = await until(
    `the vote on ${id} is answered`,
    async () => {
      try {
        return await call<Ballot>(gateway.access, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
          ...{ body: { choice: 'yes' }, idempotencyKey },
        });
      } catch (error) {
        if (error instanceof RestProblem && (error.status >= 500 || error.is('request-in-progress')))
          return undefined;
        throw error;
      }
    },
    PATIENCE,
  );
  return transactionId;
}

describe.skipIf(skipped)('a gateway with two ways to its peers', () => {
  it('goes from one to the other and back under votes, reads and events', async () => {
    const ids = Array.from({ length: RESOLUTIONS }, (_, index) => `failover-${index}`);
    let minBlock = '0';
    for (const id of ids) minBlock = await open(id);
    await call(gateway.access, 'auditor', 'GET', '/members', { minBlock });
    const events = await EventSource.open(gateway.access, '?from=0');

    const ended = new AbortController();
    const refused: string[] = [];
    const reader = (async () => {
      while (!ended.signal.aborted)
        await call(gateway.access, 'auditor', 'GET', `/resolutions/${ids[0]}`).catch((error: unknown) =>
          refused.push(String(error)),
        );
    })();
    const told = new Map<string, string | undefined>();
    const queue = [...ids];
    const voters = Array.from({ length: 4 }, async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        // Some are under way at each cut.
        await until('its turn', () => told.size >= ids.length - queue.length - 5 || undefined, PATIENCE);
        told.set(id, await vote(id));
      }
    });
    const cuts = (async () => {
      for (let cut = 0; cut < CUTS; cut += 1) {
        const [failing, other] = cut % 2 === 0 ? lines : [lines[1], lines[0]];
        await until('votes', () => told.size >= (cut * ids.length) / CUTS || undefined, PATIENCE);
        await other.mend();
        await failing.cut();
        await onPeer(2 - (cut % 2));
      }
      await Promise.all(lines.map((line) => line.mend()));
    })();
    await Promise.all([cuts, ...voters]);
    ended.abort();
    await reader;

    expect(refused).toEqual([]);
    for (const id of ids) {
      const ballots = await all<Ballot>(chair, 'auditor', `/resolutions/${id}/ballots`);
      const own = ballots.filter(({ memberId, status }) => memberId === MEMBER && status === 'cast');
      expect(own.map(({ transactionId }) => transactionId)).toEqual([told.get(id)]);
    }
    const last = await open('failover-last');
    const elsewhere = await EventSource.open(chair, '?from=0');
    for (const source of [events, elsewhere])
      await source.has('the last event', ({ blocknumber }) => blocknumber === last);
    // Members declare their sites meanwhile: a block after the last vote may have come to one of the two already.
    const positions = (source: EventSource) =>
      source.events.flatMap(({ position, blocknumber }) =>
        Number(blocknumber) <= Number(last) ? position : [],
      );
    expect(positions(events)).toEqual(positions(elsewhere));
    events.close();
    elsewhere.close();
  }, 300_000);

  it('notices that nothing comes through any more, without anybody asking', async () => {
    const answer = await fetch(`${gateway.access.url}/health/ready`);
    const { peer } = (await answer.json()) as { peer: number };
    lines[peer - 1]?.die();
    await onPeer(3 - peer);
    const { body } = await call<Resolution>(gateway.access, 'auditor', 'GET', '/resolutions/failover-last');
    expect(body.status).toBe('open');
    await lines[peer - 1]?.mend();
  }, 120_000);
});
