import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../user-error.js';
import { readChaincode, stageChaincode } from './code.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-code-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const BUILT = {
  'package.json': JSON.stringify({
    name: 'some-chaincode',
    version: '1.2.3',
    main: 'dist/index.js',
    files: ['dist'],
  }),
  'package-lock.json': '{}',
  'dist/index.js': 'exports.contracts = [];',
  'dist/domain/rules.js': 'exports.n = 3;',
};

function write(files: Record<string, string>, folder = join(root, 'chaincode')): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('the label of chaincode', () => {
  it('names its version and its content', () => {
    const { label, hash, version } = readChaincode(write(BUILT));
    expect(label).toMatch(/^umlauf_1\.2\.3_[0-9a-f]{16}$/);
    expect(label).toBe(`umlauf_${version}_${hash}`);
  });

  it('is the same wherever the chaincode lies', () => {
    const elsewhere = write(BUILT, join(root, 'somewhere', 'else'));
    expect(readChaincode(elsewhere).label).toBe(readChaincode(write(BUILT)).label);
  });

  it('changes with any file that is run, and with the lock file', () => {
    const labels = [readChaincode(write(BUILT)).label];
    const changes = [
      { 'dist/domain/rules.js': 'exports.n = 4;' },
      { 'package-lock.json': '{ }' },
      { 'dist/more.js': '' },
      { 'package.json': BUILT['package.json'].replace('dist/index.js', 'dist/more.js') },
    ];
    for (const change of changes) labels.push(readChaincode(write(change)).label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("isn't moved by content that only changed its file", () => {
    const joined = write({ ...BUILT, 'dist/a.js': 'xy', 'dist/b.js': 'z' }, join(root, 'one'));
    const split = write({ ...BUILT, 'dist/a.js': 'x', 'dist/b.js': 'yz' }, join(root, 'two'));
    expect(readChaincode(joined).label).not.toBe(readChaincode(split).label);
  });

  it('leaves out what is not run: declarations, source maps, tests, build records', () => {
    const before = readChaincode(write(BUILT)).label;
    write({
      'dist/index.d.ts': 'x',
      'dist/index.js.map': 'x',
      'dist/rules.test.js': 'x',
      'dist/.tsbuildinfo': 'x',
    });
    expect(readChaincode(join(root, 'chaincode')).label).toBe(before);
  });
});

describe('reading chaincode', () => {
  it.each(['package.json', 'package-lock.json', 'dist'])('says that %s is missing', (missing) => {
    const folder = write(BUILT);
    rmSync(join(folder, missing), { recursive: true });
    expect(() => readChaincode(folder)).toThrow(UserError);
    expect(() => readChaincode(folder)).toThrow(missing);
  });

  it('wants to be told which files the chaincode consists of', () => {
    expect(() => readChaincode(write({ ...BUILT, 'package.json': '{"version":"1.2.3"}' }))).toThrow(/files/);
  });
});

describe('staged chaincode', () => {
  it('stays as it is while the chaincode is built anew', () => {
    const folder = write(BUILT);
    const code = readChaincode(folder);
    const staged = stageChaincode(code, join(root, 'staged'));
    write({ 'dist/domain/rules.js': 'exports.n = 5;' });
    expect(readChaincode(staged).label).toBe(code.label);
    expect(readFileSync(join(staged, 'dist', 'domain', 'rules.js'), 'utf8')).toBe('exports.n = 3;');
    expect(stageChaincode(code, join(root, 'staged'))).toBe(staged);
  });
});
