import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendFile } from './append-file.js';
import { AuditLog, openAudit } from './audit.js';
import type { Decision } from './line.js';

const logger = pino({ level: 'silent' });
const decision: Decision = {
  requestId: 'r-1',
  subject: 'token urn:issuer sub somebody',
  method: 'GET',
  route: '/api/v1/members',
  decision: 'allow',
  role: 'board',
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-audit-'));
  file = join(folder, 'audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const linesOf = (path = file): unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

describe('the audit log', () => {
  it('has a line for each decision, in a file that others cannot read, and goes on in it', async () => {
    for (const requestId of ['r-1', 'r-2']) {
      const audit = openAudit({ file }, logger);
      await audit.required({ ...decision, requestId });
      await audit.close();
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(linesOf()).toEqual(
      ['r-1', 'r-2'].map((request) => ({
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        request,
        decision: 'allow',
        caller: 'token urn:issuer sub somebody',
        method: 'GET',
        route: '/api/v1/members',
        role: 'board',
      })),
    );
  });

  it('loses nothing and mixes nothing of what comes at once, also while it is rotated', async () => {
    const audit = openAudit({ file }, logger);
    const note = (index: number) => audit.required({ ...decision, requestId: String(index) });
    const first = Array.from({ length: 500 }, (_, index) => note(index));
    renameSync(file, `${file}.1`);
    const rotated = audit.reopen();
    await Promise.all([...first, ...Array.from({ length: 500 }, (_, index) => note(500 + index)), rotated]);
    await audit.close();
    const all = [...linesOf(`${file}.1`), ...linesOf()].map((line) => (line as { request: string }).request);
    expect(new Set(all)).toEqual(new Set(Array.from({ length: 1_000 }, (_, index) => String(index))));
    expect(all).toHaveLength(1_000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('calls callers by a pseudonym where there is a key: the same for the same, and none without it', async () => {
    const key = 'k'.repeat(32);
    const noted = async (pseudonymKey: string, subject: string) => {
      const path = join(folder, `${pseudonymKey.slice(0, 1)}-${subject}`);
      const audit = openAudit({ file: path, pseudonymKey }, logger);
      await audit.required({ ...decision, subject });
      await audit.close();
      expect(readFileSync(path, 'utf8')).not.toContain(subject);
      return (linesOf(path)[0] as { pseudonym: string }).pseudonym;
    };
    const somebody = await noted(key, 'somebody');
    expect(somebody).toMatch(/^[0-9a-f]{64}$/);
    expect(await noted(key, 'somebody')).toBe(somebody);
    expect(await noted(key, 'another')).not.toBe(somebody);
    expect(await noted('x'.repeat(32), 'somebody')).not.toBe(somebody);
  });

  it('cannot be broken or disguised by what callers say, and says it all', async () => {
    const audit = openAudit({ file }, logger);
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\n', '\r', '\u0000', '\u001b[2K', '\u0085', '\u2028', '\u2029', '\u202e', '\u2066'),
        fc.constantFrom('\u200b', '\ufeff', '\u{e0001}', '\ud800', '"', '\\', '}', 'a'),
        fc.string({ unit: 'binary', maxLength: 2 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        writeFileSync(file, '');
        await audit.required({ ...decision, subject: text, reason: text });
        const written = readFileSync(file, 'utf8');
        expect(written.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(written.endsWith('\n')).toBe(true);
        expect(linesOf()).toMatchObject([{ caller: text, reason: text }]);
      }),
    );
    await audit.close();
  });

  it('refuses a file that others can read or change, and a link', () => {
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    expect(() => openAudit({ file }, logger)).toThrow(/audit\.log: its mode is 644; at most 640 is allowed/);
    const link = join(folder, 'link');
    symlinkSync(file, link);
    expect(() => openAudit({ file: link }, logger)).toThrow(/link: ELOOP/);
    expect(() => openAudit({ file: join(folder, 'none', 'audit.log') }, logger)).toThrow(/ENOENT/);
  });

  it('refuses what writes while the disk is full, and counts what it could not note', async () => {
    const full = new AuditLog(AppendFile.open('/dev/full'), undefined, logger);
    await expect(full.required(decision)).rejects.toMatchObject({ code: 'audit-unavailable' });
    await expect(full.attempted(decision)).resolves.toBeUndefined();
    expect(full.works).toBe(false);
    await full.close();

    const lines: string[] = [];
    const state = { full: true };
    const disk = {
      append: (text: string) =>
        state.full ? Promise.reject(new Error('ENOSPC')) : Promise.resolve(void lines.push(text)),
      reopen: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const audit = new AuditLog(disk, undefined, logger, () => 0);
    await audit.attempted(decision);
    await audit.attempted(decision);
    state.full = false;
    await audit.required(decision);
    expect(audit.works).toBe(true);
    expect(lines.join('').split('\n')[0]).toBe('{"time":"1970-01-01T00:00:00.000Z","lost":2}');
    await audit.required(decision);
    expect(lines.join('').match(/lost/g)).toHaveLength(1);
  });
});
