import fc from 'fast-check';
import { parseGoDuration } from 'umlauf-channel';
import { describe, expect, it } from 'vitest';
import { goDuration } from './go-duration.js';

describe('a Go duration', () => {
  it('has the length of the ISO 8601 duration that it is made from', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), fc.integer({ min: 1, max: 59 }), (hours, minutes, seconds) => {
        const iso = `PT${hours}H${minutes}M${seconds}S`;
        expect(parseGoDuration(goDuration(iso))).toBe(((hours * 60 + minutes) * 60 + seconds) * 1000);
      }),
    );
  });

  it('may lack units', () => {
    expect(goDuration('PT30S')).toBe('30s');
    expect(goDuration('PT15M')).toBe('15m');
    expect(goDuration('PT0.5S')).toBe('0.5s');
  });

  it.each(['P1D', 'PT', 'P1M', '30s', ''])('is not made from %j', (iso) => {
    expect(() => goDuration(iso)).toThrow(RangeError);
  });
});
