import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkHome, openHome, settingsOf } from './home.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'umlauf-home-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a home is for one process, which the refusal names', () => {
  const home = openHome(folder);
  expect(() => openHome(folder)).toThrow(`in use by process ${process.pid}`);
  home.close();
  openHome(folder).close();
});

it('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  openHome(folder).close();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid, started: '1' }));
  const home = openHome(folder);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  home.close();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

it('the lock of a process whose number was given to another is taken over', () => {
  openHome(folder).close();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid, started: 'another time' }));
  openHome(folder).close();
});

it('a lock that a crash cut short is taken over', () => {
  openHome(folder).close();
  writeFileSync(join(folder, 'lock'), '{"pid":');
  openHome(folder).close();
});

it('--fresh removes what a home holds', () => {
  const home = openHome(folder);
  writeFileSync(home.path('issuer.json'), '{}');
  home.close();
  const fresh = openHome(folder, { fresh: true });
  expect(existsSync(fresh.path('issuer.json'))).toBe(false);
  fresh.close();
});

it('a folder that holds something else is refused, with --fresh too', () => {
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  expect(() => openHome(folder)).toThrow('not a home of Umlauf');
  expect(() => openHome(folder, { fresh: true })).toThrow('not a home of Umlauf');
  expect(existsSync(join(folder, 'letter.txt'))).toBe(true);
});

it('is made with the folders above it, or the refusal says why it can not be', () => {
  openHome(join(folder, 'above', 'home')).close();
  expect(existsSync(join(folder, 'above', 'home', 'home.json'))).toBe(true);
  expect(() => openHome('/proc/umlauf/home')).toThrow('/proc/umlauf/home: cannot be used as a home');
});

it('what tells where a killed process listened is removed at the next start', () => {
  const home = openHome(folder);
  writeFileSync(home.path('endpoints.json'), '[]');
  home.close();
  const again = openHome(folder);
  expect(existsSync(again.path('endpoints.json'))).toBe(false);
  again.close();
});

it('how it was run last is remembered until something else is asked for, or it begins anew', () => {
  const open = (options: Parameters<typeof openHome>[1]) => {
    openHome(folder, options).close();
    return settingsOf(folder);
  };
  expect(open({ consortium: '/my.yaml', manual: true })).toMatchObject({
    consortium: '/my.yaml',
    manual: true,
  });
  expect(open({})).toMatchObject({ consortium: '/my.yaml', manual: true });
  expect(open({ manual: false })).toMatchObject({ consortium: '/my.yaml', manual: false });
  const anew = open({ fresh: true });
  expect([anew?.consortium, anew?.manual]).toEqual([undefined, undefined]);
});

it('a home that an earlier version made, without how it was run, stays valid', () => {
  writeFileSync(join(folder, 'home.json'), JSON.stringify({ format: 1, engine: 'embedded' }));
  expect(settingsOf(folder)?.engine).toBe('embedded');
  openHome(folder).close();
});

it('a home of another engine is refused without being opened', () => {
  openHome(folder).close();
  checkHome(folder, 'embedded');
  expect(() => checkHome(folder, 'fabric')).toThrow('belongs to the engine embedded');
});
