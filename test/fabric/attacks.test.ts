import { GatewayError } from '@hyperledger/fabric-gateway';
import { join } from 'node:path';
import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareClient, clientWith, endorsersOf } from '../harness/client.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { effectiveSince, ledgerHeight } from '../harness/ledger.js';
import { until } from '../harness/until.js';
import { missingFabric } from './binaries.js';
import { nativeProcesses } from '../harness/processes.js';
import { startAgain, startOf } from './survivor.js';

const REMOVED = 'municipal-provider-2';
const CHAIR = 'bundesdruckerei';
const RECOVERY_MS = 60_000;

let consortium: TestConsortium;
const survivors: (() => Promise<void>)[] = [];
beforeAll(async () => (consortium = await startConsortium()));
afterAll(async () => {
  await Promise.all(survivors.map((end) => end()));
  await consortium.stop();
});

async function open(id: string): Promise<Resolution> {
  const chair = consortium.gateway(CHAIR);
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
  const { body, blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  for (const gateway of consortium.gateways)
    await call(gateway, 'auditor', 'GET', `/resolutions/${id}`, { minBlock: blockNumber });
  return body;
}

const vote = (gateway: GatewayAccess, id: string) =>
  call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, { body: { choice: 'yes' } });

async function readiness({ url }: GatewayAccess): Promise<{ ok: boolean; missing: string[] }> {
  const answer = await fetch(`${url}/api/v1/health/ready`);
  return { ok: answer.ok, missing: ((await answer.json()) as { missing: string[] }).missing };
}

/** Whether a peer or an orderer gave this as its reason. */
const saying = (text: string) => (error: unknown) =>
  error instanceof GatewayError && error.details.some(({ message }) => message.includes(text));

/** An endorsed vote of the member, not yet sent. */
async function held({ id, opening }: Resolution) {
  const client = await bareClient(consortium, REMOVED, 'representative');
  const transaction = await client.contract
    .newProposal('resolutions:vote', {
      arguments: [JSON.stringify({ id, choice: 'no' })],
      endorsingOrganizations: endorsersOf(opening!, consortium.gateway(REMOVED).mspId),
    })
    .endorse();
  return { client, transaction };
}

/** Removes the member's organization; its peer and its chaincode go on as if nothing had happened. */
async function removeThoughItGoesOn(): Promise<void> {
  const running = nativeProcesses(consortium);
  const own = [...running].filter(([name]) => name.startsWith(`${REMOVED}.`) && !name.endsWith('.orderer'));
  const starts = own.map(([name, pid]) => ({ name, start: startOf(pid) }));
  expect(starts).toHaveLength(2);
  await consortium.engine.remove(consortium.gateway(REMOVED).mspId);
  for (const { name, start } of starts)
    survivors.push(startAgain(start, join(consortium.directory, `${name}.survivor.log`)));
}

describe.skipIf(missingFabric !== undefined)('an organization that was removed', () => {
  let resolution: Resolution;
  let before: Awaited<ReturnType<typeof held>>;
  let height: number;

  it('has no gateway that is ready any more, though its peer runs and answers', async () => {
    resolution = await open('removed');
    before = await held(resolution);
    expect(await readiness(consortium.gateway(REMOVED))).toEqual({ ok: true, missing: [] });
    await removeThoughItGoesOn();
    await until(
      'its gateway misses the other members and nothing else',
      async () => {
        const { ok, missing } = await readiness(consortium.gateway(REMOVED));
        return !ok && missing.join() === 'other-members';
      },
      { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
    );
    height = await ledgerHeight(consortium, CHAIR);
  });

  it("can't have a transaction ordered, not even one that was endorsed before", async () => {
    await expect(before.transaction.submit()).rejects.toSatisfy(saying('FORBIDDEN'));
    before.client.close();
    const again: unknown = await vote(consortium.gateway(REMOVED), resolution.id).catch(
      (error: unknown) => error,
    );
    expect(again).toMatchObject({ name: 'RestProblem' });
  });

  it("gets nothing endorsed or read at another member's peer", async () => {
    const { material } = await consortium.organization(REMOVED);
    const client = clientWith(consortium, REMOVED, material.users['representative']!, CHAIR);
    const { id } = resolution;
    try {
      await expect(
        client.contract.evaluateTransaction('resolutions:get', JSON.stringify({ id })),
      ).rejects.toSatisfy(saying('creator org unknown'));
      await expect(
        client.contract.submitTransaction('resolutions:vote', JSON.stringify({ id, choice: 'no' })),
      ).rejects.toSatisfy(saying('creator org unknown'));
    } finally {
      client.close();
    }
  });

  it('leaves no trace, and the others go on', async () => {
    expect(await effectiveSince(consortium, CHAIR, height)).toBe(0);
    const others = consortium.gateways.filter(({ memberId }) => memberId !== REMOVED);
    for (const gateway of others) await vote(gateway, resolution.id);
    const ballots = await all<Ballot>(
      consortium.gateway(CHAIR),
      'auditor',
      `/resolutions/${resolution.id}/ballots`,
    );
    expect(
      ballots
        .filter(({ status }) => status === 'cast')
        .map(({ memberId }) => memberId)
        .sort(),
    ).toEqual(others.map(({ memberId }) => memberId).sort());
  });
});
