import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { umlauf } from '../harness/command.js';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';

interface Told {
  readonly healthy: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly state: string;
    readonly text: string;
    readonly remedy?: string;
  }[];
}

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium();
});
afterAll(async () => await consortium.stop());

async function doctor(...options: string[]): Promise<Told & { readonly code: number | null }> {
  const command = umlauf('doctor', '--home', consortium.directory, '--json', ...options);
  const code = await command.exit;
  expect(command.stderr()).toBe('');
  return { code, ...(JSON.parse(command.stdout()) as Told) };
}

const wrong = ({ findings }: Told) => findings.filter(({ state }) => state === 'wrong');

it('a network that is up and well has nothing wrong', async () => {
  const told = await doctor();
  expect(told.findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect([told.code, told.healthy]).toEqual([0, true]);
});

it('a clock that is off is found', async () => {
  const tomorrow = createServer((_, response) => {
    response.writeHead(200, { date: new Date(Date.now() + 86_400_000).toUTCString() }).end();
  });
  await new Promise<void>((resolve) => tomorrow.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(tomorrow.address() as AddressInfo).port}`;
  try {
    const told = await doctor('--clock', url);
    expect(told.code).toBe(1);
    expect(wrong(told)).toEqual([
      expect.objectContaining({
        check: 'clocks',
        text: expect.stringMatching(/8640\d s ahead of/) as string,
      }),
    ]);
  } finally {
    tomorrow.close();
  }
});

it('a port that another process took is found before the next start', async () => {
  const kept = JSON.parse(readFileSync(join(consortium.directory, 'ports.json'), 'utf8')) as Record<
    string,
    Record<string, number>
  >;
  const port = kept['itdz-berlin']!['peer']!;
  await consortium.pause(async () => {
    const intruder = createListener();
    await new Promise<void>((resolve) => intruder.listen(port, '127.0.0.1', resolve));
    try {
      const told = await doctor();
      expect(told.code).toBe(1);
      expect(wrong(told)).toEqual([
        expect.objectContaining({
          check: 'ports',
          text: `${port}, which the peer of itdz-berlin keeps, is taken by another process`,
        }),
      ]);
    } finally {
      intruder.close();
    }
  });
});
