import type { Service, Use } from 'umlauf-chaincode/api';
import { all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { today } from '../harness/day.js';
import { EventSource } from '../harness/events.js';
import { until } from '../harness/until.js';
import { verified } from '../harness/verified.js';

let consortium: TestConsortium;
let [provider, second, third]: GatewayAccess[] = [];
beforeAll(async () => {
  consortium = await startConsortium();
  [, provider, second, third] = consortium.gateways;
}, 120_000);
afterAll(async () => await consortium.stop());

const offered = async (id: string) => {
  const body = {
    id,
    name: 'Certificate verification',
    provider: { body: 'Senate Chancellery', level: 'state' },
    focusAreas: ['blockchain'],
    description: { de: 'Prüft Nachweise.' },
  };
  const answer = await call<Service>(provider!, 'board', 'POST', '/services', { body });
  expect(answer.body).toMatchObject({ status: 'planned', memberId: provider!.memberId });
  return { day: today(), minBlock: answer.blockNumber };
};
const path = (id: string, { memberId }: GatewayAccess) => `/services/${id}/uses/${memberId}`;

describe('services', () => {
  it('are tried out, then there for all, by the board of the member that offers them', async () => {
    const { day, minBlock } = await offered('stepwise');
    const step = (status: string) => ({ body: { status, on: day }, minBlock });
    await expect(
      call(second!, 'board', 'POST', '/services/stepwise/steps', step('pilot')),
    ).rejects.toMatchObject({ problem: { type: 'urn:umlauf:problem:organization-not-allowed' } });
    const pilot = await call<Service>(provider!, 'board', 'POST', '/services/stepwise/steps', step('pilot'));
    expect(pilot.body.status).toBe('pilot');
    const again = await call<Service>(provider!, 'board', 'POST', '/services/stepwise/steps', step('pilot'));
    expect(again).toMatchObject({ status: 200, transactionId: pilot.transactionId });
    const change = { body: { address: 'https://proof.example.org' } };
    const changed = await call<Service>(provider!, 'board', 'PATCH', '/services/stepwise', change);
    expect(changed.body.address).toBe('https://proof.example.org');
    const available = await call<Service>(
      ...([provider!, 'board', 'POST', '/services/stepwise/steps', step('available')] as const),
    );
    expect(available.body.stages.map(({ status }) => status)).toEqual(['pilot', 'available']);
  });

  it('are used where both sides agree, and not withdrawn without their users being told', async () => {
    const { day, minBlock } = await offered('used');
    const asked = await call<Use>(second!, 'representative', 'PUT', path('used', second!), {
      body: {},
      minBlock,
    });
    expect(asked.body.status).toBe('requested');
    const agreed = await call<Use>(provider!, 'board', 'POST', `${path('used', second!)}/accept`, {
      body: {},
      minBlock: asked.blockNumber,
    });
    expect(agreed.body).toMatchObject({ status: 'agreed', memberState: 'agreed', holderState: 'agreed' });
    await expect(call(provider!, 'board', 'POST', '/services/used/withdraw')).rejects.toMatchObject({
      problem: { type: 'urn:umlauf:problem:wrong-status' },
    });
    const announced = await call<Service>(provider!, 'board', 'POST', '/services/used/withdrawal-notice', {
      body: { on: day },
      minBlock: agreed.blockNumber,
    });
    expect(announced.body).toMatchObject({ status: 'being-withdrawn', lastDay: day });
    const told = await EventSource.open(second!, '?from=0&resource=services/used');
    const notice = await told.has('the notice', ({ type }) => type.endsWith('service.withdrawal-announced'));
    told.close();
    expect(notice.data).toEqual({ on: day, users: [second!.memberId] });
    await expect(call(provider!, 'board', 'POST', '/services/used/withdraw')).rejects.toMatchObject({
      problem: { type: 'urn:umlauf:problem:withdrawal-not-due' },
    });
    const ended = await call<Use>(second!, 'representative', 'POST', `${path('used', second!)}/end`, {
      body: { on: day },
      minBlock: announced.blockNumber,
    });
    expect(ended.body).toMatchObject({ status: 'ended', endsOn: day });
  });

  it('have one use, without an error, where both sides begin at the same moment', async () => {
    const { minBlock } = await offered('at-once');
    const body = { body: {}, minBlock };
    await Promise.all([
      call(provider!, 'board', 'PUT', path('at-once', third!), body),
      call(third!, 'representative', 'PUT', path('at-once', third!), body),
    ]);
    const use = await until('both have agreed', async () => {
      const [only] = await all<Use>(provider!, 'auditor', '/uses?service=at-once');
      return only?.status === 'agreed' ? only : undefined;
    });
    expect(use.id).toBe(`at-once.${third!.memberId}`);
  });

  it('leave a ledger that holds when every act is performed again', async () => {
    expect(await verified(consortium)).toEqual({ exit: 0, findings: [] });
  });
});
