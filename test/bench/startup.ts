import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { umlauf } from '../harness/command.js';
import { until } from '../harness/until.js';
import type { Figure } from './measure.js';

const EMBEDDED_PROCESS = fileURLToPath(new URL('./embedded-process.js', import.meta.url));

/** From the command to the first transaction of a client, and to a ready consortium of four members. */
export async function startup(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const begin = performance.now();
  const start = umlauf('start', '--home', home);
  try {
    const passed = async (what: string, happened: () => boolean): Promise<number> => {
      await until(what, () => happened() || undefined, { pauseMilliseconds: 5 });
      return performance.now() - begin;
    };
    const client = await passed('the first transaction', () => /\b[0-9a-f]{64}\b/.test(start.stdout()));
    const ready = await passed('readiness', () => existsSync(join(home, 'endpoints.json')));
    return [
      {
        name: 'embedded network with keys there: spawn to first commit',
        value: await embeddedNetwork(home),
        unit: 's',
        target: { atMost: 1.5 },
      },
      { name: 'start: spawn to first commit through a gateway', value: client / 1000, unit: 's' },
      {
        name: 'start: built tree to ready, four members',
        value: ready / 1000,
        unit: 's',
        target: { atMost: 3 },
      },
    ];
  } finally {
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(home, { recursive: true, force: true });
  }
}

/** Seconds from the spawn of a process to its first commit, with the keys that another home has. */
async function embeddedNetwork(withKeys: string): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  cpSync(join(withKeys, 'organizations'), join(home, 'organizations'), { recursive: true });
  cpSync(join(withKeys, 'home.json'), join(home, 'home.json'));
  try {
    const begin = performance.now();
    const child = spawn(process.execPath, [EMBEDDED_PROCESS, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    const first = await Promise.race([once(child.stdout, 'data'), ended.then(() => undefined)]);
    const seconds = (performance.now() - begin) / 1000;
    await ended;
    if (first === undefined) throw new Error('the embedded network did not come up');
    return seconds;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The whole story, with seventeen founders and two new members. */
export async function story(): Promise<Figure[]> {
  const begin = performance.now();
  const demo = umlauf('demo', '--json');
  if ((await demo.exit) !== 0) throw new Error(`the story failed: ${demo.stderr()}`);
  return [
    {
      name: 'demo: 17 + 2 organizations',
      value: (performance.now() - begin) / 1000,
      unit: 's',
      target: { atMost: 30 },
    },
  ];
}
