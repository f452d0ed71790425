import type { LedgerEvent } from 'umlauf-client';
import type { AccessOptions } from './gateway-access.js';
import { interruption } from './interruption.js';
import { told } from './member-act.js';

export interface WatchOptions extends AccessOptions {
  readonly json?: boolean;
  readonly type?: string[];
  readonly resource?: string[];
  readonly from?: string;
  readonly after?: string;
}

/** Prints events as they come, one a line, until Ctrl-C; with `--json` each as it came. */
export async function watch(options: WatchOptions): Promise<void> {
  const { json, type, resource, from, after } = options;
  const interrupted = interruption();
  try {
    await told(options, 'auditor', async (client) => {
      const events = client.events.read(
        { type, resource, from },
        { signal: interrupted.signal, ...(after === undefined ? {} : { after }) },
      );
      for await (const event of events)
        process.stdout.write(`${json ? JSON.stringify(event) : lineOf(event)}\n`);
    });
  } finally {
    interrupted.release();
  }
}

const FACT = /^umlauf\.v\d+\./;

const lineOf = ({ position, time, type, subject, data }: LedgerEvent): string =>
  [position.padEnd(8), time, type.replace(FACT, '').padEnd(22), subject, JSON.stringify(data)]
    .join('  ')
    .replace(/ {2}\{\}$/, '');
