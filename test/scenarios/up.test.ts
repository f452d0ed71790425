import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { umlauf } from '../harness/command.js';
import { ENGINE } from '../harness/consortium.js';
import { networkFile } from '../harness/package-folder.js';

let home: string;
beforeAll(() => (home = join(mkdtempSync(join(tmpdir(), 'umlauf-up-')), 'home')));
afterAll(async () => {
  if (existsSync(home)) await umlauf('down', '--home', home).exit;
  rmSync(join(home, '..'), { recursive: true, force: true });
});

const run = async (...args: string[]) => {
  const command = umlauf(...args, '--home', home);
  const code = await command.exit;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
};

interface Status {
  engine: string;
  healthy: boolean;
  processes: { name: string; pid: number; running: boolean }[];
  gateways: { memberId: string; url: string; ready: boolean; height: number }[];
  alarms: string[];
}
const status = async () => JSON.parse((await run('status', '--json')).stdout) as Status;

/** The same addresses, and no block less. How many more is not told: readiness remembers a height for a moment. */
function expectKept(before: Status, after: Status): void {
  expect(after.gateways.map(({ url }) => url)).toEqual(before.gateways.map(({ url }) => url));
  for (const [index, { height }] of before.gateways.entries())
    expect(after.gateways[index]?.height).toBeGreaterThanOrEqual(height);
}

it('up returns when every gateway is ready, and the consortium stays up', async () => {
  expect(await run('up', '--engine', ENGINE)).toMatchObject({ code: 0, stderr: '' });
  const { engine, healthy, gateways, alarms } = await status();
  expect({ engine, healthy, alarms }).toEqual({ engine: ENGINE, healthy: true, alarms: [] });
  expect(gateways.map(({ ready }) => ready)).toEqual([true, true, true, true]);
});

it('up again changes nothing', async () => {
  const before = await status();
  const again = await run('up');
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('up already');
  expect((await status()).processes.map(({ pid }) => pid)).toEqual(before.processes.map(({ pid }) => pid));
});

it('what runs otherwise than asked for is refused, and stays up', async () => {
  const other = ENGINE === 'embedded' ? 'fabric' : 'embedded';
  const wrongEngine = await run('up', '--engine', other, '--json');
  expect(wrongEngine.code).toBe(1);
  expect(JSON.parse(wrongEngine.stdout)).toEqual({
    error: expect.stringContaining(`belongs to the engine ${ENGINE}`) as string,
  });
  const manual = await run('up', '--manual');
  expect(manual).toMatchObject({ code: 1, stdout: '' });
  expect(manual.stderr).toContain('is running without --manual; umlauf restart changes that');
});

it('restart with a file of other founders is refused before anything is stopped or made', async () => {
  const before = await status();
  const keys = readdirSync(join(home, 'organizations'));
  const refused = await run('restart', '--consortium', networkFile('consortium-story.yaml'));
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/consortium-story.yaml: lists another consortium .*did not found/);
  expect((await status()).processes).toEqual(
    before.processes.map((process) => ({ ...process, memoryMegabytes: expect.any(Number) as number })),
  );
  expect(readdirSync(join(home, 'organizations'))).toEqual(keys);
});

it('up after a kill goes on with all data, whoever waits for it', async () => {
  const before = await status();
  const holder = before.processes.find(({ name }) => name === 'umlauf');
  process.kill(holder!.pid, 'SIGKILL');
  const left = umlauf('up', '--home', home);
  await left.shows('keys of');
  left.process.kill('SIGINT');
  expect(await left.exit).toBe(130);
  expect(left.stderr()).toMatch(
    /it goes on in the background, in process \d+; umlauf down --home .* stops it/,
  );
  const joined = await run('up');
  expect(joined).toMatchObject({ code: 0, stderr: '' });
  expect(joined.stdout).toMatch(/is bringing it up already|is up already/);
  const after = await status();
  expectKept(before, after);
});

it('restart keeps addresses and data', async () => {
  const before = await status();
  expect(await run('restart')).toMatchObject({ code: 0, stderr: '' });
  const after = await status();
  expectKept(before, after);
  expect(after.processes.some(({ pid }) => before.processes.some((process) => process.pid === pid))).toBe(
    false,
  );
});

it('logs tell what happened', async () => {
  const { stdout } = await run('logs', 'umlauf', '--no-follow');
  expect(stdout).toContain('umlauf | ');
});

it('another engine is refused on the same home', async () => {
  await run('down');
  const other = ENGINE === 'embedded' ? 'fabric' : 'embedded';
  const refused = await run('up', '--engine', other);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`belongs to the engine ${ENGINE}`);
});

it('down --wipe leaves nothing', async () => {
  expect(await run('down', '--wipe')).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(home)).toBe(false);
});
