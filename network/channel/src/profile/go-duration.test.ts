import { describe, expect, it } from 'vitest';
import { parseGoDuration } from './go-duration.js';

describe('A Go duration', () => {
  it.each([
    ['200ms', 200],
    ['1m30s', 90_000],
    ['3m0s', 180_000],
    ['1.5h', 5_400_000],
    ['250us', 0.25],
    ['0', 0],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 6);
  });

  it.each(['', '5', 'ms', '5 s', '-1s', '1d', 'P1D'])('is not %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
