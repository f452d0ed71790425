import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ledger } from '@hyperledger/fabric-protos';
import { describe, expect, test } from 'vitest';
import { kvRead, RangeResults } from './range-results.js';

const { QueryReads } = ledger.rwset.kvrwset;
const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

function results(count: number, degree: number): RangeResults {
  const collected = new RangeResults(degree);
  for (let index = 0; index < count; index += 1) {
    collected.add(kvRead(`key-${index}`, { block: index, transaction: 0 }));
  }
  return collected;
}

/** Hashes of `degree + 1` results each: the lowest level of the tree, made the plain way. */
function leaves(count: number, degree: number): Buffer[] {
  const hashes: Buffer[] = [];
  for (let start = 0; start < count; start += degree + 1) {
    const reads = new QueryReads();
    for (let index = start; index < Math.min(start + degree + 1, count); index += 1) {
      reads.addKvReads(kvRead(`key-${index}`, { block: index, transaction: 0 }));
    }
    hashes.push(sha256(reads.serializeBinary()));
  }
  return hashes;
}

describe('up to the degree', () => {
  test('results are kept as they are', () => {
    const done = results(50, 50).done();
    expect('reads' in done && done.reads.map((read) => read.getKey())).toHaveLength(50);
  });
});

describe('beyond the degree', () => {
  test('results become hashes of groups', () => {
    const done = results(51, 50).done();
    const summary = 'summary' in done ? done.summary : undefined;
    expect(summary?.getMaxDegree()).toBe(50);
    expect(summary?.getMaxLevel()).toBe(1);
    expect(summary?.getMaxLevelHashesList_asU8().map((hash) => Buffer.from(hash))).toEqual(leaves(51, 50));
  });

  test('too many groups become a level of their own', () => {
    // Degree 2: three results a group, three groups a node.
    const done = results(10, 2).done();
    const [a, b, c, d] = leaves(10, 2);
    const summary = 'summary' in done ? done.summary : undefined;
    expect(summary?.getMaxLevel()).toBe(2);
    expect(summary?.getMaxLevelHashesList_asU8().map((hash) => Buffer.from(hash))).toEqual([
      sha256(Buffer.concat([a!, b!, c!])),
      d,
    ]);
  });

  test('any other result gives another summary', () => {
    const count = fc.integer({ min: 4, max: 120 });
    fc.assert(
      fc.property(count, fc.integer({ min: 2, max: 5 }), fc.nat(), (total, degree, pick) => {
        const changed = new RangeResults(degree);
        const at = pick % total;
        for (let index = 0; index < total; index += 1) {
          changed.add(kvRead(`key-${index}`, { block: index, transaction: index === at ? 1 : 0 }));
        }
        const [one, other] = [results(total, degree).done(), changed.done()];
        const bytes = (done: typeof one): Uint8Array =>
          'summary' in done
            ? done.summary.serializeBinary()
            : Buffer.concat(done.reads.map((read) => read.serializeBinary()));
        expect(Buffer.compare(bytes(one), bytes(other))).not.toBe(0);
      }),
    );
  });
});
