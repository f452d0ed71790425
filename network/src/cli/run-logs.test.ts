import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logFiles, Tail } from './run-logs.js';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'umlauf-logs-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('logs are looked for each time, in folders that come and go', () => {
  expect(logFiles(home)).toEqual([]);
  mkdirSync(join(home, 'logs'));
  writeFileSync(join(home, 'logs', 'umlauf.log'), '');
  mkdirSync(join(home, 'fabric', 'logs'), { recursive: true });
  writeFileSync(join(home, 'fabric', 'logs', 'a.peer.log'), '');
  expect(logFiles(home)).toHaveLength(2);
  expect(logFiles(home, 'peer')).toEqual([join(home, 'fabric', 'logs', 'a.peer.log')]);
  rmSync(join(home, 'logs'), { recursive: true });
  expect(logFiles(home)).toHaveLength(1);
});

it('a log that goes and comes again is read from its beginning', () => {
  const file = join(home, 'umlauf.log');
  const tail = new Tail(file);
  writeFileSync(file, 'one\ntw');
  expect(tail.read()).toEqual(['one']);
  appendFileSync(file, 'o\n');
  expect(tail.read()).toEqual(['two']);
  rmSync(file);
  expect(tail.read()).toEqual([]);
  writeFileSync(file, 'quite another line\n');
  expect(tail.read()).toEqual(['quite another line']);
});
