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
  it('has the gateway whose member cast the last ballot look at once and the others later', () => {
    fc.assert(
      fc.property(id, id, fc.boolean(), (resolutionId, memberId, last) => {
        const own = delayAfterBallot({ resolutionId, memberId, own: true, last });
        const other = delayAfterBallot({ resolutionId, memberId, own: false, last });
        expect(own).toBeLessThan(other);
        if (last) expect(own).toBe(0);
      }),
    );
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
