/** A power cut in the middle of an administrator's command. */
import { expect } from 'vitest';
import { umlauf } from '../harness/command.js';
import type { Home } from '../harness/home.js';
import { killEverything } from '../harness/processes.js';
import { until } from '../harness/until.js';

const STARTED_MS = 60_000;

/** Begins a command, and cuts the power as soon as it has come to where it is to be interrupted. */
export async function interrupt(home: Home, reached: () => boolean, ...args: string[]): Promise<void> {
  const running = umlauf(...args, '--home', home.directory);
  const begun = () => {
    if (running.process.exitCode !== null)
      throw new Error(`it has ended: ${running.stdout()}${running.stderr()}`);
    return reached();
  };
  await until('it is under way', begun, { timeoutMilliseconds: STARTED_MS });
  await killEverything(home);
  expect(await running.exit).toBe(1);
  expect(running.stderr()).toMatch(/ended before it was done: .*run the command again/);
}
