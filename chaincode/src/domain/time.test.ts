import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  compareDurations,
  durationMilliseconds,
  financialYearEnd,
  legalDate,
  noticeEnd,
  resignationEnd,
} from './time';

const BERLIN = 'Europe/Berlin';

describe('a legal date', () => {
  it('is the calendar day in the bylaws’ time zone', () => {
    expect(legalDate('2026-12-31T22:59:59.999Z', BERLIN)).toBe('2026-12-31');
    expect(legalDate('2026-12-31T23:00:00.000Z', BERLIN)).toBe('2027-01-01');
    expect(legalDate('2026-06-30T22:00:00.000Z', BERLIN)).toBe('2026-07-01');
  });
});

describe('a period', () => {
  it('of days ends at the same time of day across a change of the clocks', () => {
    expect(addDuration('2026-03-28T09:00:00.000Z', 'P1D', BERLIN)).toBe('2026-03-29T08:00:00.000Z');
    expect(addDuration('2026-03-28T09:00:00.000Z', 'PT24H', BERLIN)).toBe('2026-03-29T09:00:00.000Z');
  });

  it('is compared by its length', () => {
    expect(compareDurations('P14D', 'P2W')).toBe(0);
    expect(compareDurations('P13D', 'P2W')).toBeLessThan(0);
    expect(compareDurations('P1Y', 'P5Y')).toBeLessThan(0);
    expect(durationMilliseconds('PT1H30M')).toBe(5_400_000);
  });
});

describe('a period of notice', () => {
  it('leaves out the day that starts it and counts its last day whole (§§187, 188 BGB)', () => {
    expect(noticeEnd('2026-03-02T09:00:00.000Z', 'P14D', BERLIN)).toBe('2026-03-16T23:00:00.000Z');
  });

  it('without days runs from the instant', () => {
    expect(noticeEnd('2026-03-02T09:00:00.000Z', 'PT2H', BERLIN)).toBe('2026-03-02T11:00:00.000Z');
    expect(noticeEnd('2026-03-02T09:00:00.000Z', 'P0D', BERLIN)).toBe('2026-03-02T09:00:00.000Z');
  });
});

describe('the end of the financial year', () => {
  it.each([
    ['2026-03-02', '12-31', '2026-12-31'],
    ['2026-12-31', '12-31', '2026-12-31'],
    ['2026-07-01', '06-30', '2027-06-30'],
    ['2026-06-30', '06-30', '2026-06-30'],
  ])('of %s with %s is %s', (date, yearEnd, end) => {
    expect(financialYearEnd(date, yearEnd)).toBe(end);
  });

  it('is on or after the date and less than a year away', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.constantFrom('12-31', '06-30', '02-28', '01-01'),
        (instant, yearEnd) => {
          const date = instant.toISOString().slice(0, 10);
          const end = financialYearEnd(date, yearEnd);
          expect(end >= date).toBe(true);
          expect(Date.parse(end) - Date.parse(date)).toBeLessThan(366 * 24 * 60 * 60 * 1000);
        },
      ),
    );
  });
});

describe('a resignation', () => {
  it('takes effect at the first end of a financial year that leaves the whole period (§65(2) GenG)', () => {
    expect(resignationEnd('2026-09-30', 'P3M', '12-31')).toBe('2026-12-31');
    expect(resignationEnd('2026-10-01', 'P3M', '12-31')).toBe('2027-12-31');
    expect(resignationEnd('2026-01-01', 'P5Y', '12-31')).toBe('2031-12-31');
  });
});
