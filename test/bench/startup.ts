import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { umlauf } from '../harness/command.js';
import { until } from '../harness/until.js';
import type { Figure } from './measure.js';

/**
 * From the command to the first commits on the embedded network (its chaincode's approvals and definition), to the
 * first transaction of a client through its gateway, and to a ready consortium of four members.
 */
export async function startup(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const begin = performance.now();
  const start = umlauf('start', '--home', home);
  try {
    const passed = async (what: string, happened: () => boolean): Promise<number> => {
      await until(what, () => happened() || undefined, { pauseMilliseconds: 5 });
      return performance.now() - begin;
    };
    const network = await passed('the network', () => start.stdout().includes('channel and chaincode'));
    const client = await passed('the first transaction', () => /\b[0-9a-f]{64}\b/.test(start.stdout()));
    const ready = await passed('readiness', () => existsSync(join(home, 'endpoints.json')));
    return [
      {
        name: 'start: spawn to the first commits on the embedded network',
        value: network / 1000,
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
