import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { engineOf, openHome } from '../home/home.js';
import { operationsUnderWay } from '../control/client.js';
import type { ProcessIdentity } from '../home/process-identity.js';
import { holderOfHome, killProcess, stopProcess } from '../home/running.js';
import { UserError } from '../user-error.js';

export interface DownOptions {
  readonly home: string;
  readonly wipe?: boolean;
  /** End the process although it doesn't stop: what is under way then is finished by running its command again. */
  readonly force?: boolean;
  /** How long it may take to stop, in milliseconds. Default: 30 s, with `force` 5 s. */
  readonly graceMs?: number;
  readonly json?: boolean;
  /** Say nothing at the end. Default: false. */
  readonly quiet?: boolean;
}

const STOP_MS = 30_000;
const FORCED_STOP_MS = 5_000;

/** Stops what runs, on real Fabric also the processes that a killed one left. */
export async function down({
  home: directory,
  wipe = false,
  force = false,
  graceMs = force ? FORCED_STOP_MS : STOP_MS,
  json = false,
  quiet = false,
}: DownOptions): Promise<void> {
  const engine = engineOf(directory);
  if (!engine) throw new UserError(`${directory}: is not a home of Umlauf`);
  const holder = holderOfHome(directory);
  const ended = holder !== undefined && (await stop(directory, holder, graceMs, force));
  const home = openHome(directory, { engine });
  try {
    if (engine === 'fabric') {
      const { stopLeftovers } = await import('../engines/fabric/leftovers.js');
      await stopLeftovers(home);
    }
  } finally {
    home.close();
  }
  if (wipe) {
    openHome(directory, { engine, fresh: true }).close();
    rmSync(directory, { recursive: true });
  }
  if (quiet) return;
  const how = ended ? 'The consortium was ended by force' : 'The consortium is stopped';
  const line = wipe ? `${how} and its data removed.` : `${how}; its data is kept.`;
  const result = { wasRunning: holder !== undefined, wiped: wipe, forced: ended };
  process.stdout.write(`${json ? JSON.stringify(result) : line}\n`);
}

/**
 * @returns whether it had to be ended by force
 * @throws UserError naming what is under way, if it doesn't stop and mustn't be forced
 */
async function stop(
  directory: string,
  holder: ProcessIdentity,
  graceMs: number,
  force: boolean,
): Promise<boolean> {
  const underWay = await operationsUnderWay(directory); // it answers no more once it is stopping
  if (await stopProcess(holder, graceMs)) return false;
  if (!force) {
    const waitsFor = underWay.length > 0 ? `: it waits for ${underWay.join(', ')} to come to its end` : '';
    throw new UserError(
      `process ${holder.pid} has not stopped within ${graceMs / 1000} s${waitsFor} (${join(directory, 'logs')}); ` +
        'umlauf down --force ends it, and running the command again finishes what was under way',
    );
  }
  await killProcess(holder);
  return true;
}
