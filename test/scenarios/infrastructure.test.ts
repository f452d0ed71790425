import type { BylawsVersion, Node, Site } from 'umlauf-chaincode/api';
import type { InfrastructureNode } from 'umlauf-client';
import { all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';

let consortium: TestConsortium;
let operator: GatewayAccess;
let other: GatewayAccess;
/** A day that is neither before the foundation nor after today. */
let day: string;

beforeAll(async () => {
  consortium = await startConsortium();
  [, operator, other] = consortium.gateways as [GatewayAccess, GatewayAccess, GatewayAccess];
  const { body } = await call<BylawsVersion>(operator, 'auditor', 'GET', '/bylaws?version=foundation');
  day = body.effectiveFrom;
});
afterAll(async () => await consortium.stop());

const node = (id: string, change: object = {}) => ({
  id,
  kind: 'peer',
  endpoint: `${id}.example:7051`,
  runningSince: day,
  ...change,
});

async function declared(id: string, nodes: object[]): Promise<string | undefined> {
  const body = {
    id,
    name: `Site ${id}`,
    kind: 'data-centre',
    municipality: 'Kiel',
    runningSince: day,
    nodes,
  };
  const answer = await call<Site>(operator, 'board', 'POST', '/sites', { body });
  expect(answer).toMatchObject({ status: 201, body: { status: 'running', memberId: operator.memberId } });
  return answer.blockNumber;
}

/** Of one site, as another member's gateway compares it. */
async function comparison(site: string, minBlock?: string): Promise<Record<string, string>> {
  const nodes = await all<InfrastructureNode>(other, 'auditor', '/infrastructure', { minBlock });
  const ofSite = nodes.filter((each) => each.declared?.site === site);
  return Object.fromEntries(ofSite.map(({ id, status }) => [id, status]));
}

describe('the infrastructure', () => {
  it('is observed by every gateway: all peers with their heights, and the orderers of the channel', async () => {
    const count = consortium.gateways.length;
    for (const gateway of [operator, other])
      await until(`${gateway.memberId} sees all nodes`, async () => {
        const nodes = await all<InfrastructureNode>(gateway, 'auditor', '/infrastructure');
        const seen = nodes.filter(({ observed }) => observed?.seen);
        const peers = seen.filter(({ kind, observed }) => kind === 'peer' && (observed?.height ?? 0) > 0);
        const organizations = new Set(peers.map(({ mspId }) => mspId));
        return organizations.size === count && seen.some(({ kind }) => kind === 'orderer') ? true : undefined;
      });
    const ready = (await (await fetch(`${operator.url}/health/ready`)).json()) as object;
    expect(ready).toMatchObject({ status: 'ready', missing: [] });
    expect(ready).not.toHaveProperty('endorsersAway');
  });

  it('is declared by the network itself when it comes up, once, and agrees with what is seen', async () => {
    const own = ({ id, declared }: InfrastructureNode) =>
      declared?.site === `${declared?.memberId ?? ''}-site` && id;
    const agreed = await until('all agree', async () => {
      const nodes = (await all<InfrastructureNode>(other, 'auditor', '/infrastructure')).filter(own);
      const differing = nodes.filter(({ status }) => status !== 'agrees' && status !== 'unobservable');
      return differing.length === 0 ? nodes : undefined;
    });
    for (const { memberId, mspId } of consortium.gateways)
      for (const kind of ['peer', 'orderer', 'gateway'])
        expect(agreed.filter((node) => node.mspId === mspId && node.kind === kind)).toMatchObject([
          { declared: { site: `${memberId}-site`, status: 'running' } },
        ]);
    const sites = () => all<Site>(consortium.gateways[1]!, 'auditor', '/sites');
    const before = await sites();
    expect(before.map(({ id }) => id).sort()).toEqual(
      consortium.gateways.map(({ memberId }) => `${memberId}-site`).sort(),
    );
    expect(before.find(({ memberId }) => memberId === 'itdz-berlin')).toMatchObject({
      municipality: 'Berlin',
    });
    await consortium.restart();
    [, operator, other] = consortium.gateways as [GatewayAccess, GatewayAccess, GatewayAccess];
    expect(await sites()).toEqual(before);
    expect(consortium.alarms).toEqual([]);
  });

  it('shows what is declared beside what is observed, and where they differ', async () => {
    const { endpoint } = consortium.peer(operator.memberId);
    const block = await declared('compared', [
      node('seen-peer', { endpoint }),
      node('absent-peer'),
      node('absent-orderer', { kind: 'orderer' }),
      { id: 'a-gateway', kind: 'gateway', runningSince: day },
      { id: 'a-plan', kind: 'other' },
    ]);
    expect(await comparison('compared', block)).toEqual({
      'seen-peer': 'agrees',
      'absent-peer': 'declared-not-seen',
      'absent-orderer': 'declared-not-seen',
      'a-gateway': 'unobservable',
      'a-plan': 'planned',
    });
    const path = '/nodes/absent-peer/end';
    const ended = await call<Node>(operator, 'board', 'POST', path, { body: { on: day } });
    expect(ended.body.status).toBe('ended');
    expect(await comparison('compared', ended.blockNumber)).not.toHaveProperty('absent-peer');
  });

  it('is its operator’s to declare, change and end, site by site and node by node', async () => {
    await declared('kept', [node('kept-peer')]);
    const another = { ...node('intruder'), site: 'kept' };
    await expect(call(other, 'board', 'POST', '/nodes', { body: another })).rejects.toMatchObject({
      problem: { type: 'urn:umlauf:problem:site-of-another', data: { memberId: operator.memberId } },
    });
    await expect(
      call(other, 'board', 'PATCH', '/sites/kept', { body: { name: 'Taken' } }),
    ).rejects.toMatchObject({ problem: { type: 'urn:umlauf:problem:organization-not-allowed' } });
    const change = { body: { description: 'Two cores' } };
    const changed = await call<Node>(operator, 'board', 'PATCH', '/nodes/kept-peer', change);
    expect(changed.body).toMatchObject({ description: 'Two cores', changed: { mspId: operator.mspId } });
    // Sent again it is answered with what stands.
    const again = await call<Node>(operator, 'board', 'PATCH', '/nodes/kept-peer', change);
    expect(again).toMatchObject({ status: 200, transactionId: changed.transactionId });
    const end = { body: { on: day } };
    await expect(call(operator, 'board', 'POST', '/sites/kept/end', end)).rejects.toMatchObject({
      problem: { type: 'urn:umlauf:problem:site-in-use', data: { nodes: ['kept-peer'], more: 0 } },
    });
    await call(operator, 'board', 'POST', '/nodes/kept-peer/end', end);
    const ended = await call<Site>(operator, 'board', 'POST', '/sites/kept/end', end);
    expect(ended.body).toMatchObject({ status: 'ended', ended: { on: day } });
  });

  it('never has two members conflict, each with its own', async () => {
    const declarations = consortium.gateways.map((gateway, index) =>
      call<Site>(gateway, 'board', 'POST', '/sites', {
        body: {
          id: `at-once-${index}`,
          name: 'Site',
          kind: 'cloud',
          municipality: 'Kiel',
          runningSince: day,
          nodes: [{ id: `at-once-node-${index}`, kind: 'other', runningSince: day }],
        },
      }),
    );
    for (const { status } of await Promise.all(declarations)) expect(status).toBe(201);
    const changes = consortium.gateways.map((gateway, index) =>
      call<Node>(gateway, 'board', 'PATCH', `/nodes/at-once-node-${index}`, {
        body: { description: 'Changed' },
      }),
    );
    for (const { body } of await Promise.all(changes)) expect(body.description).toBe('Changed');
  });
});
