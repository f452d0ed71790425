import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openRwSet } from '../protocol/envelope.js';
import { RwSetBuilder } from './rwset-builder.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const value = (text: string): Buffer => Buffer.from(text);

describe('a read-write set', () => {
  test('does not depend on the order of reads and writes', () => {
    const build = (keys: readonly string[]): Uint8Array => {
      const builder = new RwSetBuilder();
      for (const key of keys) {
        builder.read('cc', key, { block: 3, transaction: 1 });
        builder.write(key === 'b' ? 'aa' : 'cc', key, value(key));
      }
      return builder.publicResults().serializeBinary();
    };
    expect(build(['a', 'b', 'c'])).toEqual(build(['c', 'a', 'b']));
  });

  test('sorts namespaces and keys by their UTF-8 bytes', () => {
    const builder = new RwSetBuilder();
    for (const key of ['😀', '\ue000', 'é', 'z']) builder.write('cc', key, value('x'));
    builder.write('_lifecycle', 'k', value('x'));
    const [first, second] = openRwSet(builder.publicResults().serializeBinary());
    expect(first?.namespace).toBe('_lifecycle');
    expect(second?.set.getWritesList().map((write) => write.getKey())).toEqual(['z', 'é', '\ue000', '😀']);
  });

  test('holds the last write to a key, an empty one as deletion', () => {
    const builder = new RwSetBuilder();
    builder.write('cc', 'key', value('one'));
    builder.write('cc', 'key', value(''));
    const [entry] = openRwSet(builder.publicResults().serializeBinary());
    const [write, ...others] = entry?.set.getWritesList() ?? [];
    expect(write?.getIsDelete()).toBe(true);
    expect(others).toEqual([]);
  });

  test('a key that was read and does not exist has no version', () => {
    const builder = new RwSetBuilder();
    builder.read('cc', 'absent', undefined);
    const [entry] = openRwSet(builder.publicResults().serializeBinary());
    expect(entry?.set.getReadsList()[0]?.hasVersion()).toBe(false);
  });

  test('shows private values only as hashes', () => {
    const builder = new RwSetBuilder();
    builder.writePrivate('cc', 'collection', 'secret key', value('secret value'));
    builder.readHash('cc', 'collection', 'other', { block: 1, transaction: 0 });
    const bytes = builder.publicResults().serializeBinary();
    expect(Buffer.from(bytes).includes('secret')).toBe(false);
    const [collection] = openRwSet(bytes)[0]?.collections ?? [];
    const [write] = collection?.set.getHashedWritesList() ?? [];
    expect(Buffer.from(write?.getKeyHash_asU8() ?? [])).toEqual(sha256('secret key'));
    expect(Buffer.from(write?.getValueHash_asU8() ?? [])).toEqual(sha256('secret value'));
    const [entry] = builder.privateResults()?.getNsPvtRwsetList() ?? [];
    const rwset = entry?.getCollectionPvtRwsetList()[0]?.getRwset_asU8() ?? new Uint8Array();
    expect(Buffer.from(collection?.privateHash ?? [])).toEqual(createHash('sha256').update(rwset).digest());
  });
});
