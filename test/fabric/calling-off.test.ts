/** A network that doesn't come up can be stopped all the same. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { umlauf, type Command } from '../harness/command.js';
import { command } from '../harness/home.js';
import { isAlive, nativeProcesses } from '../harness/processes.js';
import { until } from '../harness/until.js';
import { missingFabric } from './binaries.js';

const ORDERER = 'municipal-provider-1.orderer';
const LONGEST_MS = 20_000;

let directory: string;
beforeEach(() => (directory = join(mkdtempSync(join(tmpdir(), 'umlauf-off-')), 'home')));
afterEach(async () => {
  await command('down', '--wipe', '--home', directory);
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

const processes = () => {
  try {
    return nativeProcesses({ directory });
  } catch {
    return new Map<string, number>(); // not yet one
  }
};

/** Begins to bring a network up, one of whose orderers hangs as soon as it runs. */
async function hanging(verb: 'up' | 'start'): Promise<{ readonly coming: Command; readonly pids: number[] }> {
  const coming = umlauf(verb, '--engine', 'fabric', '--home', directory);
  const pid = await until('the orderer runs', () => processes().get(ORDERER));
  process.kill(pid, 'SIGSTOP');
  await until('peers run', () => [...processes().keys()].some((name) => name.endsWith('.peer')));
  return { coming, pids: [...processes().values()] };
}

describe.skipIf(missingFabric !== undefined)('a network that hangs while it comes up', () => {
  it('is stopped by down, and up says why it ended', async () => {
    const { coming, pids } = await hanging('up');
    const begun = Date.now();
    await command('down', '--home', directory);
    expect(Date.now() - begun).toBeLessThan(LONGEST_MS);
    expect(await coming.exit).toBe(1);
    expect(coming.stderr()).toContain('interrupted before it was up; what had been started is stopped');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(join(directory, 'fabric', 'processes'))).toEqual([]);
  });

  it('leaves no process when a second Ctrl-C does not wait for that', async () => {
    const { coming, pids } = await hanging('start');
    const ends = () => {
      coming.process.kill('SIGINT');
      return coming.process.exitCode ?? undefined;
    };
    await until('the command ends', ends, { pauseMilliseconds: 300 });
    expect(await coming.exit).toBe(130);
    await until('the end of every process', () => !pids.some(isAlive));
  });
});
