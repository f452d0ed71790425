import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from './entry.js';
import { Journal } from './journal.js';
import { LevelStorage } from './level-storage.js';
import { MemoryStorage } from './memory-storage.js';
import { JournalError, openJournal } from './open.js';
import type { Storage } from './storage.js';

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  transaction: 'members:withdraw',
  input: { id: 'm-1' },
  role: 'board',
  accepted: false,
  expiresAt: 1_000,
  proposals: [{ transactionId: `tx-${id}`, proposalHash: 'a', at: 1 }],
  ...more,
});
const answer = { kind: 'refused', code: 'not-found', data: {}, final: true } as const;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'umlauf-journal-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kinds: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['in a folder', () => LevelStorage.open(folder)],
];

describe.each(kinds)('a journal %s', (_kind, open) => {
  let storage: Storage;
  let journal: Journal;
  beforeEach(async () => (journal = new Journal((storage = await open()))));
  afterEach(() => storage.close());

  it('finds an entry by its id and by each of its transactions, as it was saved last', async () => {
    const first = entry('a');
    await journal.save(first, { sync: true });
    const further = [...first.proposals, { transactionId: 'tx-2', proposalHash: 'b', at: 2 }];
    await journal.save({ ...first, proposals: further }, { sync: false });
    expect(journal.entry('a')).toEqual({ ...first, proposals: further });
    expect(journal.entryOf('tx-a')).toEqual(journal.entryOf('tx-2'));
    expect(journal.entry('b')).toBeUndefined();
    expect(journal.entryOf('tx-b')).toBeUndefined();
  });

  it('lists those without an answer', async () => {
    await Promise.all(['a', 'b', 'c'].map((id) => journal.save(entry(id), { sync: false })));
    await journal.save(entry('b', { answer }), { sync: false });
    expect((await journal.open()).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('writes no empty value, of which each takes memory for good', async () => {
    const write = vi.spyOn(storage, 'write');
    await journal.save(entry('a'), { sync: false });
    await journal.save(entry('a', { answer }), { sync: false });
    await journal.prune(Number.MAX_SAFE_INTEGER);
    const values = write.mock.calls.flatMap(([changes]) => changes.map(({ value }) => value));
    expect(values.length).toBeGreaterThan(6);
    expect(values).not.toContain('');
  });

  it('forgets an entry whole', async () => {
    await journal.save(entry('a'), { sync: false });
    await journal.forget(entry('a'));
    expect([journal.entry('a'), journal.entryOf('tx-a'), await journal.open()]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    expect(await journal.prune(5_000)).toBe(0);
  });

  it('removes what has expired, and not what stands under the same id by then', async () => {
    await journal.save(entry('a', { expiresAt: 900 }), { sync: false });
    await journal.save(entry('b', { expiresAt: 2_000 }), { sync: false });
    await journal.save(entry('c', { expiresAt: 900 }), { sync: false });
    await journal.save(entry('c', { expiresAt: 2_000 }), { sync: false });
    expect(await journal.prune(1_000)).toBe(2);
    expect(['a', 'b', 'c'].map((id) => journal.entry(id)?.id)).toEqual([undefined, 'b', 'c']);
    expect(journal.entryOf('tx-a')).toBeUndefined();
    expect(await journal.prune(3_000)).toBe(2);
    expect(await journal.open()).toEqual([]);
  });
});

describe('openJournal', () => {
  it('finds again what was saved before', async () => {
    const first = await openJournal(folder, 'me');
    const before = new Journal(first);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => before.save(entry(`e${index}`), { sync: index % 2 === 0 })),
    );
    await first.close();
    const after = await openJournal(folder, 'me');
    expect(after.durable).toBe(true);
    expect(await new Journal(after).open()).toHaveLength(50);
    await after.close();
  });

  it('says so when it would end with the process', async () => {
    expect((await openJournal(undefined, 'me')).durable).toBe(false);
  });

  it('refuses a folder that is in use, and one of somebody else', async () => {
    const journal = await openJournal(folder, 'me');
    await expect(openJournal(folder, 'me')).rejects.toThrow(
      /cannot be used as a journal: another process uses it/,
    );
    await journal.close();
    await expect(openJournal(folder, 'you')).rejects.toThrow(`${folder}: is the journal of me, not of you`);
    await expect(openJournal('/dev/null/journal', 'me')).rejects.toThrow(JournalError);
  });
});
