import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarGz, type ArchiveEntry } from './archive.js';

/** Reads an archive the way POSIX describes it. */
function read(archive: Uint8Array): ArchiveEntry[] {
  const tar = gunzipSync(archive);
  const entries: ArchiveEntry[] = [];
  let offset = 0;
  while (tar[offset] !== 0) {
    const header = tar.subarray(offset, offset + 512);
    const text = (from: number, to: number) => header.toString('latin1', from, to).replace(/[\0 ].*$/s, '');
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    expect(parseInt(text(148, 156), 8)).toBe(sum);
    const size = parseInt(text(124, 136), 8);
    entries.push({ name: text(0, 100), content: tar.subarray(offset + 512, offset + 512 + size) });
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  expect(tar.length).toBe(offset + 1024);
  return entries;
}

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,40}$/);
const files = fc.dictionary(name, fc.uint8Array({ maxLength: 70_000 }), {
  maxKeys: 4,
  noNullPrototype: true,
});

describe('an archive', () => {
  it('holds its files, sorted by name, whatever the order they were given in', () => {
    fc.assert(
      fc.property(files, (contents) => {
        const entries = Object.entries(contents).map(([name, content]) => ({ name, content }));
        const archive = tarGz(entries);
        expect(Buffer.compare(archive, tarGz([...entries].reverse()))).toBe(0);
        const found = read(archive);
        expect(found.map(({ name }) => name)).toEqual(Object.keys(contents).sort());
        for (const { name, content } of found) expect(Buffer.compare(content, contents[name]!)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same on every machine', () => {
    const archive = tarGz([{ name: 'connection.json', content: Buffer.from('{}') }]);
    expect(createHash('sha256').update(archive).digest('hex')).toBe(
      'f7997aee35b938837d1972c5444a82cbfc0db4eae27923bb99b740ff18738030',
    );
  });

  it('refuses a name that has no room in it', () => {
    expect(() => tarGz([{ name: 'n'.repeat(101), content: new Uint8Array() }])).toThrow(RangeError);
  });
});
