import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openHome, type Home } from '../home/home.js';
import { UserError } from '../user-error.js';
import { control } from './client.js';
import { defineOperation } from './operation.js';
import { startControl, type ControlServer } from './server.js';

class Subject {
  log: string[] = [];
  go: () => void = () => undefined;
  readonly released = new Promise<void>((resolve) => {
    this.go = resolve;
  });
}

const OPERATIONS = {
  greet: defineOperation({
    arguments: z.strictObject({ name: z.string().min(1) }),
    run: (subject: Subject, { name }, { step, waits, alarm }) => {
      subject.log.push(name);
      step('one');
      waits('two');
      alarm('three');
      return Promise.resolve({ greeting: `good day, ${name}` });
    },
  }),
  nothing: defineOperation({ arguments: z.strictObject({}), run: () => Promise.resolve(null) }),
  refuse: defineOperation({
    arguments: z.strictObject({}),
    run: () => Promise.reject(new UserError('not today')),
  }),
  fail: defineOperation({
    arguments: z.strictObject({}),
    run: () => Promise.reject(new AggregateError([new Error('the peer is down')], 'nobody answers')),
  }),
  wait: defineOperation({
    arguments: z.strictObject({}),
    run: async (subject: Subject, _, { step }) => {
      step('waiting');
      await subject.released;
      subject.log.push('done');
    },
  }),
};
type Operations = typeof OPERATIONS;

let directory: string;
let home: Home;
let subject: Subject;
let server: ControlServer;
let told: string[];
const progress = {
  step: (text: string) => void told.push(`step ${text}`),
  waits: (text: string) => void told.push(`waits for ${text}`),
  alarm: (text: string) => void told.push(`alarm ${text}`),
};
const file = () => join(directory, 'control.json');

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'umlauf-control-')), 'home');
  home = openHome(directory);
  subject = new Subject();
  told = [];
  server = await startControl(home, subject, OPERATIONS);
});
afterEach(async () => {
  subject.go();
  await server.stop();
  home.close();
  rmSync(join(directory, '..'), { recursive: true });
});

describe('a running consortium', () => {
  it('does what it is asked, telling its steps, what it waits for, and alarms, and answers the result', async () => {
    const result = await control<Operations, 'greet'>(directory, 'greet', { name: 'Umlauf' }, progress);
    expect(result).toEqual({ greeting: 'good day, Umlauf' });
    expect(told).toEqual(['step one', 'waits for two', 'alarm three']);
    expect(await control<Operations, 'nothing'>(directory, 'nothing', {}, progress)).toBeNull();
  });

  it('passes on refusals and failures, and tells them apart', async () => {
    const refused = control<Operations, 'refuse'>(directory, 'refuse', {}, progress);
    await expect(refused).rejects.toThrow(new UserError('not today'));
    const failed = control<Operations, 'fail'>(directory, 'fail', {}, progress);
    await expect(failed).rejects.toMatchObject({
      name: 'ControlError',
      message: 'nobody answers; the peer is down',
    });
  });

  it('does nothing on arguments that do not fit, nor what it does not know', async () => {
    const unfit = control<Operations, 'greet'>(directory, 'greet', { name: '' }, progress);
    await expect(unfit).rejects.toMatchObject({ name: 'UserError', message: /greet: .*name/s });
    const unknown = control<{ toString: Operations['nothing'] }, 'toString'>(
      directory,
      'toString',
      {},
      progress,
    );
    await expect(unknown).rejects.toThrow(/knows no operation toString/);
    expect(subject.log).toEqual([]);
  });

  it('keeps its token to its owner and answers nobody without it', async () => {
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const { port, token } = JSON.parse(readFileSync(file(), 'utf8')) as { port: number; token: string };
    const ask = (authorization: string) =>
      fetch(`http://127.0.0.1:${port}/greet`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ name: 'stranger' }),
      });
    expect((await ask('')).status).toBe(401);
    expect((await ask(`Bearer ${'0'.repeat(token.length)}`)).status).toBe(401);
    expect(subject.log).toEqual([]);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });

  it('lets what is under way come to its end before it stops, and is then gone', async () => {
    const waiting = control<Operations, 'wait'>(
      directory,
      'wait',
      {},
      {
        ...progress,
        step: () => {
          void server.stop();
          subject.go();
        },
      },
    );
    await waiting;
    expect(subject.log).toEqual(['done']);
    expect(existsSync(file())).toBe(false);
  });
});

describe('a command', () => {
  it('says precisely that nothing runs, or not yet', async () => {
    await server.stop();
    const early = control<Operations, 'nothing'>(directory, 'nothing', {}, progress);
    await expect(early).rejects.toMatchObject({
      name: 'UserError',
      message: /still coming up, or going down/,
    });
    home.close();
    const none = control<Operations, 'nothing'>(directory, 'nothing', {}, progress);
    await expect(none).rejects.toMatchObject({ name: 'UserError', message: /no consortium is running/ });
  });

  it('says that the process ended before it was done', async () => {
    const dying = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.end(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"step":"begun"}\r\n1\r\n\n\r\n',
        ),
      );
    });
    const port = await new Promise<number>((resolve) =>
      dying.listen(0, '127.0.0.1', () => resolve((dying.address() as AddressInfo).port)),
    );
    writeFileSync(file(), JSON.stringify({ port, token: 'any' }));
    try {
      const cut = control<Operations, 'nothing'>(directory, 'nothing', {}, progress);
      await expect(cut).rejects.toThrow(/ended before it was done.*run the command again/);
      expect(told).toEqual(['step begun']);
    } finally {
      dying.close();
    }
  });
});
