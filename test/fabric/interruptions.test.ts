/** A power cut in the middle of an administrator's command: run again, it finishes the job. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Member } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit } from '../harness/admission.js';
import { umlauf } from '../harness/command.js';
import { startHome, type Home } from '../harness/home.js';
import { killEverything, nativeProcesses } from '../harness/processes.js';
import { until } from '../harness/until.js';
import { expectAgreement } from './agreement.js';
import { missingFabric } from './binaries.js';

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';
const STARTED_MS = 60_000;
const SHIPPED = dirname(createRequire(import.meta.url).resolve('umlauf-chaincode/package.json'));

let home: Home;
let folder: string;
beforeAll(async () => {
  if (missingFabric !== undefined) return;
  home = await startHome({ manual: true });
  folder = mkdtempSync(join(tmpdir(), 'umlauf-chaincode-'));
  for (const part of ['package.json', 'package-lock.json', 'dist'])
    cpSync(join(SHIPPED, part), join(folder, part), { recursive: true });
});
afterAll(async () => {
  if (missingFabric !== undefined) return;
  await home.remove();
  rmSync(folder, { recursive: true, force: true });
});

const named = (beginning: string) =>
  [...nativeProcesses(home).keys()].filter((name) => name.startsWith(beginning));

/** Begins a command, cuts the power as soon as something has been started, and brings the network up again. */
async function cutOff(started: () => boolean, ...args: string[]): Promise<void> {
  const running = umlauf(...args, '--home', home.directory);
  await until('it has begun', started, { timeoutMilliseconds: STARTED_MS });
  await killEverything(home);
  expect(await running.exit).toBe(1);
  expect(running.stderr()).toMatch(/ended before it was done: .*run the command again/);
  await home.up();
}

async function expectJoined(memberId: string): Promise<void> {
  const { body } = await call<Member>(home.gateway(memberId), 'auditor', 'GET', `/members/${memberId}`);
  expect(body.joined).toBeDefined();
  expect(await home.run('org', 'add', memberId)).toContain('has joined already');
}

describe.skipIf(missingFabric !== undefined)('a full stop in the middle of', () => {
  it('org add', async () => {
    await admit(home, NRW);
    await cutOff(() => named(`${NRW}.peer`).length > 0, 'org', 'add', NRW);
    expect(await home.run('org', 'add', NRW)).toContain('is on the network');
    await expectJoined(NRW);
    await expectAgreement(home, NRW);
  });

  it('org add --orderer', async () => {
    await admit(home, BAVARIA);
    await cutOff(() => named(`${BAVARIA}.orderer`).length > 0, 'org', 'add', BAVARIA, '--orderer');
    const finished = await home.run('org', 'add', BAVARIA, '--orderer');
    expect(finished).toMatch(/BavariaMSP (is one of 5 that order|orders already)/);
    await expectJoined(BAVARIA);
    await expectAgreement(home, BAVARIA);
  });

  it('chaincode upgrade: the new code is in force at last, and nothing of the old runs on', async () => {
    appendFileSync(join(folder, 'dist', 'index.js'), '// another build\n');
    const before = named(`${NRW}.chaincode-`);
    expect(before).toHaveLength(1);
    const upgrade = ['chaincode', 'upgrade', '--folder', folder];
    await cutOff(() => named(`${NRW}.chaincode-`).length > 1, ...upgrade);
    expect(await home.run(...upgrade)).toMatch(/sequence 2.* is in force/);
    const after = named(`${NRW}.chaincode-`);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    const services = [...nativeProcesses(home).keys()].filter((name) => name.includes('.chaincode-'));
    expect(services).toHaveLength(home.gateways().length);
    await expectAgreement(home, 'itdz-berlin');
  });
});
