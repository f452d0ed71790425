/** A member that runs other chaincode than it approved: what this project's own service refuses to do. */
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeProcesses } from '../harness/processes.js';
import type { TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';
import { startAgain, startOf } from './survivor.js';

/** Serves code as the shim's own launcher does, whatever its hash. */
const LAUNCHER = `
process.argv = [process.execPath, 'fabric-chaincode-node', ...process.argv.slice(2)];
require('fabric-shim/cli.js');
`;

export interface ModifiedService {
  /** What the project's own service says when it is given the modified code. */
  readonly refusal: string;
  /** Has the member go back to the code that it approved. */
  end(): Promise<void>;
}

/**
 * Has a member's peer run modified code under the package id that the member approved.
 * @param file the file of the chaincode to be changed, relative to its folder
 * @param code appended to that file
 */
export async function serveModified(
  consortium: TestConsortium,
  memberId: string,
  { file, code }: { readonly file: string; readonly code: string },
): Promise<ModifiedService> {
  const [name, pid] = processOf(consortium, `${memberId}.chaincode-`);
  const start = startOf(pid);
  const option = (flag: string): string => {
    const value = start.args[start.args.indexOf(flag) + 1];
    if (value === undefined) throw new Error(`${name} was started without ${flag}`);
    return value;
  };
  const folder = join(consortium.directory, 'modified');
  cpSync(option('--code'), folder, { recursive: true });
  appendFileSync(join(folder, file), code);
  const launcher = join(folder, 'launcher.cjs');
  writeFileSync(launcher, LAUNCHER);

  const honest = start.args.map((arg) => (arg === option('--code') ? folder : arg));
  const refusal = await output(start.command, honest, start);

  // The approved service stands still, so that nobody starts it again; its place is taken.
  process.kill(pid, 'SIGSTOP');
  const socket = join(start.cwd, option('--address').replace(/^unix:/, ''));
  rmSync(socket);
  mkdirSync(join(consortium.directory, 'logs'), { recursive: true });
  const endService = startAgain(
    {
      ...start,
      args: [
        launcher,
        'server',
        ...['--chaincode-address', option('--address'), '--chaincode-id', option('--package-id')],
        ...['--chaincode-tls-cert-file', option('--tls-certificate')],
        ...['--chaincode-tls-key-file', option('--tls-key'), '--module-path', folder],
      ],
    },
    join(consortium.directory, 'modified.log'),
  );
  await until('the modified service listens', () => existsSync(socket));
  await renewPeer(consortium, memberId);
  return {
    refusal,
    end: async () => {
      await endService();
      process.kill(pid, 'SIGKILL');
      await until('the approved service runs again', () => processOf(consortium, name)[1] !== pid);
      await renewPeer(consortium, memberId);
    },
  };
}

function processOf(consortium: TestConsortium, beginning: string): readonly [name: string, pid: number] {
  const found = [...nativeProcesses(consortium)].find(([name]) => name.startsWith(beginning));
  if (!found) throw new Error(`no process ${beginning}`);
  return found;
}

/** Kills a peer: when it has been started again it connects to whatever serves its chaincode. */
async function renewPeer(consortium: TestConsortium, memberId: string): Promise<void> {
  const [name, pid] = processOf(consortium, `${memberId}.peer`);
  process.kill(pid, 'SIGKILL');
  await until(`${name} runs again`, () => processOf(consortium, name)[1] !== pid);
}

/** What a process says that doesn't start. */
function output(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.once('error', reject);
    child.once('close', (exit) => {
      if (exit === 0) reject(new Error('it started and ended'));
      else resolve(text);
    });
  });
}
