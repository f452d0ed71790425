import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAfterBallot, delayAfterFailure, delayOfTurn, placeOf, share } from './stagger.js';

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

describe('placeOf', () => {
  const MEMBERS = Array.from({ length: 18 }, (_, index) => `Member${index}MSP`);

  it('gives each of all another place, whoever counts and in whatever order', () => {
    fc.assert(
      fc.property(id, fc.shuffledSubarray(MEMBERS, { minLength: 18 }), (subject, all) => {
        const places = MEMBERS.map((own) => placeOf(subject, own, all));
        expect([...places].sort((a, b) => a - b)).toEqual(MEMBERS.map((_, index) => index));
        expect(places).toEqual(MEMBERS.map((own) => placeOf(subject, own, MEMBERS)));
      }),
    );
  });

  it('is the first where nobody else is known', () => {
    expect(placeOf('r-1', 'OwnMSP', [])).toBe(0);
  });

  it('has the first act at once and each further one later', () => {
    const delays = MEMBERS.map((_, place) => delayOfTurn(place));
    expect(delays[0]).toBe(0);
    for (const [index, delay] of delays.slice(1).entries())
      expect(delay - (delays[index] ?? 0)).toBeGreaterThanOrEqual(2_000);
  });
});

describe('delayAfterFailure', () => {
  it('grows with every failure, up to a minute', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map(delayAfterFailure);
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });
});

describe('delayAfterBallot', () => {
  const seen = { turnMs: 2_500, own: true, settling: false, cast: 3, voters: 4 };

  it('has the gateway whose member cast the last ballot look at once and the others later, in turn', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.integer({ min: 1, max: 200 }), (turnMs, voters) => {
        const last = { ...seen, turnMs, cast: voters, voters };
        expect(delayAfterBallot(last)).toBe(0);
        expect(delayAfterBallot({ ...last, own: false })).toBeGreaterThan(1_000 + turnMs);
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
