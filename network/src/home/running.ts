/** The process that runs a home in the background, or in another terminal. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import { readJson } from './files.js';
import { lockHolder } from './lock.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';

/** The process that holds the home, if there is one. */
export function holderOfHome(directory: string): ProcessIdentity | undefined {
  return lockHolder(join(directory, 'lock'));
}

/** The gateways of a running consortium; undefined until all of them are ready. */
export function endpointsOf(directory: string): GatewayAccess[] | undefined {
  const file = join(directory, 'endpoints.json');
  return holderOfHome(directory) && existsSync(file) ? (readJson(file) as GatewayAccess[]) : undefined;
}

/**
 * Asks a process to stop and waits until it has.
 * @param graceMs how long it may take
 * @returns whether it stopped in time
 */
export function stopProcess(holder: ProcessIdentity, graceMs: number): Promise<boolean> {
  return signalled(holder, 'SIGTERM', graceMs);
}

/** What whoever needs a running consortium is told where there is none. */
export function notRunning(directory: string): UserError {
  return new UserError(
    `no consortium is running in ${directory}; start one with: umlauf up --home ${directory}`,
  );
}

/** Ends a process that doesn't stop when asked to. */
export async function killProcess(holder: ProcessIdentity): Promise<void> {
  const DEATH_MS = 10_000; // the system may have to write back its memory
  if (!(await signalled(holder, 'SIGKILL', DEATH_MS)))
    throw new Error(`process ${holder.pid} can't be ended`);
}

async function signalled(holder: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  process.kill(holder.pid, signal);
  const deadline = Date.now() + graceMs;
  while (isAlive(holder)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
