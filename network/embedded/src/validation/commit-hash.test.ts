import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Updates } from '../ledger/updates.js';
import { commitHash, updateBytes } from './commit-hash.js';

const value = (text: string): Buffer => Buffer.from(text);

test('updates are written sorted, repeated names left out', () => {
  const updates = new Updates();
  updates.set('ns2', '', 'k', { value: value('v'), version: { block: 300, transaction: 0 } });
  updates.set('ns1', '', 'b', { version: { block: 1, transaction: 2 } });
  updates.set('ns1', '', 'a', { value: value('x'), version: { block: 1, transaction: 0 } });
  updates.set('ns1', 'coll', 'ff00', { value: value('h'), version: { block: 1, transaction: 1 } });
  // Field 1 namespace, 2 collection, 3 key, 4 deletion, 5 value, 6 version (length-prefixed significant bytes).
  const entries = [
    [
      ...[0x0a, 3],
      ...value('ns1'),
      ...[0x1a, 1],
      ...value('a'),
      ...[0x2a, 1],
      ...value('x'),
      ...[0x32, 3, 1, 1, 0],
    ],
    [...[0x1a, 1], ...value('b'), ...[0x20, 1], ...[0x32, 4, 1, 1, 1, 2]],
    [
      ...[0x12, 4],
      ...value('coll'),
      ...[0x1a, 2, 0xff, 0],
      ...[0x2a, 1],
      ...value('h'),
      ...[0x32, 4, 1, 1, 1, 1],
    ],
    [
      ...[0x0a, 3],
      ...value('ns2'),
      ...[0x1a, 1],
      ...value('k'),
      ...[0x2a, 1],
      ...value('v'),
      ...[0x32, 4, 2, 1, 44, 0],
    ],
  ];
  const expected = entries.flatMap((entry) => [0x0a, entry.length, ...entry]);
  expect([...updateBytes(updates)]).toEqual(expected);
});

test('the hash covers flags, updates and the hash before', () => {
  const updates = new Updates();
  const codes = Uint8Array.from([0, 11]);
  const previous = Buffer.alloc(32, 7);
  const expected = createHash('sha256')
    .update(Buffer.from([2, 0, 11]))
    .update(previous)
    .digest();
  expect(Buffer.from(commitHash(codes, updates, previous))).toEqual(expected);
});
