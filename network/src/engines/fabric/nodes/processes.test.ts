import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../wait.js';
import { ProcessEndedError, Supervisor, type ProcessSpec } from './processes.js';

let root: string;
let supervisor: Supervisor;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-processes-'));
  supervisor = open();
});
afterEach(async () => {
  await supervisor.stop();
  rmSync(root, { recursive: true, force: true });
});

const open = () => new Supervisor(join(root, 'records'), join(root, 'logs'));
const recordFile = (name: string) => join(root, 'records', `${name}.json`);
const pidOf = (name: string) => supervisor.list().find((each) => each.name === name)!.pid;
const log = (name: string) => readFileSync(supervisor.logFile(name), 'utf8');
const says = (name: string, text: string) =>
  until(() => Promise.resolve(log(name).includes(text) || undefined), { what: text, deadlineMs: 20_000 });
const ended = (name: string) =>
  until(() => Promise.resolve(supervisor.isRunning(name) ? undefined : true), {
    what: `the end of ${name}`,
    deadlineMs: 20_000,
  });

/** A Node process that runs this script. */
function spec(name: string, script: string, env: Record<string, string> = {}): ProcessSpec {
  return { name, command: process.execPath, args: ['-e', script], cwd: join(root, 'work'), env };
}
const STAYS = 'console.log("up"); setInterval(() => {}, 1e6);';

describe('a supervised process', () => {
  it('writes its words to its log, runs in its folder, and gets no more of the environment than it needs', async () => {
    process.env['UMLAUF_TEST_SECRET'] = 'secret';
    const script = 'console.log(process.cwd(), JSON.stringify(process.env)); setInterval(() => {}, 1e6);';
    supervisor.start(spec('a.peer', script, { OWN: 'setting' }));
    await says('a.peer', '"OWN":"setting"');
    delete process.env['UMLAUF_TEST_SECRET'];
    expect(log('a.peer')).toContain(join(root, 'work'));
    expect(log('a.peer')).not.toContain('secret');
  });

  it('is not started twice, not even by another supervisor of the same home', async () => {
    supervisor.start(spec('a.peer', STAYS));
    await says('a.peer', 'up');
    const pid = pidOf('a.peer');
    open().start(spec('a.peer', STAYS));
    supervisor.start(spec('a.peer', STAYS));
    expect(pidOf('a.peer')).toBe(pid);
  });

  it('is started beside the one that has its name, which goes on until it is stopped', async () => {
    supervisor.start(spec('a.service', STAYS));
    const before = pidOf('a.service');
    await supervisor.startBeside(spec('a.service', STAYS));
    expect(supervisor.list().map(({ name, running }) => [name, running])).toEqual([
      ['a.service', true],
      ['a.service-before', true],
    ]);
    expect(pidOf('a.service-before')).toBe(before);
    await supervisor.stop(['a.service-before']);
    expect(supervisor.list().map(({ name }) => name)).toEqual(['a.service']);
    expect(supervisor.isRunning('a.service')).toBe(true);
  });

  it('is stopped by whoever opens the home next', async () => {
    supervisor.start(spec('a.peer', STAYS));
    supervisor.start(spec('b.peer', STAYS));
    expect(supervisor.list().map(({ name, running }) => [name, running])).toEqual([
      ['a.peer', true],
      ['b.peer', true],
    ]);
    await open().stop();
    expect(supervisor.isRunning('a.peer') || supervisor.isRunning('b.peer')).toBe(false);
    expect(supervisor.list()).toEqual([]);
  });

  it('is killed if it does not end when asked', async () => {
    supervisor.start(spec('a.peer', `process.on('SIGTERM', () => console.log('no')); ${STAYS}`));
    await says('a.peer', 'up');
    await supervisor.stop(['a.peer'], { graceMs: 100 });
    expect(log('a.peer')).toContain('no');
    expect(supervisor.isRunning('a.peer')).toBe(false);
  });

  it('takes the processes that it started with it', async () => {
    const child = 'setInterval(() => {}, 1e6)';
    const script = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
      console.log('child', c.pid, 'up'); setInterval(() => {}, 1e6);`;
    supervisor.start(spec('a.peer', script));
    await says('a.peer', 'up');
    const pid = Number(/child (\d+)/.exec(log('a.peer'))?.[1]);
    await supervisor.stop();
    await until(() => Promise.resolve(alive(pid) ? undefined : true), {
      what: 'its end',
      deadlineMs: 20_000,
    });
  });

  it('starts again after it has ended', async () => {
    supervisor.start(spec('a.peer', 'console.log("first")'));
    await ended('a.peer');
    supervisor.start(spec('a.peer', STAYS));
    await says('a.peer', 'up');
    expect(log('a.peer')).toContain('first');
    expect(supervisor.isRunning('a.peer')).toBe(true);
  });
});

describe('a process that is not running', () => {
  it('is told with the end of its log', async () => {
    supervisor.start(spec('a.orderer', 'console.error("port is taken"); process.exit(1)'));
    await ended('a.orderer');
    expect(() => supervisor.checkRunning('a.orderer')).toThrow(ProcessEndedError);
    expect(() => supervisor.checkRunning('a.orderer')).toThrow(/port is taken/);
  });

  it('is told with the line that says why, not with the stack below it', async () => {
    const stack = Array.from({ length: 50 }, (_, line) => `main.f${line}()`).join('\\n');
    const script = `console.error("2026 PANI [server] port is taken\\npanic: port is taken\\n${stack}"); process.exit(2)`;
    supervisor.start(spec('a.orderer', script));
    await ended('a.orderer');
    expect(() => supervisor.checkRunning('a.orderer')).toThrow(
      /PANI \[server\] port is taken\npanic: port is taken$/,
    );
  });

  it('is told with the reason why it could not be started', async () => {
    supervisor.start({ ...spec('a.peer', ''), command: join(root, 'no-such-program') });
    await until(
      () => {
        try {
          supervisor.checkRunning('a.peer');
        } catch (error) {
          if ((error as Error).message.includes('ENOENT')) return Promise.resolve(true);
        }
        return Promise.resolve(undefined);
      },
      { what: 'the reason', deadlineMs: 20_000 },
    );
  });

  it('is not mistaken for another that got its number: that one is left alone', async () => {
    supervisor.start(spec('a.peer', STAYS));
    await says('a.peer', 'up');
    const pid = pidOf('a.peer');
    const own = readFileSync(recordFile('a.peer'), 'utf8');
    writeFileSync(
      recordFile('a.peer'),
      JSON.stringify({ pid, started: 'at another time', startedAt: new Date().toISOString() }),
    );
    expect(supervisor.isRunning('a.peer')).toBe(false);
    await supervisor.stop(['a.peer']);
    expect(alive(pid)).toBe(true);
    writeFileSync(recordFile('a.peer'), own);
  });

  it('is not known from a record that was never written whole', () => {
    supervisor.start(spec('a.peer', ''));
    writeFileSync(recordFile('a.peer'), '{"pid":1}');
    expect(supervisor.isRunning('a.peer')).toBe(false);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
