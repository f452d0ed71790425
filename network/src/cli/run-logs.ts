import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../user-error.js';
import { interruption } from './interruption.js';

export interface LogsOptions {
  readonly home: string;
  readonly follow: boolean;
  readonly json?: boolean;
}

const POLL_MS = 200;

/** Prints the logs of a home, a line each with the name of its log, and what is added to them. */
export async function logs(name: string | undefined, { home, follow, json }: LogsOptions): Promise<void> {
  const files = () => logFiles(home, name);
  if (files().length === 0)
    throw new UserError(`${home}: has no log${name === undefined ? '' : ` whose name contains ${name}`}`);
  const tails = new Map<string, Tail>();
  const print = () => {
    for (const file of files()) {
      const tail = tails.get(file) ?? new Tail(file);
      tails.set(file, tail);
      const log = basename(file, '.log');
      for (const line of tail.read())
        process.stdout.write(json === true ? `${JSON.stringify({ log, line })}\n` : `${log} | ${line}\n`);
    }
  };
  print();
  if (!follow) return;
  const interrupted = interruption();
  const timer = setInterval(print, POLL_MS);
  await interrupted.requested;
  clearInterval(timer);
  interrupted.release();
}

/** Those that are there now: folders come at the first start, and go when the home is wiped. */
export function logFiles(home: string, name = ''): string[] {
  return [join(home, 'logs'), join(home, 'fabric', 'logs')]
    .flatMap((folder) => (unlessGone(() => readdirSync(folder)) ?? []).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.log') && basename(file).includes(name));
}

/** What has been added to a file since the last look; a file that was replaced is read anew. */
export class Tail {
  private position = 0;
  private rest = '';

  constructor(private readonly file: string) {}

  read(): string[] {
    const descriptor = unlessGone(() => openSync(this.file, 'r'));
    if (descriptor === undefined) {
      this.position = 0;
      this.rest = '';
      return [];
    }
    try {
      const { size } = fstatSync(descriptor);
      if (size < this.position) this.position = 0;
      const buffer = Buffer.alloc(size - this.position);
      readSync(descriptor, buffer, 0, buffer.length, this.position);
      this.position = size;
      const lines = (this.rest + buffer.toString('utf8')).split('\n');
      this.rest = lines.pop() ?? '';
      return lines;
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Undefined if there is no such file or folder (any more). */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
