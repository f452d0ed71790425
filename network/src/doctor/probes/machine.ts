import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findFabric } from '../../engines/fabric/nodes/binaries.js';
import { engineOf } from '../../home/home.js';
import type { ClockFact, MachineFacts } from '../facts.js';

const ANSWER_MS = 5_000;

export async function probeMachine(home: string): Promise<MachineFacts> {
  const { bavail, bsize } = await statfs(existing(resolve(home)));
  const fabric = await findFabric().then(
    ({ version }) => ({ version }),
    (error: unknown) => ({ missing: (error as Error).message }),
  );
  return { nodeVersion: process.versions.node, engine: engineOf(home), fabric, freeBytes: bavail * bsize };
}

/** Compares this machine's clock with that of another, by the `Date` of an HTTP answer: to half a second. */
export async function probeClock(url: string): Promise<ClockFact> {
  const before = Date.now();
  try {
    const { headers } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MS) });
    const shown = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(shown)) return { name: url, aheadMs: undefined };
    return { name: url, aheadMs: shown + 500 - (before + Date.now()) / 2 };
  } catch {
    return { name: url, aheadMs: undefined };
  }
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
