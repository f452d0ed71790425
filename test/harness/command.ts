/** The command line as a user runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { networkFile } from './package-folder.js';
import { until } from './until.js';

const BIN = networkFile('bin', 'umlauf.js');

export interface Command {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
  /** Waits until standard output holds the text. */
  shows(text: string): Promise<string>;
}

export function umlauf(...args: string[]): Command {
  const child = spawn(BIN, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    exit,
    shows: (text) =>
      until(
        `"${text}" on standard output`,
        () => {
          if (stdout.includes(text)) return stdout;
          if (child.exitCode !== null) throw new Error(`exited with ${child.exitCode}: ${stderr}`);
          return undefined;
        },
        { timeoutMilliseconds: 25_000 },
      ),
  };
}
