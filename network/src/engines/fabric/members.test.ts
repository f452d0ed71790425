import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganization } from 'umlauf-channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedMember } from '../../consortium/schema.js';
import { openHome, type Home } from '../../home/home.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { openPorts } from '../../home/ports.js';
import { Members, type FabricOptions } from './members.js';
import { fabricLayout } from './nodes/layout.js';
import { BUILDER_CONFIG } from './nodes/peer-config.js';
import { Supervisor, type ProcessSpec } from './nodes/processes.js';

let home: Home;
let started: ProcessSpec[];
beforeEach(() => {
  home = openHome(mkdtempSync(join(tmpdir(), 'umlauf-members-')), { engine: 'fabric' });
  started = [];
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

/** Supervises nothing, and remembers what it was to start. */
class Recorder extends Supervisor {
  override start(spec: ProcessSpec): void {
    started.push(spec);
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
});
