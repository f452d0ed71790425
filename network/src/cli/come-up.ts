/** Waits for a consortium that another process brings up, and tells its steps. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointsOf } from '../home/running.js';
import type { GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';

const POLL_MS = 30;
/** How the command line begins what it says of its failure. */
const FAILURE = 'umlauf: ';

/** Where the process that runs a home in the background writes. */
export function logOf(home: string): string {
  return join(home, 'logs', 'umlauf.log');
}

export interface ComingUp {
  readonly home: string;
  /** How many lines of its log are from before. */
  readonly skip: number;
  /** Whether the process is still there. */
  readonly alive: () => boolean;
  /** Told of each line with a step, an alarm, or what is waited for. */
  readonly say: (line: string) => void;
}

/** The whole lines of a log. */
export function linesOf(log: string): string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
}

/**
 * @returns its gateways, once all of them are ready
 * @throws UserError with what the process said last, if it ends before
 */
export async function comesUp({ home, skip, alive, say }: ComingUp): Promise<GatewayAccess[]> {
  const log = logOf(home);
  let shown = skip;
  for (;;) {
    const stillAlive = alive(); // asked first: what it said at its end is in the log then
    const gateways = endpointsOf(home);
    const lines = linesOf(log);
    for (const line of lines.slice(shown)) if (/^[✓…!]/.test(line)) say(line);
    shown = Math.max(shown, lines.length);
    if (gateways) return gateways;
    if (!stillAlive) throw new UserError(failure(lines.slice(skip), log));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The cause in the first line, whatever else was said of it below. */
export function failure(lines: readonly string[], log: string): string {
  const start = lines.findLastIndex((line) => line.startsWith(FAILURE));
  if (start < 0)
    return `it did not come up, and its process has ended: ${lines.at(-1) ?? 'no word'} (${log})`;
  const [cause = '', ...more] = lines.slice(start);
  return [`it did not come up: ${cause.slice(FAILURE.length)}`, ...more, `(${log})`].join('\n');
}
