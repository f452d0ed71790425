/**
 * Keeps the network's native processes: starts them so that they outlive the one that started them, writes down which
 * they are, recognises them at the next start, and stops them.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readJson, writeAtomically } from '../../../home/files.js';
import { identify, isAlive, ProcessIdentity } from '../../../home/process-identity.js';
import { until } from '../wait.js';

const EXTENSION = '.json';
const LOG_TAIL_LINES = 12;
const LOG_TAIL_BYTES = 16_384;
/** Lines that say why; a Go program that panics hides them under a stack. */
const REASON = /\b(PANI|FATA|panic|Error):? /;
const REASONS = 3;

const ProcessRecord = z.object({ ...ProcessIdentity.shape, startedAt: z.string() });

export interface ProcessSpec {
  /** Unique in a home, usable as the name of a file: `<member>.<kind>`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Working folder. */
  readonly cwd: string;
  /** Beside PATH, HOME and TMPDIR, which every process gets. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  /** RFC 3339 */
  readonly startedAt: string;
  readonly running: boolean;
}

/** A process of the network has ended, or couldn't be started. */
export class ProcessEndedError extends Error {
  override readonly name = 'ProcessEndedError';
}

export class Supervisor {
  /** Spawning that failed, by name: the error comes after the fact. */
  private readonly failures = new Map<string, Error>();

  /**
   * @param records folder for one record each
   * @param logs folder for one log each: what a process writes to its standard output and error
   * @param signal once it is aborted, none is started any more
   */
  constructor(
    private readonly records: string,
    private readonly logs: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** Starts a process unless it runs already, and returns at once. */
  start(spec: ProcessSpec): void {
    this.signal?.throwIfAborted();
    if (this.isRunning(spec.name)) return;
    mkdirSync(this.logs, { recursive: true, mode: 0o700 });
    mkdirSync(spec.cwd, { recursive: true, mode: 0o700 });
    this.failures.delete(spec.name);
    const log = openSync(this.logFile(spec.name), 'a', 0o600);
    try {
      const child = spawn(spec.command, spec.args, {
        cwd: spec.cwd,
        env: { ...inherited(), ...spec.env },
        detached: true, // a process group of its own, so that Ctrl-C in a terminal doesn't reach it
        stdio: ['ignore', log, log],
      });
      child.once('error', (error) => this.failures.set(spec.name, error));
      child.unref();
      if (child.pid === undefined) return;
      const record = { ...identify(child.pid), startedAt: new Date().toISOString() };
      writeAtomically(this.recordFile(spec.name), JSON.stringify(record));
    } finally {
      closeSync(log);
    }
  }

  /** Starts a process beside one that has its name, which is `<name>-before` from now on; there is one such at most. */
  async startBeside(spec: ProcessSpec): Promise<void> {
    const before = `${spec.name}-before`;
    await this.stop([before]);
    if (existsSync(this.recordFile(spec.name)))
      renameSync(this.recordFile(spec.name), this.recordFile(before));
    this.start(spec);
  }

  isRunning(name: string): boolean {
    const record = this.record(name);
    return record !== undefined && isAlive(record);
  }

  /**
   * @throws ProcessEndedError with the end of its log, if the process isn't running
   */
  checkRunning(name: string): void {
    if (this.isRunning(name)) return;
    const failure = this.failures.get(name);
    const reason = failure
      ? failure.message
      : `its log ${this.logFile(name)} ends with\n${this.logTail(name)}`;
    throw new ProcessEndedError(`${name} is not running; ${reason}`, { cause: failure });
  }

  /** All processes that were started and not stopped, by name. */
  list(): ProcessStatus[] {
    return this.names().flatMap((name) => {
      const record = this.record(name);
      return record ? [{ name, pid: record.pid, startedAt: record.startedAt, running: isAlive(record) }] : [];
    });
  }

  /**
   * Stops processes, all at once: asks, and after `graceMs` insists.
   * @param names default: all
   */
  async stop(names: readonly string[] = this.names(), { graceMs = 5_000 } = {}): Promise<void> {
    await Promise.all(names.map((name) => this.stopOne(name, graceMs)));
  }

  /** Ends all processes without asking them, at once. */
  kill(): void {
    for (const name of this.names()) {
      const record = this.record(name);
      if (record) signal(record, 'SIGKILL');
      rmSync(this.recordFile(name), { force: true });
    }
  }

  logFile(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  private async stopOne(name: string, graceMs: number): Promise<void> {
    const record = this.record(name);
    if (record) {
      const gone = async (deadlineMs: number) =>
        until(() => Promise.resolve(isAlive(record) ? undefined : true), {
          what: `the end of ${name} (process ${record.pid})`,
          deadlineMs,
        });
      signal(record, 'SIGTERM');
      await gone(graceMs).catch(async () => {
        signal(record, 'SIGKILL');
        await gone(graceMs);
      });
    }
    rmSync(this.recordFile(name), { force: true });
  }

  private names(): string[] {
    try {
      return readdirSync(this.records)
        .filter((file) => file.endsWith(EXTENSION))
        .map((file) => basename(file, EXTENSION))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private record(name: string): z.infer<typeof ProcessRecord> | undefined {
    return ProcessRecord.safeParse(readJson(this.recordFile(name))).data;
  }

  private recordFile(name: string): string {
    return join(this.records, `${name}${EXTENSION}`);
  }

  private logTail(name: string): string {
    try {
      const text = readFileSync(this.logFile(name)).subarray(-LOG_TAIL_BYTES).toString();
      const lines = text.trimEnd().split('\n');
      const reasons = lines.filter((line) => REASON.test(line));
      return (reasons.length > 0 ? reasons.slice(-REASONS) : lines.slice(-LOG_TAIL_LINES)).join('\n');
    } catch {
      return '(no log)';
    }
  }
}

/** Signals a process and whatever it started: its group has its number. */
function signal(record: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  try {
    process.kill(-record.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The little that a process needs of this one's environment: nothing that might be a secret. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
