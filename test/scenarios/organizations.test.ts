/** The administrators' commands: the network follows the register, by one hand or by many. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, Member, Proposal, Resolution } from 'umlauf-chaincode/api';
import { call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { dayOver, endingToday, today } from '../harness/ending.js';
import { inline, type Outcome } from '../harness/inline-command.js';
import { until } from '../harness/until.js';

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';
const CHAIR = 'bundesdruckerei';
const BOARD = 'itdz-berlin';
const THREE = [CHAIR, BOARD, 'municipal-provider-1'];
const DOCUMENT: Document = { name: 'Anhörung.pdf', mediaType: 'application/pdf', sha256: 'a'.repeat(64) };

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium({
    manual: true,
    describe: (description) => ({ ...description, bylaws: endingToday(description.bylaws) }),
  });
});
afterAll(async () => await consortium.stop());

const umlauf = (...args: string[]): Promise<Outcome> => inline(...args, '--home', consortium.directory);
const file = (name: string) => join(consortium.directory, name);
let seen: string | undefined;

async function act<T>(
  gateway: GatewayAccess,
  role: 'board' | 'representative',
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await call<T>(gateway, role, method, path, { body, minBlock: seen });
  seen = answer.blockNumber ?? seen;
  return answer.body;
}
const board = <T>(path: string, body?: unknown) =>
  act<T>(consortium.gateway(BOARD), 'board', 'POST', path, body);

async function open(proposal: Partial<Proposal>): Promise<void> {
  await board('/resolutions', proposal);
  await board(`/resolutions/${proposal.id ?? ''}/open`);
}

async function vote(id: string, memberIds: readonly string[]): Promise<void> {
  for (const memberId of memberIds)
    await act(consortium.gateway(memberId), 'representative', 'PUT', `/resolutions/${id}/ballot`, {
      choice: 'yes',
    });
}

async function adopt(proposal: Partial<Proposal>): Promise<void> {
  const { id = '' } = proposal;
  await open(proposal);
  await vote(
    id,
    consortium.gateways.map(({ memberId }) => memberId),
  );
  await until(`${id} is adopted`, async () => {
    const { body } = await call<Resolution>(
      consortium.gateway(BOARD),
      'auditor',
      'GET',
      `/resolutions/${id}`,
    );
    return body.status === 'adopted';
  });
}

async function admit(memberId: string): Promise<void> {
  await board('/members', consortium.application(memberId));
  const effects: Proposal['effects'] = [{ kind: 'admit', memberId }];
  await adopt(recordOnly(`admission-${memberId}`, { matter: 'admission', effects }));
}

const member = async (id: string) =>
  (await call<Member>(consortium.gateway(BOARD), 'auditor', 'GET', `/members/${id}`)).body;

describe('by whoever plays all members on one machine', () => {
  it('nobody joins whom the register does not cover', async () => {
    await board('/members', consortium.application(BAVARIA));
    const applicant = await umlauf('org', 'add', BAVARIA);
    expect(applicant).toMatchObject({ code: 1, stdout: '' });
    expect(applicant.stderr).toBe(
      'umlauf: bavaria is not admitted (applied): its organization BavariaMSP has no place on the channel\n',
    );
    const stranger = await umlauf('org', 'add', 'atlantis');
    expect(stranger).toMatchObject({ code: 1, stdout: '' });
    expect(stranger.stderr).toMatch(/atlantis is not listed .*these are: bundesdruckerei, itdz-berlin,/);
    await board(`/members/${BAVARIA}/withdraw`);
  });

  it('an admitted member waits, with an alarm that tells the command', async () => {
    await admit(NRW);
    const alarm = await until('the alarm', () => consortium.alarms.find((text) => text.includes(NRW)));
    expect(alarm).toBe(`${NRW} is admitted, but its organization has not joined: umlauf org add ${NRW}`);
    const status = await umlauf('status');
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(
      /! north-rhine-westphalia: The member is admitted, but its organization has not joined the network/,
    );
  });

  it('it joins on command, and again is harmless', async () => {
    const { code, stdout, stderr } = await umlauf('org', 'add', NRW);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/✓ NorthRhineWestphaliaMSP is on the channel/);
    expect(stdout).toMatch(/its organization NorthRhineWestphaliaMSP is one of 5; its gateway: http/);
    expect((await member(NRW)).joined).toBeDefined();
    const again = await umlauf('org', 'add', NRW, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ member: NRW, joined: false, members: 5, consenters: 4 });
    expect((await umlauf('status')).stdout).toContain('No alarms');
  });

  it('a member stays, and so does one whose membership has not ended', async () => {
    const { code, stderr } = await umlauf('org', 'remove', NRW, '--force');
    expect(code).toBe(1);
    expect(stderr).toBe(
      `umlauf: ${NRW} is a member: its organization NorthRhineWestphaliaMSP stays on the channel\n`,
    );
  });
});

const sign = (name: string, memberId: string, ...options: string[]) =>
  umlauf('org', 'sign', file(name), '--member', memberId, ...options);

describe('by many, each with its own key', () => {
  it('an update says in plain words what it does and what covers it', async () => {
    await admit(BAVARIA);
    const { code, stdout } = await umlauf('org', 'add', BAVARIA, '--out', file('stale.json'));
    expect(code).toBe(0);
    expect(stdout).toContain('adds the organization BavariaMSP, of bavaria (Freistaat Bayern)');
    expect(stdout).toMatch(/Covered by resolution admission-bavaria, in effect since 20/);
    expect(stdout).toContain(consortium.application(BAVARIA).mspFingerprints.signing[0]);
    expect(stdout).toContain('need the peers of 4 of 6 members (now 3 of 5)');
    expect((await consortium.engine.configuration()).organizations.has('BavariaMSP')).toBe(false);
  });

  it('a member that joined gets a place among the consenters later', async () => {
    const { code, stdout } = await umlauf('org', 'add', NRW, '--orderer');
    expect(code).toBe(0);
    expect(stdout).toMatch(/has joined already.*\nNorthRhineWestphaliaMSP is one of 5 that order\./);
  });

  it('what was smuggled in is refused, whatever the file says of itself', async () => {
    await umlauf('org', 'add', BAVARIA, '--out', file('update.json'));
    const text = JSON.parse(readFileSync(file('update.json'), 'utf8')) as {
      update: string;
      summary: string[];
    };
    const bytes = Buffer.from(text.update, 'base64');
    const at = bytes.indexOf('BavariaMSP');
    bytes.write('BavaXXaMSP', at);
    writeFileSync(file('smuggled.json'), JSON.stringify({ ...text, update: bytes.toString('base64') }));
    const refused = await sign('smuggled.json', CHAIR);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    writeFileSync(file('none.json'), '{}');
    expect((await sign('none.json', CHAIR)).stderr).toMatch(/none\.json: is no update of this version/);
    expect((await sign('nowhere.json', CHAIR)).stderr).toMatch(/there is no such file/);
  });

  it('is sent once enough have signed, on copies of their own, and says who is missing until then', async () => {
    const copies = THREE.map((memberId) => `${memberId}.json`);
    for (const [index, memberId] of THREE.entries()) {
      copyFileSync(file('update.json'), file(copies[index]!));
      const { code, stdout } = await sign(copies[index]!, memberId);
      expect(code).toBe(0);
      expect(stdout).toContain(`signed by the administrator of ${memberId}`);
    }
    const submit = (...names: string[]) => umlauf('org', 'submit', ...names.map(file), '--member', CHAIR);
    const early = await submit(copies[0]!, copies[1]!);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(
      /not enough have signed.*of 2 members \(3 needed\) and 2 orderers \(3 needed\)/,
    );
    expect(early.stderr).toMatch(/Still to sign.*MunicipalProvider2MSP/);
    expect((await sign(copies[0]!, NRW)).code).toBe(0);
    const sent = await submit(...copies);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toMatch(/The part of bavaria on this machine has followed/);
    expect((await member(BAVARIA)).joined).toBeDefined();
    expect(consortium.gateway(BAVARIA).url).toMatch(/^http/);
    const stale = await sign('stale.json', CHAIR);
    expect(stale).toMatchObject({ code: 1, stdout: '' });
    expect(stale.stderr).toMatch(/stale\.json: was made for another configuration than the one in force/);
    expect(await submit(...copies)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The update is in force already.') as string,
    });
  });
});

describe('a former member', () => {
  it('becomes one when its exclusion has taken effect', async () => {
    await open(recordOnly('counting', { majority: 'unanimous' })); // with both on the roll
    const reason = 'It breached its duties.';
    const effects: Proposal['effects'] = [NRW, BAVARIA].map((memberId) => ({
      ...{ kind: 'exclude' as const, memberId, reason, hearing: DOCUMENT },
    }));
    await adopt(recordOnly('exclusion', { matter: 'exclusion', effects }));
    expect(await member(NRW)).toMatchObject({ status: 'ending', endsOn: today() });
    const early = await umlauf('org', 'remove', NRW);
    expect(early.stderr).toMatch(/ends on .* and its ending has not been completed/);
    const amended = dayOver(consortium.description.bylaws);
    await adopt(
      recordOnly('other-zone', {
        matter: 'bylaws-amendment',
        effects: [{ kind: 'amend-bylaws', base: 'foundation', bylaws: amended }],
      }),
    );
    await board('/resolutions/other-zone/registration', { date: today() });
    for (const memberId of [NRW, BAVARIA]) {
      await board(`/members/${memberId}/end`).catch(() => undefined); // or a gateway was faster
      expect((await member(memberId)).status).toBe('former');
    }
    expect((await umlauf('status')).stdout).toMatch(
      /! north-rhine-westphalia: The organization is on the network although its membership has ended.* → umlauf org remove north-rhine-westphalia/,
    );
  });

  it('is not removed while an open vote counts on it, unless that is insisted on', async () => {
    const refused = await umlauf('org', 'remove', BAVARIA);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/on the roll of open resolutions \(counting\)/);
    const removed = await umlauf('org', 'remove', BAVARIA, '--force');
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect(removed.stdout).toMatch(/covered by resolution exclusion \(exclusion\); the membership ended on/);
    expect(removed.stdout).toMatch(unmeetable(BAVARIA));
  });

  it('is removed by many too, its place among the orderers included, if each insists on it', async () => {
    const written = await umlauf('org', 'remove', NRW, '--force', '--out', file('remove.json'));
    expect(written.stdout).toMatch(/takes the organization NorthRhineWestphaliaMSP, of .*, off the channel/);
    const signed = await sign('remove.json', CHAIR);
    expect(signed.stderr).toMatch(/remove\.json: .*on the roll of open resolutions \(counting\)/);
    const submit = () => umlauf('org', 'submit', file('remove.json'), '--member', CHAIR, '--force');
    for (const memberId of THREE) {
      expect((await submit()).stderr).toMatch(/not enough have signed/);
      expect(await sign('remove.json', memberId, '--force')).toMatchObject({ code: 0, stderr: '' });
    }
    const sent = await submit();
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toContain(`The part of ${NRW} on this machine has followed.`);
    expect(sent.stdout).toMatch(unmeetable(NRW));
  });

  const unmeetable = (memberId: string) =>
    new RegExp(
      `Can never be written again: ballot/counting/${memberId}, .*OPEN: this vote counts as not cast`,
    );

  it('is off the channel and out of its orderers, has no gateway, and its history stays', async () => {
    const { organizations, consenters } = await consortium.engine.configuration();
    expect([...organizations.keys()]).not.toContain('NorthRhineWestphaliaMSP');
    expect(consenters.map(({ mspId }) => mspId)).not.toContain('NorthRhineWestphaliaMSP');
    expect(consortium.gateways.map(({ memberId }) => memberId)).not.toContain(NRW);
    const published = readFileSync(join(consortium.directory, 'endpoints.json'), 'utf8');
    expect(published).not.toContain(NRW);
    expect(await member(NRW)).toMatchObject({
      status: 'former',
      admission: { resolutionId: `admission-${NRW}` },
    });
    expect((await umlauf('org', 'remove', NRW)).stdout).toMatch(/was off the channel already/);
    await vote('counting', [CHAIR]); // the others go on
    expect((await umlauf('status')).stdout).toContain('No alarms');
  });
});
