import type { Participation, Project, Resolution } from 'umlauf-chaincode/api';
import { all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { today } from '../harness/day.js';
import { until } from '../harness/until.js';
import { verified } from '../harness/verified.js';

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium();
});
afterAll(async () => await consortium.stop());

const evidence = { name: 'Report.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) };
const project = (id: string, more: object = {}) => ({
  id,
  title: 'Joint infrastructure',
  purpose: 'Members run an infrastructure together.',
  focusAreas: ['blockchain'],
  kind: 'joint-operation',
  ...more,
});
const path = (id: string, gateway: GatewayAccess, role = 'operator') =>
  `/projects/${id}/participations/${gateway.memberId}/${role}`;

/** Brought in by the second member and accepted by the chair. */
async function accepted(id: string): Promise<string | undefined> {
  const lead = consortium.gateways[1]!;
  const body = project(id, { existing: { phase: 'in-operation' } });
  const { blockNumber } = await call<Project>(lead, 'board', 'POST', '/projects', { body });
  const answer = await call<Project>(
    consortium.gateway('bundesdruckerei'),
    'board',
    'POST',
    `/projects/${id}/accept`,
    { minBlock: blockNumber },
  );
  expect(answer.body).toMatchObject({ status: 'in-operation', lead: lead.memberId });
  return answer.blockNumber;
}

describe('projects', () => {
  it('are founded by a resolution and led by the member that proposed them', async () => {
    const lead = consortium.gateways[1]!;
    const { blockNumber } = await call<Project>(lead, 'board', 'POST', '/projects', {
      body: project('founded'),
    });
    const chair = consortium.gateway('bundesdruckerei');
    await call(chair, 'board', 'POST', '/resolutions', {
      body: {
        ...recordOnly('founding'),
        matter: 'project',
        effects: [{ kind: 'found-project', projectId: 'founded' }],
      },
      minBlock: blockNumber,
    });
    const opened = await call<Resolution>(chair, 'board', 'POST', '/resolutions/founding/open');
    await Promise.all(
      consortium.gateways.map((gateway) =>
        call(gateway, 'representative', 'PUT', '/resolutions/founding/ballot', {
          body: { choice: 'yes' },
          minBlock: opened.blockNumber,
        }),
      ),
    );
    const founded = await until('the project is founded', async () => {
      const { body } = await call<Project>(lead, 'auditor', 'GET', '/projects/founded');
      return body.status === 'approved' ? body : undefined;
    });
    expect(founded).toMatchObject({ origin: 'resolution', approved: { resolutionId: 'founding' } });
    const advanced = await call<Project>(lead, 'board', 'POST', '/projects/founded/phases', {
      body: { phase: 'in-development', on: today(), evidence },
    });
    expect(advanced.body.status).toBe('in-development');
    await expect(
      call(chair, 'board', 'POST', '/projects/founded/phases', {
        body: { phase: 'in-operation', on: today(), evidence },
      }),
    ).rejects.toMatchObject({ problem: { type: 'urn:umlauf:problem:organization-not-allowed' } });
  });

  it('have participants that both sides agree on, each with its own key', async () => {
    const block = await accepted('shared');
    const [, lead, third, fourth] = consortium.gateways as [GatewayAccess, ...Required<GatewayAccess>[]];
    const invited = await call<Participation>(lead!, 'board', 'PUT', path('shared', third!), {
      body: {},
      minBlock: block,
    });
    expect(invited.body.status).toBe('invited');
    const minBlock = invited.blockNumber;
    await expect(
      call(fourth!, 'board', 'POST', `${path('shared', third!)}/accept`, { minBlock }),
    ).rejects.toMatchObject({ problem: { type: 'urn:umlauf:problem:organization-not-allowed' } });
    const agreed = await call<Participation>(
      third!,
      'representative',
      'POST',
      `${path('shared', third!)}/accept`,
      { minBlock },
    );
    expect(agreed.body).toMatchObject({ status: 'agreed', memberState: 'agreed', holderState: 'agreed' });
    const again = await call<Participation>(
      third!,
      'representative',
      'POST',
      `${path('shared', third!)}/accept`,
      { minBlock: agreed.blockNumber },
    );
    expect(again).toMatchObject({ status: 200, transactionId: agreed.transactionId });
    const ended = await call<Participation>(
      third!,
      'representative',
      'POST',
      `${path('shared', third!)}/end`,
      { body: { on: today() } },
    );
    expect(ended.body.status).toBe('ended');
  });

  it('have one participation, without an error, where both sides begin at the same moment', async () => {
    const block = await accepted('at-once');
    const [, lead, third, fourth] = consortium.gateways as [GatewayAccess, ...Required<GatewayAccess>[]];
    for (const member of [third!, fourth!]) {
      const both = await Promise.all([
        call<Participation>(lead!, 'board', 'PUT', path('at-once', member), { body: {}, minBlock: block }),
        call<Participation>(member, 'representative', 'PUT', path('at-once', member), {
          body: {},
          minBlock: block,
        }),
      ]);
      expect(both.map(({ body }) => body.status)).toContain('agreed');
    }
    const listed = await until('both are agreed', async () => {
      const items = await all<Participation>(lead!, 'auditor', '/participations?project=at-once');
      return items.every(({ status }) => status === 'agreed') ? items : undefined;
    });
    expect(listed).toHaveLength(2);
  });

  it('pass to another lead that both agree on, which then declares its phases', async () => {
    const block = await accepted('passed-on');
    const [, lead, third] = consortium.gateways as [GatewayAccess, ...Required<GatewayAccess>[]];
    const { blockNumber } = await call<Participation>(
      lead!,
      'board',
      'PUT',
      path('passed-on', third!, 'lead'),
      { body: {}, minBlock: block },
    );
    const agreed = await call<Participation>(
      third!,
      'representative',
      'PUT',
      path('passed-on', third!, 'lead'),
      { body: {}, minBlock: blockNumber },
    );
    expect(agreed.body.status).toBe('agreed');
    const { body } = await call<Project>(third!, 'board', 'POST', '/projects/passed-on/phases', {
      body: { phase: 'ended', on: today(), evidence },
      minBlock: agreed.blockNumber,
    });
    expect(body).toMatchObject({ status: 'ended', lead: third!.memberId });
  });

  it('leave a ledger that holds when every act is performed again', async () => {
    expect(await verified(consortium)).toEqual({ exit: 0, findings: [] });
  });
});
