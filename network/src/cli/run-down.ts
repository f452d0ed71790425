import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { engineOf, openHome } from '../home/home.js';
import { holderOfHome, stopProcess } from '../home/running.js';
import { UserError } from '../user-error.js';

export interface DownOptions {
  readonly home: string;
  readonly wipe?: boolean;
  readonly json?: boolean;
  /** Say nothing at the end. Default: false. */
  readonly quiet?: boolean;
}

const STOP_MS = 30_000;

/** Stops what runs, on real Fabric also the processes that a killed one left. */
export async function down({
  home: directory,
  wipe = false,
  json = false,
  quiet = false,
}: DownOptions): Promise<void> {
  const engine = engineOf(directory);
  if (!engine) throw new UserError(`${directory}: is not a home of Umlauf`);
  const holder = holderOfHome(directory);
  if (holder && !(await stopProcess(holder, STOP_MS)))
    throw new UserError(`process ${holder.pid} does not stop; see ${join(directory, 'logs')}`);
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
  const line = wipe
    ? 'The consortium is stopped and its data removed.'
    : 'The consortium is stopped; its data is kept.';
  process.stdout.write(
    `${json ? JSON.stringify({ wasRunning: holder !== undefined, wiped: wipe }) : line}\n`,
  );
}
