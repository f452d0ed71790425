/** A power cut in the middle of an administrator's command: run again, it finishes the job. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Member } from 'umlauf-chaincode/api';
import { call, loadConsortium } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit, becomeFormer, BOARD } from '../harness/assembly.js';
import { copyChaincode, rebuildChaincode } from '../harness/built-chaincode.js';
import { shippedFile } from '../harness/consortium.js';
import { endingToday } from '../harness/ending.js';
import { startHome, type Home } from '../harness/home.js';
import { nativeProcesses } from '../harness/processes.js';
import { expectAgreement } from './agreement.js';
import { missingFabric } from './binaries.js';
import { interrupt } from './power-cut.js';

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';
const BYLAWS = endingToday(loadConsortium(shippedFile('consortium.yaml')).bylaws);
/** The founder that is listed first. */
const FIRST = 'bundesdruckerei';

let home: Home;
let folder: string;
beforeAll(async () => {
  if (missingFabric !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'umlauf-chaincode-'));
  const consortium = join(folder, 'consortium.yaml');
  copyFileSync(shippedFile('consortium.yaml'), consortium);
  writeFileSync(join(folder, 'bylaws.yaml'), JSON.stringify(BYLAWS));
  home = await startHome({ manual: true, consortium });
  copyChaincode(folder);
});
afterAll(async () => {
  if (missingFabric !== undefined) return;
  await home.remove();
  rmSync(folder, { recursive: true, force: true });
});

const named = (beginning: string) =>
  [...nativeProcesses(home).keys()].filter((name) => name.startsWith(beginning));

/** Interrupts a command, and brings the network up again. */
async function cutOff(started: () => boolean, ...args: string[]): Promise<void> {
  await interrupt(home, started, ...args);
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
    rebuildChaincode(folder, 'another build');
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

  it('org remove, when the channel has changed and nothing says so on this machine', async () => {
    await becomeFormer(home, FIRST, BYLAWS);
    // The first that is written down when the channel has changed: the power may have gone right before.
    const left = join(home.directory, 'fabric', 'members', FIRST, 'left');
    await interrupt(home, () => existsSync(left), 'org', 'remove', FIRST);
    rmSync(left);
    await home.up();
    expect(named(FIRST)).toEqual([]);
    expect(home.gateways().map(({ memberId }) => memberId)).not.toContain(FIRST);
    expect(await home.run('org', 'remove', FIRST)).toContain('was off the channel already');
    await expectAgreement(home, BOARD);
  });
});
