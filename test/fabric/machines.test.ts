/** Every member on a machine of its own, played by as many homes: only files that are no secret go between them. */
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Member, Resolution } from 'umlauf-chaincode/api';
import { all, call, loadConsortium } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit, adopt, becomeFormer } from '../harness/assembly.js';
import { copyChaincode, rebuildChaincode } from '../harness/built-chaincode.js';
import { umlauf } from '../harness/command.js';
import { recordOnly, shippedFile } from '../harness/consortium.js';
import { endingToday } from '../harness/ending.js';
import { command } from '../harness/home.js';
import { setUpMachines, type Machines } from '../harness/machines.js';
import { isAlive, nativeProcesses } from '../harness/processes.js';
import { until } from '../harness/until.js';
import { missingFabric } from './binaries.js';

const FOUNDERS = ['bundesdruckerei', 'itdz-berlin', 'municipal-provider-1', 'municipal-provider-2'] as const;
const [FIRST, SECOND, THIRD, FOURTH] = FOUNDERS;
const NRW = 'north-rhine-westphalia';
const EVERYONE = [...FOUNDERS, NRW];
const BYLAWS = endingToday(loadConsortium(shippedFile('consortium.yaml')).bylaws);

/** The machines share two cores. */
const PATIENCE = { timeoutMilliseconds: 60_000, pauseMilliseconds: 200 };

let machines: Machines;
beforeAll(() => {
  if (missingFabric === undefined) machines = setUpMachines(EVERYONE, BYLAWS);
});
afterAll(async () => {
  if (missingFabric === undefined) await machines.remove();
});

const run = (memberId: string, ...args: string[]) => machines.of(memberId).run(...args);
const file = (name: string) => machines.exchanged(name);

async function up(memberId: string, ...options: string[]): Promise<string> {
  const told = await run(memberId, 'up', ...options);
  machines.runs(memberId, true);
  return told;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
const privateKeysIn = (folder: string): string[] =>
  filesIn(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .filter((text) => text.includes('PRIVATE KEY'));

/** Names of what a member's machine runs, be it in order or not. */
async function processes(memberId: string): Promise<string[]> {
  const status = umlauf('status', '--json', '--home', machines.of(memberId).directory);
  await status.exit;
  return (JSON.parse(status.stdout()) as { processes: { name: string }[] }).processes.map(({ name }) => name);
}

/** Has an update signed on as many machines as need be, and sent from one of them. */
async function signAndSubmit(name: string, signers: readonly string[]): Promise<string> {
  for (const memberId of signers) await run(memberId, 'org', 'sign', file(name), '--member', memberId);
  const [sender = ''] = signers;
  return run(sender, 'org', 'submit', file(name), '--member', sender);
}

const member = async (id: string, by: string = SECOND) =>
  (await call<Member>(machines.gateway(by), 'auditor', 'GET', `/members/${id}`)).body;

/** Whether every member sees the same, once its peer has what the others have. */
async function expectOneView(): Promise<void> {
  await until(
    'one view everywhere',
    async () => {
      const views = await Promise.all(
        machines.gateways().map(async (gateway) => ({
          members: await all<Member>(gateway, 'auditor', '/members'),
          resolutions: await all<Resolution>(gateway, 'auditor', '/resolutions'),
        })),
      );
      return new Set(views.map((view) => JSON.stringify(view))).size === 1;
    },
    PATIENCE,
  );
}

/** @returns the file */
async function exportAndVerify(memberId: string): Promise<string> {
  const blocks = file(`${memberId}.blocks`);
  await run(memberId, 'ledger', 'export', '--member', memberId, '--out', blocks);
  await command('verify', blocks);
  return blocks;
}

describe.skipIf(missingFabric !== undefined)('four machines', () => {
  it('tell each other what is no secret, and only that', async () => {
    for (const memberId of EVERYONE) {
      const { consortium } = machines.of(memberId);
      const told = await run(
        ...[memberId, 'org', 'export', memberId],
        ...['--consortium', consortium, '--out', file(`${memberId}.json`)],
      );
      expect(told).toContain('no key is in it');
      expect(readFileSync(file(`${memberId}.json`), 'utf8')).not.toContain('PRIVATE');
    }
    const again = await run(FIRST, 'org', 'export', FIRST, '--out', file('again.json'));
    expect(again).toContain('no key is in it');
    expect(readFileSync(file('again.json'))).toEqual(readFileSync(file(`${FIRST}.json`)));
  });

  it('do not start without the first block, which is made once', async () => {
    await expect(run(SECOND, 'up')).rejects.toThrow(
      /the channel's first block is not here: make it on one machine/,
    );
    expect(await run(FIRST, 'genesis', '--out', file('genesis.block'))).toMatch(
      /who orders .*MunicipalProvider2MSP/,
    );
    await run(FIRST, 'genesis', '--out', file('same.block'));
    expect(readFileSync(file('same.block'))).toEqual(readFileSync(file('genesis.block')));
  });

  it('say what they wait for from the others, and can be stopped meanwhile', async () => {
    const { directory } = machines.of(FIRST);
    const first = umlauf('start', '--home', directory);
    await first.shows('… waits for the orderers of');
    expect(first.stdout()).toContain(': 1 of 4 answer, 3 are needed');
    const pids = [...nativeProcesses({ directory }).values()];
    expect(pids.length).toBeGreaterThan(0);
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(1);
    expect(first.stderr()).toBe('umlauf: interrupted before it was up; what had been started is stopped\n');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('found together, each through its own gateway', async () => {
    const [, ...others] = FOUNDERS;
    const told = await Promise.all([
      up(FIRST),
      ...others.map((memberId) => up(memberId, '--genesis', file('genesis.block'))),
    ]);
    for (const [index, memberId] of FOUNDERS.entries())
      expect(told[index]).toContain(`${memberId} confirms the foundation`);
    const members = await all<Member>(machines.gateway(THIRD), 'auditor', '/members');
    expect(members.map(({ id, joined }) => [id, joined !== undefined])).toEqual(
      FOUNDERS.map((memberId) => [memberId, true]),
    );
    await expectOneView();
  });

  it('hold their own private keys and nobody else’s', () => {
    const keys = EVERYONE.map((memberId) => {
      const { directory } = machines.of(memberId);
      expect(readdirSync(join(directory, 'organizations'))).toEqual([memberId]);
      return privateKeysIn(directory);
    });
    for (const own of keys) expect(own.length).toBeGreaterThan(0);
    const distinct = new Set(keys.flat());
    expect(distinct.size).toBe(keys.reduce((sum, own) => sum + new Set(own).size, 0));
    expect(privateKeysIn(file('.'))).toEqual([]);
  });

  it('admit a fifth by vote and add it, each signing with its own key; its own machine does the rest', async () => {
    const newcomer = umlauf(
      'start',
      ...['--home', machines.of(NRW).directory, '--genesis', file('genesis.block')],
    );
    await newcomer.shows(`… waits for the members to put ${NRW} on umlauf`);
    newcomer.process.kill('SIGINT');
    expect(await newcomer.exit).toBe(1);
    const comingUp = up(NRW, '--genesis', file('genesis.block'));
    comingUp.catch(() => undefined); // awaited below
    await expect(run(FIRST, 'org', 'add', NRW, '--out', file('early.json'))).rejects.toThrow(
      /no resolution covers it/,
    );
    await admit(machines, NRW);
    await expect(run(FIRST, 'org', 'add', NRW)).rejects.toThrow(
      `the part of ${NRW} runs on another machine: this is to be done there`,
    );
    await run(FIRST, 'org', 'add', NRW, '--out', file('add.json'));
    const [one, two, three] = [FIRST, SECOND, THIRD].map((memberId) => {
      copyFileSync(file('add.json'), file(`add-${memberId}.json`));
      return file(`add-${memberId}.json`);
    });
    await Promise.all(
      [FIRST, SECOND, THIRD].map((memberId) =>
        run(memberId, 'org', 'sign', file(`add-${memberId}.json`), '--member', memberId),
      ),
    );
    const sent = await run(THIRD, 'org', 'submit', one!, two!, three!, '--member', THIRD);
    expect(sent).toContain('on its machine: umlauf up');
    expect(await comingUp).toContain('The consortium is up');
    expect((await member(NRW)).joined).toBeDefined();
  });

  it('vote through every gateway', async () => {
    await adopt(machines, { id: 'all-five', majority: 'unanimous' });
    const { body } = await call<Resolution>(machines.gateway(NRW), 'auditor', 'GET', '/resolutions/all-five');
    expect(body.status).toBe('adopted');
    await expectOneView();
    await until('status without alarms', () => run(FIRST, 'status').catch(() => undefined), PATIENCE);
  });

  it('give the fifth a place among the consenters: its own machine asks, the others sign', async () => {
    await expect(run(FIRST, 'org', 'add', NRW, '--orderer', '--out', file('elsewhere.json'))).rejects.toThrow(
      /runs on another machine/,
    );
    await run(NRW, 'org', 'add', NRW, '--orderer', '--out', file('orderer.json'));
    await signAndSubmit('orderer.json', [FIRST, SECOND, THIRD]);
    expect(await run(NRW, 'org', 'add', NRW, '--orderer')).toContain('orders already');
  });

  it('renew the certificates of one that orders: its machine issues them, the others sign', async () => {
    await expect(run(THIRD, 'cert', 'renew', THIRD)).rejects.toThrow(/--out FILE/);
    expect(await run(THIRD, 'cert', 'renew', THIRD, '--out', file('renewal.json'))).toContain(
      `has the channel know the orderer of MunicipalProvider1MSP, of ${THIRD}`,
    );
    expect(await signAndSubmit('renewal.json', [FIRST, SECOND, NRW])).toContain(`umlauf cert renew ${THIRD}`);
    expect(await run(THIRD, 'cert', 'renew', THIRD)).toContain(`${THIRD} has new certificates`);
    expect(await run(THIRD, 'org', 'submit', file('renewal.json'), '--member', THIRD)).toContain(
      'in force already',
    );
    expect(await run(THIRD, 'status')).toContain('No alarms');
    await adopt(machines, { id: 'with-new-certificates' });
    await expectOneView();
  });

  it('bring other chaincode into force, each on its own machine, once a majority has approved it', async () => {
    const folder = file('chaincode');
    copyChaincode(folder);
    rebuildChaincode(folder, 'another build');
    const upgrade = (memberId: string) => run(memberId, 'chaincode', 'upgrade', '--folder', folder);
    const services = async (memberId: string) =>
      (await processes(memberId)).filter((name) => name.includes('.chaincode-'));

    expect(await upgrade(FIRST)).toMatch(
      /is approved here as sequence 2\. It comes into force once 3 members have approved it, .*MunicipalProvider1MSP/,
    );
    expect(await services(FIRST)).toHaveLength(2);
    await run(FIRST, 'restart');
    expect(await run(FIRST, 'status')).toContain('is approved here as sequence 2.');
    await adopt(machines, { id: 'before-the-majority' });
    expect(await upgrade(SECOND)).toContain('is approved here as sequence 2.');
    expect(await upgrade(THIRD)).toMatch(/sequence 2, .* is in force instead of .*sequence 1/);
    await until('the first to change over', async () => (await services(FIRST)).length === 1, PATIENCE);

    await expect(run(NRW, 'chaincode', 'deploy')).rejects.toThrow(
      /the members elsewhere have brought umlauf \S+ into force \(sequence 2\); what is built here is umlauf_/,
    );
    for (const memberId of [FOURTH, NRW]) expect(await upgrade(memberId)).toContain('is in force');
    await adopt(machines, { id: 'with-other-chaincode', majority: 'unanimous' });
    await until('status without alarms', () => run(NRW, 'status').catch(() => undefined), PATIENCE);
    await expectOneView();
  });

  it('come and go: who was away catches up with what the others decided meanwhile', async () => {
    await run(THIRD, 'down');
    machines.runs(THIRD, false);
    const body = recordOnly('without-the-third');
    const propose = () => call(machines.gateway(SECOND), 'board', 'POST', '/resolutions', { body });
    await until('the orderers to go on without it', () => propose().catch(() => undefined), PATIENCE);
    await adopt(machines, { id: 'without-the-third' });
    expect(await up(THIRD)).toContain('The consortium is up');
    await expectOneView();
  });

  it('part with a former member, whose machine says so and keeps what it has', async () => {
    await becomeFormer(machines, NRW, BYLAWS);
    await run(FIRST, 'org', 'remove', NRW, '--out', file('remove.json'));
    await signAndSubmit('remove.json', [FIRST, SECOND, THIRD]);
    machines.runs(NRW, false);
    await run(NRW, 'down');
    const told = await run(NRW, 'up');
    expect(told).toContain(
      '! ALARM: the members elsewhere have taken NorthRhineWestphaliaMSP off the channel',
    );
    await exportAndVerify(NRW);
    await expect(run(NRW, 'org', 'sign', file('remove.json'), '--member', NRW)).rejects.toThrow(
      /has no gateway/,
    );
    expect(await run(NRW, 'org', 'remove', NRW)).toContain('was off the channel already');
    expect(nativeProcesses(machines.of(NRW)).size).toBe(0);
    await run(NRW, 'down');
    await expect(run(NRW, 'up')).rejects.toThrow(/was taken off umlauf: nothing is to be run/);
  });

  it('have a ledger that holds without any of them', async () => {
    await adopt(machines, { id: 'the-four-go-on' });
    await expectOneView();
    await exportAndVerify(THIRD);
  });
});
