import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { umlauf } from '../harness/command.js';
import { until } from '../harness/until.js';
import type { Figure } from './measure.js';

/** From the command to a ready consortium of four members, and to the first transaction of a client. */
export async function startup(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const begin = performance.now();
  const start = umlauf('start', '--home', home);
  try {
    await until('the first commit', () => /\b[0-9a-f]{64}\b/.test(start.stdout()) || undefined, {
      pauseMilliseconds: 5,
    });
    const firstCommit = performance.now() - begin;
    await until('readiness', () => existsSync(join(home, 'endpoints.json')) || undefined, {
      pauseMilliseconds: 5,
    });
    const ready = performance.now() - begin;
    return [
      {
        name: 'start: spawn to first commit through a gateway',
        value: firstCommit / 1000,
        unit: 's',
        target: { atMost: 1.5 },
      },
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
