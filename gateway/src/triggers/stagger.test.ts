import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAfterBallot, delayAfterDue, share } from './stagger.js';

const id = fc.stringMatching(/^[a-z0-9-]{3,20}$/);

describe('share', () => {
  it('is between 0 and 1 and always the same', () => {
    fc.assert(
      fc.property(id, id, (subject, memberId) => {
        const value = share(subject, memberId);
        expect(value).toBe(share(subject, memberId));
        expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  it('spreads eighteen gateways, in another order for each subject', () => {
    const order = (subject: string) =>
      Array.from({ length: 18 }, (_, index) => `member-${index}`).sort(
        (a, b) => share(subject, a) - share(subject, b),
      );
    expect(new Set(order('r-1').map((member) => share('r-1', member))).size).toBe(18);
    expect(order('r-1')).not.toEqual(order('r-2'));
  });
});

describe('delayAfterBallot', () => {
  const seen = { resolutionId: 'r-1', memberId: 'm-1', own: true, settling: false, cast: 3, voters: 4 };

  it('has the gateway whose member cast the last ballot look at once and the others later', () => {
    fc.assert(
      fc.property(id, id, fc.integer({ min: 1, max: 200 }), (resolutionId, memberId, voters) => {
        const last = { ...seen, resolutionId, memberId, cast: voters, voters };
        expect(delayAfterBallot(last)).toBe(0);
        expect(delayAfterBallot({ ...last, own: false })).toBeGreaterThan(1_000);
      }),
    );
  });

  it('has the gateway whose member voted wait a moment for the next ballot before the last', () => {
    const own = delayAfterBallot(seen)!;
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(delayAfterBallot({ ...seen, own: false })!);
  });

  it('has nobody look while votes in favour make no majority yet', () => {
    expect(delayAfterBallot({ ...seen, cast: 2 })).toBeUndefined();
    expect(delayAfterBallot({ ...seen, cast: 2, own: false })).toBeUndefined();
    expect(delayAfterBallot({ ...seen, cast: 1, settling: true })).toBeDefined();
  });

  it('looks when the size of the roll is not known', () => {
    expect(delayAfterBallot({ ...seen, voters: undefined })).toBeGreaterThan(0);
    expect(delayAfterBallot({ ...seen, own: false, voters: undefined })).toBeGreaterThan(0);
  });
});

describe('delayAfterDue', () => {
  it('is a few seconds at most', () => {
    fc.assert(
      fc.property(id, id, (subject, memberId) => {
        const delay = delayAfterDue(subject, memberId);
        expect(delay >= 0 && delay < 3_000).toBe(true);
      }),
    );
  });
});
