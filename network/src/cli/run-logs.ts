import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../user-error.js';
import { interruption } from './interruption.js';

export interface LogsOptions {
  readonly home: string;
  readonly follow: boolean;
}

const POLL_MS = 200;

/** Prints the logs of a home, a line each with the name of its log, and what is added to them. */
export async function logs(name: string | undefined, { home, follow }: LogsOptions): Promise<void> {
  const folders = [join(home, 'logs'), join(home, 'fabric', 'logs')].filter((folder) => existsSync(folder));
  const files = () =>
    folders
      .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
      .filter((file) => file.endsWith('.log') && basename(file).includes(name ?? ''));
  if (files().length === 0)
    throw new UserError(`${home}: has no log${name === undefined ? '' : ` whose name contains ${name}`}`);
  const tails = new Map<string, Tail>();
  const print = () => {
    for (const file of files()) {
      const tail = tails.get(file) ?? new Tail(file);
      tails.set(file, tail);
      for (const line of tail.read()) process.stdout.write(`${basename(file, '.log')} | ${line}\n`);
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

/** What has been added to a file since the last look; a file that was replaced is read anew. */
class Tail {
  private position = 0;
  private rest = '';

  constructor(private readonly file: string) {}

  read(): string[] {
    const { size } = statSync(this.file);
    if (size < this.position) this.position = 0;
    if (size === this.position) return [];
    const buffer = Buffer.alloc(size - this.position);
    const descriptor = openSync(this.file, 'r');
    try {
      readSync(descriptor, buffer, 0, buffer.length, this.position);
    } finally {
      closeSync(descriptor);
    }
    this.position = size;
    const lines = (this.rest + buffer.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }
}
