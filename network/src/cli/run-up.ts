/** The consortium in the background: `umlauf start` as a process of its own. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHome } from '../home/home.js';
import { isAlive } from '../home/process-identity.js';
import { endpointsOf, holderOfHome } from '../home/running.js';
import type { GatewayAccess } from '../rest.js';
import { comesUp, linesOf, logOf } from './come-up.js';
import { down } from './run-down.js';
import { checkAsRunning, settle, type RunOptions, type Settled } from './settle.js';

export interface UpOptions extends RunOptions {
  readonly json?: boolean;
}

const COMMAND = fileURLToPath(new URL('../../bin/umlauf.js', import.meta.url));

/** A process that brings the home up, or has. */
interface Bringing {
  readonly pid: number;
  readonly skip: number;
  readonly alive: () => boolean;
}

/** Returns when every gateway answers; shows each step meanwhile. */
export async function up(options: UpOptions): Promise<void> {
  const { home, json = false } = options;
  const say = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const settled = await settle(options); // what is wrong with the files or this machine is told here
  const holder = holderOfHome(home);
  const running = endpointsOf(home);
  if (holder) checkAsRunning(options);
  if (holder && !running) say(`Process ${holder.pid} is bringing it up already.`);
  const bringing: Bringing = holder
    ? { pid: holder.pid, skip: linesOf(logOf(home)).length, alive: () => isAlive(holder) }
    : launch(options, settled);
  const gateways = running ?? (await waiting(comesUp({ home, say, ...bringing }), bringing.pid, home));
  report(options, gateways, bringing.pid, running !== undefined);
}

/** Stops what runs and starts it again; whatever can be refused is refused before. */
export async function restart(options: UpOptions): Promise<void> {
  await settle(options);
  await down({ home: options.home, quiet: options.json === true });
  await up(options);
}

/** Starts the process, which goes on when this one ends. */
function launch(options: UpOptions, { engine, homeOptions }: Settled): Bringing {
  const { home, consortium, orderers, manual, genesis } = options;
  openHome(home, homeOptions).close();
  const log = logOf(home);
  rmSync(log, { force: true });
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      COMMAND,
      'start',
      ...['--home', home, '--engine', engine],
      ...(consortium === undefined ? [] : ['--consortium', resolve(consortium)]),
      ...(genesis === undefined ? [] : ['--genesis', resolve(genesis)]),
      ...(orderers === undefined ? [] : ['--orderers', String(orderers)]),
      ...(manual === undefined ? [] : [manual ? '--manual' : '--no-manual']),
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const state = { ended: false };
  child.once('exit', () => (state.ended = true));
  child.unref();
  return { pid: child.pid ?? 0, skip: 0, alive: () => !state.ended };
}

/** Whoever loses patience is told that only the waiting ends. */
async function waiting<T>(coming: Promise<T>, pid: number, home: string): Promise<T> {
  const leave = () => {
    process.stderr.write(
      `umlauf: it goes on in the background, in process ${pid}; umlauf down --home ${home} stops it\n`,
    );
    process.exit(130);
  };
  process.once('SIGINT', leave);
  try {
    return await coming;
  } finally {
    process.off('SIGINT', leave);
  }
}

function report(
  { json = false }: UpOptions,
  gateways: readonly GatewayAccess[],
  pid: number,
  already: boolean,
): void {
  const lines = json
    ? [
        JSON.stringify({
          already,
          process: pid,
          gateways: gateways.map(({ memberId, mspId, url }) => ({ memberId, mspId, url })),
        }),
      ]
    : already
      ? [`The consortium is up already: ${gateways.length} gateways, process ${pid}.`]
      : [
          `The consortium is up: ${gateways.length} gateways, process ${pid}.`,
          ...gateways.map(({ memberId, url }) => `  ${memberId.padEnd(34)} ${url}`),
        ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
