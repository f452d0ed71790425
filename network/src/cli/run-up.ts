/** The consortium in the background: `umlauf start` as a process of its own. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../engine.js';
import { loadConsortium } from '../consortium/load.js';
import { engineOf, openHome } from '../home/home.js';
import { endpointsOf, holderOfHome, stopProcess } from '../home/running.js';
import { UserError } from '../user-error.js';
import { DEFAULT_ENGINE } from './options.js';

export interface UpOptions {
  readonly home: string;
  readonly consortium: string;
  readonly engine?: EngineName;
  readonly orderers?: number;
  readonly manual?: boolean;
}

export interface DownOptions {
  readonly home: string;
  readonly wipe?: boolean;
}

const COMMAND = fileURLToPath(new URL('../../bin/umlauf.js', import.meta.url));
const STOP_MS = 30_000;
const POLL_MS = 30;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Returns when every gateway answers; shows each step meanwhile. */
export async function up(options: UpOptions): Promise<void> {
  loadConsortium(options.consortium); // what is wrong with the files is told here
  const running = endpointsOf(options.home);
  if (running) {
    say(
      `The consortium is up already: ${running.length} gateways, process ${holderOfHome(options.home)?.pid ?? 0}.`,
    );
    return;
  }
  const engine = options.engine ?? engineOf(options.home) ?? DEFAULT_ENGINE;
  openHome(options.home, { engine }).close();
  const log = join(options.home, 'logs', 'umlauf.log');
  rmSync(log, { force: true });
  mkdirSync(join(options.home, 'logs'), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      COMMAND,
      'start',
      ...['--home', options.home, '--engine', engine, '--consortium', options.consortium],
      ...(options.orderers === undefined ? [] : ['--orderers', String(options.orderers)]),
      ...(options.manual === true ? ['--manual'] : []),
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const state = { ended: false };
  child.once('exit', () => (state.ended = true));
  let shown = 0;
  const show = (): string[] => {
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(shown)) if (line.startsWith('✓') || line.startsWith('!')) say(line);
    shown = lines.length;
    return lines;
  };
  for (;;) {
    const gateways = endpointsOf(options.home);
    const lines = show();
    if (gateways) {
      child.unref();
      say(`The consortium is up: ${gateways.length} gateways, process ${child.pid ?? 0}.`);
      for (const { memberId, url } of gateways) say(`  ${memberId.padEnd(34)} ${url}`);
      return;
    }
    if (state.ended)
      throw new UserError(
        `it did not come up: ${lines.at(-1)?.replace(/^umlauf: /, '') ?? 'no word'} (${log})`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Stops what runs, on real Fabric also the processes that a killed one left. */
export async function down(options: DownOptions): Promise<void> {
  const engine = engineOf(options.home);
  if (!engine) throw new UserError(`${options.home}: is not a home of Umlauf`);
  const holder = holderOfHome(options.home);
  if (holder && !(await stopProcess(holder, STOP_MS)))
    throw new UserError(`process ${holder.pid} does not stop; see ${join(options.home, 'logs')}`);
  const home = openHome(options.home, { engine });
  try {
    if (engine === 'fabric') {
      const { stopLeftovers } = await import('../engines/fabric/leftovers.js');
      await stopLeftovers(home);
    }
  } finally {
    home.close();
  }
  if (options.wipe) {
    openHome(options.home, { engine, fresh: true }).close();
    rmSync(options.home, { recursive: true });
  }
  say(
    options.wipe
      ? 'The consortium is stopped and its data removed.'
      : 'The consortium is stopped; its data is kept.',
  );
}

export async function restart(options: UpOptions): Promise<void> {
  await down({ home: options.home });
  await up(options);
}
