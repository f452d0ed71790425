import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganization } from 'umlauf-channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedMember } from '../../consortium/schema.js';
import { openHome, type Home } from '../../home/home.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { openPorts } from '../../home/ports.js';
import { waitForOthers } from '../../patience.js';
import type { Release } from '../chaincode/release.js';
import { Members, type FabricOptions } from './members.js';
import { fabricLayout } from './nodes/layout.js';
import { BUILDER_CONFIG } from './nodes/peer-config.js';
import { Supervisor, type ProcessSpec } from './nodes/processes.js';

let home: Home;
let started: ProcessSpec[];
let stopped: string[];
let beside: string[];
beforeEach(() => {
  home = openHome(mkdtempSync(join(tmpdir(), 'umlauf-members-')), { engine: 'fabric' });
  started = [];
  stopped = [];
  beside = [];
});
afterEach(() => {
  home.close();
  rmSync(home.directory, { recursive: true, force: true });
});

async function organizations(count: number): Promise<LocalOrganization[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      member: { id: `m${index}`, host: 'localhost', ports: {} } as ListedMember,
      material: await createOrganization({
        mspId: `M${index}MSP`,
        domain: `m${index}.example`,
        hosts: [],
        users: [],
      }),
    })),
  );
}

const release = {
  code: { label: 'umlauf_1_0123456789abcdef', hash: '0123456789abcdef' },
  package: { id: 'umlauf_1_0123456789abcdef:00' },
  folder: '/code',
} as Release;

/** Supervises nothing, and remembers what it was to start. */
class Recorder extends Supervisor {
  override start(spec: ProcessSpec): void {
    started.push(spec);
  }
  override startBeside(spec: ProcessSpec): Promise<void> {
    beside.push(spec.name);
    return Promise.resolve();
  }
  override checkRunning(): void {
    // all do
  }
  override stop(names: readonly string[] = []): Promise<void> {
    stopped.push(...names);
    return Promise.resolve();
  }
}

function members(all: LocalOrganization[], options: FabricOptions): Members {
  const layout = fabricLayout(home);
  return new Members(
    {
      channel: 'umlauf',
      layout,
      ports: openPorts(home),
      supervisor: new Recorder(layout.processes, layout.logs),
      binaries: { version: 'v3.1.5', peer: 'peer', orderer: 'orderer', chaincodeBuilder: 'ccaas' },
      timeWindow: '30s',
      channelPeers: all.length,
      peersHere: all.length,
    },
    all,
    options,
    { step: () => undefined, waits: () => undefined },
  );
}

/** Where each peer's builder is told that the chaincode service is. */
async function services(all: LocalOrganization[], options: FabricOptions) {
  const here = members(all, options);
  for (const organization of all) await here.member(organization).start();
  here.close();
  return started.map(
    (spec) => JSON.parse(spec.env[BUILDER_CONFIG]!) as { prefix: string; rootCertificate: string },
  );
}

describe('the members on a machine', () => {
  it('are each made once, and listed in the order of the file', async () => {
    const all = await organizations(3);
    const here = members(all, {});
    const made = all.map((organization) => here.member(organization));
    expect(all.map((organization) => here.member(organization))).toEqual(made);
    expect(here.all).toEqual(made);
    expect(here.running).toEqual([]);
  });

  it('wait for those on other machines until they come up or stop', async () => {
    const here = members(await organizations(1), {});
    const waiting = waitForOthers(() => Promise.resolve('the others'), here.patience);
    here.endPatience();
    await expect(waiting).rejects.toThrow(/stops before members on other machines have done their part/);
  });

  it('use a chaincode service of their own, and trust its certificate', async () => {
    const all = await organizations(3);
    const found = await services(all, {});
    expect(found.map(({ prefix }) => prefix)).toEqual(Array(3).fill('unix:sockets/'));
    expect(found.map(({ rootCertificate }) => rootCertificate)).toEqual(
      all.map(({ material }) => material.tlsCa.certificate),
    );
  });

  it("use others' in turn where only some run one", async () => {
    const all = await organizations(5);
    const found = await services(all, { chaincodeServices: 2 });
    expect(found.map(({ prefix }) => prefix)).toEqual([
      'unix:sockets/',
      'unix:sockets/',
      'unix:../m0/sockets/',
      'unix:../m1/sockets/',
      'unix:../m0/sockets/',
    ]);
    expect(found[3]!.rootCertificate).toBe(all[1]!.material.tlsCa.certificate);
  });

  it('share services where many are on one machine, those of founders', async () => {
    const all = await organizations(9);
    const [first, ...others] = all;
    const applicant = { ...first!, member: { ...first!.member, start: 'applicant' as const } };
    const found = await services([applicant, ...others], {});
    expect(found.filter(({ prefix }) => prefix === 'unix:sockets/').length).toBeLessThan(9);
    expect(found[0]!.prefix).toMatch(/^unix:\.\.\/m[1-8]\/sockets\/$/);
    expect(found[1]!.prefix).toBe('unix:sockets/');
  });

  it('keep what their peers were started with', async () => {
    const all = await organizations(3);
    const before = await services(all, { chaincodeServices: 1 });
    started = [];
    expect(await services([all[1]!, all[0]!, all[2]!], {})).toEqual([before[1], before[0], before[2]]);
    started = [];
    const [gone] = all;
    expect(() => members(all.slice(1), {}).member(all[1]!)).toThrow(
      `m1 uses the chaincode service of ${gone!.member.id}, which the consortium file no longer lists`,
    );
  });

  it('let the service of one that leaves run on for those who use it', async () => {
    const [host, guest] = await organizations(2);
    const here = members([host!, guest!], { chaincodeServices: 1 });
    const [leaving, staying] = [here.member(host!), here.member(guest!)];
    for (const member of [leaving, staying]) {
      await member.start();
      member.serve(release);
    }
    await leaving.leave();
    expect(stopped).toEqual(['m0.peer']);
    await staying.leave();
    expect(stopped).toEqual(['m0.peer', 'm1.peer', 'm0.chaincode-0123456789abcdef']);
    here.close();
  });

  it('are given the service of one that runs one', async () => {
    const all = await organizations(4);
    await services(all.slice(0, 3), { chaincodeServices: 1 });
    started = [];
    const newcomer = { ...all[3]!, member: { ...all[3]!.member, start: 'applicant' as const } };
    const found = await services([...all.slice(0, 3), newcomer], { chaincodeServices: 2 });
    expect(found.at(-1)!.prefix).toBe('unix:../m0/sockets/');
  });

  it('are not given the service of one that has left, be it after the start', async () => {
    const all = await organizations(3);
    const newcomer = { ...all[2]!, member: { ...all[2]!.member, start: 'applicant' as const } };
    const here = members([all[0]!, all[1]!, newcomer], { chaincodeServices: 1 });
    const [host, guest, last] = [all[0]!, all[1]!, newcomer].map((each) => here.member(each));
    await host!.start();
    await guest!.start();
    await host!.leave();
    await last!.start();
    expect(last!.runsService).toBe(true);
    here.close();
  });

  it('run a service if peers were told to use it, though their own use another', async () => {
    const all = await organizations(3);
    await services(all, { chaincodeServices: 1 });
    started = [];
    const layout = fabricLayout(home);
    writeFileSync(layout.member(all[2]!).chaincodeHost, JSON.stringify({ memberId: 'm1' }));
    const here = members(all, {});
    const made = all.map((organization) => here.member(organization));
    expect(made.map(({ runsService }) => runsService)).toEqual([true, true, false]);
    made[2]!.serve(release);
    expect(started.map(({ name }) => name)).toEqual(
      ['m0', 'm1'].map((id) => `${id}.chaincode-0123456789abcdef`),
    );
    expect(made[1]!.isComplete()).toBe(false);
  });

  it('run what is to follow beside what is in force, whichever peer uses them, until it has followed or is given up', async () => {
    const all = await organizations(2);
    const here = members(all, { chaincodeServices: 1 });
    const [host, guest] = all.map((organization) => here.member(organization));
    await host!.start();
    await guest!.start();
    guest!.serve(release);
    const next = {
      ...release,
      code: { ...release.code, hash: 'fedcba9876543210' },
      package: { id: 'umlauf_2_fedcba9876543210:00' },
    } as Release;
    guest!.prepare(next);
    expect(host).toMatchObject({ servedPackage: release.package.id, nextPackage: next.package.id });
    started = [];
    guest!.serve(release); // as at the next start
    expect(guest!.nextPackage).toBe(next.package.id);
    guest!.serve(next);
    expect(guest).toMatchObject({ servedPackage: next.package.id, nextPackage: undefined });
    guest!.prepare(release);
    guest!.dropNext();
    expect(host).toMatchObject({ servedPackage: next.package.id, nextPackage: undefined });
    here.close();
  });

  it('have their service started anew beside the one that runs, which goes on for those who use it', async () => {
    const all = await organizations(1);
    const here = members(all, {});
    const member = here.member(all[0]!);
    await member.start();
    member.serve(release);
    const folder = join(fabricLayout(home).member(all[0]!).directory, 'sockets');
    mkdirSync(folder, { recursive: true });
    const socket = join(folder, '0123456789abcdef.sock');
    writeFileSync(socket, 'old');
    let listens = false;
    const renewed = member.renewService(release).then(() => expect(listens).toBe(true));
    await expect.poll(() => beside).toEqual(['m0.chaincode-0123456789abcdef']);
    writeFileSync(`${socket}.new`, 'new');
    listens = true;
    renameSync(`${socket}.new`, socket);
    await renewed;
    await member.stopPeer();
    expect(stopped).toEqual(['m0.peer']);
    here.close();
  });
});
