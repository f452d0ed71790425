import type { Ballot, Member, Node, OpenPoint, Resolution, Site } from 'umlauf-chaincode/api';
import { all, call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { today } from '../harness/day.js';
import { until } from '../harness/until.js';

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';

let consortium: TestConsortium;
beforeAll(async () => (consortium = await startConsortium()));
afterAll(async () => await consortium.stop());

/** Proposes and opens an admission, has every member say yes, and waits for the outcome. */
async function admit(memberId: string): Promise<Resolution> {
  const proposer = consortium.gateway('itdz-berlin');
  const id = `admission-${memberId}`;
  await call(proposer, 'board', 'POST', '/resolutions', {
    body: {
      id,
      title: `Admission of ${memberId}`,
      motion: 'The general assembly admits the applicant.',
      matter: 'admission',
      form: 'circular',
      procedureBasis: 'bylaws-clause',
      votingPeriod: 'P7D',
      effects: [{ kind: 'admit', memberId }],
    },
  });
  const { blockNumber } = await call(proposer, 'board', 'POST', `/resolutions/${id}/open`);
  await Promise.all(
    consortium.gateways.map((gateway) =>
      call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
        body: { choice: 'yes' },
        minBlock: blockNumber,
      }),
    ),
  );
  return until(`${id} is decided`, async () => {
    const { body } = await call<Resolution>(proposer, 'auditor', 'GET', `/resolutions/${id}`);
    return body.status === 'open' ? undefined : body;
  });
}

describe('an applicant becomes a member by a unanimous circular resolution', () => {
  it('its organization joins the running network, with a gateway of its own', async () => {
    await call(consortium.gateway('itdz-berlin'), 'board', 'POST', '/members', {
      body: consortium.application(NRW),
    });
    const resolution = await admit(NRW);
    expect(resolution).toMatchObject({
      status: 'adopted',
      tally: { yes: 4, no: 0, abstain: 0, notCast: 0 },
      effectResults: [{ kind: 'admit', effective: 'at-once' }],
    });
    expect(resolution.risks.map(({ code }) => code)).toContain('circular-form-not-statutory');
    const own = await consortium.joined(NRW);
    const { body: member } = await call<Member>(own, 'auditor', 'GET', `/members/${NRW}`);
    expect(member).toMatchObject({
      status: 'admitted',
      office: 'CIO',
      operator: 'IT.NRW',
      admission: { resolutionId: `admission-${NRW}` },
      joined: { mspId: 'NorthRhineWestphaliaMSP' },
    });
    expect(await all<OpenPoint>(own, 'auditor', '/open-points')).toEqual([]);
  });

  it('the network declares what it runs: the founders’ sites with an orderer each, and the new member’s without', async () => {
    const reader = consortium.gateway('itdz-berlin');
    const sites = await until('every site is declared', async () => {
      const declared = await all<Site>(reader, 'auditor', '/sites?status=running');
      return declared.length === consortium.gateways.length ? declared : undefined;
    });
    const members = consortium.gateways.map(({ memberId }) => memberId).sort();
    expect(sites.map(({ id }) => id).sort()).toEqual(members.map((id) => `${id}-site`));
    const nodes = await all<Node>(reader, 'auditor', '/nodes?status=running');
    const operators = (kind: Node['kind']) =>
      nodes
        .flatMap((node) => (node.kind === kind && node.site === `${node.memberId}-site` ? node.memberId : []))
        .sort();
    expect(operators('peer')).toEqual(members);
    expect(operators('gateway')).toEqual(members);
    expect(operators('orderer')).toEqual(members.filter((id) => id !== NRW));
  });

  it('the new member votes on the next admission with its own key', async () => {
    await call(consortium.gateway(NRW), 'board', 'POST', '/members', {
      body: consortium.application(BAVARIA),
    });
    const resolution = await admit(BAVARIA);
    expect(resolution).toMatchObject({ status: 'adopted', tally: { yes: 5 } });
    expect(resolution.decision?.ballots.map(({ memberId }) => memberId)).toContain(NRW);
    await consortium.joined(BAVARIA);
  });

  it('nothing is lost by stopping and starting again', async () => {
    const before = await all<Member>(consortium.gateway(NRW), 'auditor', '/members');
    const resolutions = await all<Resolution>(consortium.gateway(NRW), 'auditor', '/resolutions');
    await consortium.restart();
    expect(consortium.gateways).toHaveLength(6);
    for (const gateway of consortium.gateways) {
      expect(await all<Member>(gateway, 'auditor', '/members')).toEqual(before);
      expect(await all<Resolution>(gateway, 'auditor', '/resolutions')).toEqual(resolutions);
    }
  });

  it('who the members were on a date follows from the dates of admission', async () => {
    const reader = consortium.gateway(NRW);
    const ids = async (query: string) =>
      (await all<Member>(reader, 'auditor', `/members?${query}`)).map(({ id }) => id);
    expect(await ids('at=2020-01-01')).toEqual([]);
    expect(await ids(`at=${today()}&limit=1`)).toHaveLength(6);
    expect(await ids('level=federal')).toEqual(['bundesdruckerei']);
    expect((await ids('status=admitted&level=state&limit=2')).sort()).toEqual(
      [BAVARIA, 'itdz-berlin', NRW].sort(),
    );
  });
});

describe('the network follows the register', () => {
  it('an admitted member that the consortium file does not list raises an alarm that says what it blocks', async () => {
    const body = {
      ...consortium.application(BAVARIA),
      id: 'stranger',
      mspId: 'StrangerMSP',
      legalName: 'Unlisted provider',
    };
    await call(consortium.gateway('itdz-berlin'), 'board', 'POST', '/members', { body });
    expect((await admit('stranger')).status).toBe('adopted');
    const alarm = await until('the alarm', () => consortium.alarms.find((text) => text.includes('stranger')));
    expect(alarm).toContain('not listed in the consortium file');
    expect(alarm).toContain('blocked');
  });
});
