/** Processes that go on although their owner was told to stop: what a member runs on its own machine is its own. */
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, readlinkSync } from 'node:fs';
import { until } from '../harness/until.js';

/** How a process was started, from proc(5). */
interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function startOf(pid: number): Start {
  const [command = '', ...args] = fields(`/proc/${pid}/cmdline`);
  const env = fields(`/proc/${pid}/environ`).map((entry): [string, string] => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return { command, args, cwd: readlinkSync(`/proc/${pid}/cwd`), env: Object.fromEntries(env) };
}

/**
 * Starts it again the same way.
 * @returns what ends it
 */
export function startAgain({ command, args, cwd, env }: Start, logFile: string): () => Promise<void> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log] });
  closeSync(log);
  return async () => {
    child.kill('SIGKILL');
    await until('the end of the survivor', () => child.exitCode !== null || child.signalCode !== null);
  };
}

function fields(file: string): string[] {
  return readFileSync(file, 'utf8').split('\0').slice(0, -1);
}
