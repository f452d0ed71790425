import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, afterId, compare, idBefore, idOf, startOf } from './position.js';

const place = fc.record({ block: fc.nat(), transaction: fc.nat(), fact: fc.nat() });

describe('a position', () => {
  it('comes back from its id as the next one', () => {
    fc.assert(
      fc.property(place, (position) => {
        expect(afterId(idOf(position))).toEqual(after(position));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (block) => {
        expect(afterId(idBefore(startOf(block))!)).toEqual(startOf(block));
      }),
    );
  });

  it('lies before the next one and before the next block, and after none in between', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(compare(a, after(a))).toBeLessThan(0);
        expect(compare(a, startOf(a.block + 1))).toBeLessThan(0);
        expect(compare(a, b) > 0).toBe(compare(b, a) < 0);
        if (compare(a, b) < 0) expect(compare(after(a), b)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it.each(['', 'x', '1-2', '1-2-3-4', '-1', '01', '1-2-3 ', '1e3', '9'.repeat(16), '1\n'])(
    'is not named by %j',
    (id) => {
      expect(afterId(id)).toBeUndefined();
    },
  );
});
