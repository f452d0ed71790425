import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineOperation } from '../control/operation.js';
import { startControl } from '../control/server.js';
import { openHome } from '../home/home.js';

const COMMAND = fileURLToPath(new URL('../../bin/umlauf.js', import.meta.url));

it('Ctrl-C ends the waiting for an operation, which goes on, and says so', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'umlauf-operate-')), 'home');
  const home = openHome(directory);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let done = false;
  const server = await startControl(home, undefined, {
    'org-add': defineOperation({
      arguments: z.looseObject({}),
      run: async (_subject, _args, { step }) => {
        step('the channel is changed');
        await released;
        done = true;
      },
    }),
  });
  try {
    const child = spawn(process.execPath, [COMMAND, 'org', 'add', 'bavaria', '--home', directory]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(said).toBe('✓ the channel is changed\n');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(130);
    expect(stderr).toBe(
      `umlauf: it goes on inside process ${process.pid}; run again, the command tells how it ends\n`,
    );
    expect(done).toBe(false);
  } finally {
    release();
    await server.stop();
    home.close();
    rmSync(join(directory, '..'), { recursive: true });
  }
  expect(done).toBe(true);
});
