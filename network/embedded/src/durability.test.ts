import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockHeaderHash } from 'umlauf-channel';
import { levelStore } from './index.js';
import {
  CHANNEL,
  deployProbe,
  genesis,
  organizations,
  PROBE_PATH,
  startConsortium,
} from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { Probe } from './testing/contract.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('a network on disk', () => {
  test('goes on where it stopped', async () => {
    const members = await organizations(4);
    const genesisBlock = genesis(members);
    const start = async (): Promise<Consortium> =>
      startConsortium({ members, genesisBlock, store: await levelStore(directory) });

    const before = await start();
    const packageId = await deployProbe(before);
    await new Probe(before, 1).submit('putOwned', 'kept', 'value', 'Org1MSP,Org2MSP');
    const height = before.network.height();
    const last = before.network.block(height - 1n)?.serializeBinary();
    await before.stop();

    const after = await start();
    try {
      expect(after.network.height()).toBe(height);
      expect(after.network.block(height - 1n)?.serializeBinary()).toEqual(last);
      // Definition and approvals are kept; the package is installed anew, as a peer's process would start it.
      await after.network.installChaincode({ label: 'probe', path: PROBE_PATH });
      const probe = new Probe(after, 2);
      expect(await probe.evaluate('get', 'kept')).toBe('value');
      expect(await probe.evaluate('owners', 'kept')).toBe('Org1MSP,Org2MSP');
      expect(await probe.json('history', 'kept')).toHaveLength(1);
      await probe.submit('put', 'new', 'x');
      expect(after.network.height()).toBe(height + 1n);
      expect(packageId).toMatch(/^probe:/);
    } finally {
      await after.stop();
    }
  });

  // The process runs the built package: `npm test` builds first.
  test('killed under load has lost nothing that it acknowledged', async () => {
    const members = await organizations(4);
    const genesisBlock = genesis(members);
    const acknowledged = await submitUntilKilled(150, {
      directory,
      members,
      genesis: Buffer.from(genesisBlock.serializeBinary()).toString('base64'),
      channel: CHANNEL,
      packagePath: PROBE_PATH,
    });

    const after = await startConsortium({ members, genesisBlock, store: await levelStore(directory) });
    try {
      await after.network.installChaincode({ label: 'probe', path: PROBE_PATH });
      const probe = new Probe(after, 1);
      const stored = (await probe.json('range', 'key-', 'key.')) as { key: string }[];
      const keys = new Set(stored.map(({ key }) => key));
      expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
      checkChain(after);
      await probe.submit('put', 'after', 'x');
    } finally {
      await after.stop();
    }
  });

  test('is not opened with another genesis block', async () => {
    const members = await organizations(4);
    const first = await startConsortium({ members, store: await levelStore(directory) });
    await first.stop();
    const store = await levelStore(directory);
    try {
      await expect(startConsortium({ members, store })).rejects.toThrow(
        'the store holds a channel that began with another genesis block',
      );
    } finally {
      await store.close();
    }
  });
});

const CHILD = new URL('../fixtures/submitting-process.mjs', import.meta.url);

/** Kills the process with SIGKILL after so many acknowledgements; returns all that came. */
function submitUntilKilled(count: number, start: object): Promise<string[]> {
  const child = fork(CHILD, { serialization: 'advanced' });
  const acknowledged: string[] = [];
  return new Promise((resolve, reject) => {
    child.on('message', (message: { acknowledged?: string; failed?: string }) => {
      if (message.failed !== undefined) reject(new Error(message.failed));
      if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
      if (acknowledged.length === count) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(acknowledged);
      else reject(new Error('the process ended by itself'));
    });
    child.send(start);
  });
}

/** Every block follows the one before. */
function checkChain({ network }: Consortium): void {
  for (let number = 1n; number < network.height(); number += 1n) {
    const before = network.block(number - 1n)!.getHeader()!;
    const header = network.block(number)!.getHeader()!;
    expect(header.getPreviousHash_asU8()).toEqual(Uint8Array.from(blockHeaderHash(before)));
  }
}
