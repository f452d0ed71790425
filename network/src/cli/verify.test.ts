import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Report } from '../verify/report.js';
import { main } from './main.js';

const FIXTURE = new URL('../../../test/fixtures/fabric-3.1.5/story.blocks.gz', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'umlauf-verify-'));
const file = join(folder, 'story.blocks');

beforeAll(() => writeFileSync(file, gunzipSync(readFileSync(FIXTURE))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** Runs the command line in this process. */
async function umlauf(...args: string[]): Promise<{ output: string; errors: string; code: unknown }> {
  const texts = { output: '', errors: '' };
  const into = (name: keyof typeof texts) => (text: string | Uint8Array) => {
    texts[name] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('output'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('errors'));
  await main(['node', 'umlauf', ...args]);
  return { ...texts, code: process.exitCode };
}

describe('umlauf verify', () => {
  it('says what was checked and what covers each organization', async () => {
    const { output, code } = await umlauf('verify', file, '--height', '36');
    expect(code).toBeUndefined();
    expect(output).toMatch(/36 blocks, 3 configurations, 44 transactions \(42 valid\)/);
    expect(output).toMatch(/BavariaMSP +since block 33 +by resolution admission-bavaria/);
    expect(output).toMatch(/✓ everything holds\n$/);
  });

  it('exits with 1 and names what does not hold', async () => {
    const { output, code } = await umlauf('verify', file, '--genesis', 'ab'.repeat(32), '--height', '39');
    expect(code).toBe(1);
    expect(output).toMatch(/✗ the genesis hash is [0-9a-f]{64}, not (ab){32} as expected \[expectation\]/);
    expect(output).toMatch(/✗ the height is 36, not 39 as expected/);
  });

  it('prints the report as one JSON object', async () => {
    const { output } = await umlauf('verify', '--json', file);
    const report = JSON.parse(output) as Report;
    expect(report).toMatchObject({ holds: true, channel: 'umlauf', height: 36, findings: [] });
  });

  it('finds nothing in a chaincode that never wrote, and so no cover', async () => {
    const { output, code } = await umlauf('verify', file, '--chaincode', 'other');
    expect(code).toBe(1);
    expect(output).toMatch(/there is no foundation or resolution that covers it \[coverage\]/);
  });

  it('refuses what is no hash and no number', async () => {
    const { errors, code } = await umlauf('verify', file, '--genesis', 'abc');
    expect(code).toBe(1);
    expect(errors).toMatch(/must be 64 hexadecimal digits/);
    expect((await umlauf('verify', file, '--height', '-1')).code).toBe(1);
  });

  it('says that a file is none of blocks', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'something else');
    const { output, code } = await umlauf('verify', other);
    expect(code).toBe(1);
    expect(output).toMatch(/is no file of blocks/);
  });
});

it('umlauf verify refuses a file that is not there in one line, and with --json as an object too', async () => {
  const { output, errors, code } = await umlauf('verify', join(folder, 'missing'), '--json');
  expect(code).toBe(1);
  expect(errors.trim().split('\n')).toEqual([
    expect.stringMatching(/^umlauf: .*missing: can't be read: ENOENT/),
  ]);
  expect(JSON.parse(output)).toEqual({ error: expect.stringContaining('ENOENT') as string });
});

it('umlauf --version tells the version of the package', async () => {
  expect((await umlauf('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('umlauf ledger export', () => {
  it('needs a consortium that runs', async () => {
    const { errors, code } = await umlauf('ledger', 'export', '--home', folder);
    expect(code).toBe(1);
    expect(errors).toMatch(/no consortium is running/);
  });
});
