import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ballotOwnership, othersNeeded } from './ballot-ownership';

describe('how many others endorse a ballot', () => {
  it.each([
    [4, 1],
    [6, 1],
    [7, 2],
    [17, 5],
    [18, 5],
    [32, 10],
  ])('is of %i organizations floor((N−1)/3), at least 1: %i', (organizations, others) => {
    expect(othersNeeded('third', organizations)).toBe(others);
  });

  it('is never more than there are, nor than make a majority with the voter', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('third' as const), fc.integer({ min: 1, max: 100 })),
        fc.integer({ min: 1, max: 200 }),
        (f, organizations) => {
          const others = othersNeeded(f, organizations);
          expect(others).toBeLessThanOrEqual(organizations - 1);
          expect(others + 1).toBeLessThanOrEqual(Math.floor(organizations / 2) + 1);
          expect(others).toBeGreaterThanOrEqual(organizations === 1 ? 0 : 1);
        },
      ),
    );
  });

  it('are others than the voter', () => {
    const opening = { endorsers: ['a-msp', 'b-msp', 'c-msp'], f: 1 };
    expect(ballotOwnership(opening, { memberId: 'bbb', mspId: 'b-msp', votes: 1 })).toEqual({
      owner: 'b-msp',
      others: ['a-msp', 'c-msp'],
      count: 1,
    });
  });
});
