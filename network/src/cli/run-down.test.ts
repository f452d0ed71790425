import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineOperation, UNTOLD } from '../control/operation.js';
import { startControl, type ControlServer } from '../control/server.js';
import { openHome } from '../home/home.js';
import { identify } from '../home/process-identity.js';
import { down } from './run-down.js';

/** Stays when it is asked to stop. */
const STUBBORN = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);";

let directory: string;
let holder: ChildProcess;
let control: ControlServer | undefined;
let release: () => void = () => undefined;

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'umlauf-down-')), 'home');
  openHome(directory, { engine: 'embedded' }).close();
  holder = spawn(process.execPath, ['-e', STUBBORN], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(holder.stdout!, 'data');
  writeFileSync(join(directory, 'lock'), JSON.stringify(identify(holder.pid ?? 0)));
});
afterEach(async () => {
  release();
  await control?.stop();
  holder.kill('SIGKILL');
  rmSync(join(directory, '..'), { recursive: true });
});

it('names what keeps the process from stopping, which goes on', async () => {
  const released = new Promise<void>((resolve) => (release = resolve));
  const begun = new Promise<void>((began) => {
    const run = async () => {
      began();
      await released;
    };
    const operations = { 'org-add': defineOperation({ arguments: z.strictObject({}), run }) };
    void startControl({ path: (...parts) => join(directory, ...parts) }, {}, operations).then(
      async (server) => {
        control = server;
        const { control: ask } = await import('../control/client.js');
        await ask<typeof operations, 'org-add'>(directory, 'org-add', {}, UNTOLD);
      },
    );
  });
  await begun;
  await expect(down({ home: directory, graceMs: 200 })).rejects.toThrow(
    /has not stopped within 0\.2 s: it waits for org-add to come to its end .*umlauf down --force/,
  );
  expect(holder.exitCode ?? holder.signalCode).toBeNull();
});

it('ends it with --force', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await down({ home: directory, force: true, graceMs: 200, json: true });
    expect(JSON.parse(String(written.mock.calls.at(-1)?.[0]))).toEqual({
      ...{ wasRunning: true, wiped: false, forced: true },
    });
  } finally {
    written.mockRestore();
  }
  expect(holder.signalCode ?? (await once(holder, 'exit'))[1]).toBe('SIGKILL');
});
