/** A power cut at each step of a renewal of certificates: run again, it brings in those that were issued before. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect } from 'node:tls';
import { readOrganization } from 'umlauf-channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHome, type Home } from '../harness/home.js';
import { nativeProcesses } from '../harness/processes.js';
import { expectAgreement } from './agreement.js';
import { missingFabric } from './binaries.js';
import { interrupt } from './power-cut.js';

/** A founder with an orderer. */
const MEMBER = 'municipal-provider-1';
const NODES = ['peer', 'orderer'] as const;

let home: Home;
let folder: string;
beforeAll(async () => {
  if (missingFabric !== undefined) return;
  home = await startHome();
  folder = join(home.directory, 'organizations', MEMBER);
});
afterAll(async () => {
  if (missingFabric === undefined) await home.remove();
});

const pidOf = (node: (typeof NODES)[number]) => nativeProcesses(home).get(`${MEMBER}.${node}`);
/** The new ones are written. */
const isIssued = () => existsSync(`${folder}.next`);
/** They have taken the place of the old. */
const isExchanged = () => existsSync(join(folder, 'unapplied'));

/** Interrupts a renewal, and has it finished. */
async function renewedAfter(reached: () => boolean, meanwhile: () => void = () => undefined): Promise<void> {
  await interrupt(home, reached, 'cert', 'renew', MEMBER);
  meanwhile();
  const issued = await readOrganization(isIssued() ? `${folder}.next` : folder);
  await home.up();
  await home.run('cert', 'renew', MEMBER);
  expect([isIssued(), isExchanged()]).toEqual([false, false]);
  for (const node of NODES)
    expect(await serialShown(home.port(MEMBER, node))).toBe(
      new X509Certificate(issued[node].tls.certificate).serialNumber,
    );
  expect(await home.run('status')).toContain('No alarms');
  await expectAgreement(home, MEMBER);
}

/** Serial number of the certificate that a node shows. */
async function serialShown(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate().serialNumber;
  } finally {
    socket.destroy();
  }
}

describe.skipIf(missingFabric !== undefined)('a full stop in the middle of cert renew', () => {
  it('when the channel knows the new certificates and nothing else has happened', async () => {
    const old = join(dirname(home.directory), 'old');
    cpSync(folder, old, { recursive: true });
    await renewedAfter(isExchanged, () => {
      // The next step follows at once: what it did to the folder is taken back.
      renameSync(folder, `${folder}.next`);
      renameSync(old, folder);
    });
  });

  it('when the new ones are issued', async () => {
    await renewedAfter(isIssued);
  });

  it('when they have taken the place of the old', async () => {
    await renewedAfter(isExchanged);
  });

  it.each(NODES)('when the %s runs with them', async (node) => {
    const before = pidOf(node);
    await renewedAfter(() => pidOf(node) !== undefined && pidOf(node) !== before);
  });
});
