import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bylaws } from '../testing/cooperative';
import { Bylaws } from './bylaws';

const valid = bylaws(['alpha', 'bravo']);
const issues = (change: object) =>
  Bylaws.safeParse({ ...valid, ...change }).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const matter = (id: keyof typeof valid.matters, change: object) => ({
  matters: { ...valid.matters, [id]: { ...valid.matters[id], ...change } },
});

const NOTICE = 'forms.virtual.noticePeriod: must be at least P14D, in whole days (§46(1) GenG)';
const RESIGNATION = 'resignationPeriod: must be between P3M and P5Y, in months or years (§65(2) GenG)';

describe('bylaws', () => {
  it('count notice in whole days and the period of resignation in months: hours and days would undercut the law', () => {
    for (const noticePeriod of ['PT336H', 'P13DT24H'])
      expect(
        issues({ forms: { ...valid.forms, virtual: { ...valid.forms.virtual, noticePeriod } } }),
      ).toEqual([NOTICE]);
    for (const resignationPeriod of ['P90D', 'P13W', 'P2M', 'P61M'])
      expect(issues({ resignationPeriod })).toEqual([RESIGNATION]);
    for (const resignationPeriod of ['P3M', 'P1Y6M', 'P5Y'])
      expect(issues({ resignationPeriod })).toBeUndefined();
  });

  it('may ask for more than the law', () => {
    expect(issues(matter('dissolution', { majority: 'nine-tenths' }))).toBeUndefined();
  });

  it.each([
    ['bylaws-amendment', 'two-thirds', 'three-quarters (§16(2), (4) GenG)'],
    ['dissolution', 'simple', 'three-quarters (§78(1) GenG)'],
    ['recall', 'two-thirds', 'three-quarters (§36(3) GenG)'],
    ['duty-to-use', 'three-quarters', 'nine-tenths (§16(3) GenG)'],
  ] as const)('cannot ask less for %s than the law: %s', (id, majority, least) => {
    expect(issues(matter(id, { majority }))).toEqual([`matters.${id}.majority: must be at least ${least}`]);
  });

  it('give an assembly two weeks of notice and never less (§46(1) GenG)', () => {
    const short = { forms: { ...valid.forms, virtual: { ...valid.forms.virtual, noticePeriod: 'P13D' } } };
    expect(issues(short)).toEqual([NOTICE]);
    const circular = {
      forms: { ...valid.forms, circular: { ...valid.forms.circular, noticePeriod: 'P0D' } },
    };
    expect(issues(circular)).toBeUndefined();
  });

  it('let no vote be so short that clocks eat it up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 3_600 }), (skew, shortest) => {
        const found = issues({
          skew: `PT${skew}S`,
          forms: { ...valid.forms, circular: { ...valid.forms.circular, shortestVoting: `PT${shortest}S` } },
        })?.filter((issue) => issue.startsWith('forms.circular'));
        const refusal = `forms.circular.shortestVoting: must be at least 3 times the skew, which is PT${skew}S`;
        expect(found ?? []).toEqual(shortest < 3 * skew ? [refusal] : []);
      }),
    );
  });

  it('describe every form that a matter allows', () => {
    const { hybrid: _hybrid, ...forms } = valid.forms;
    expect(issues({ forms })?.every((issue) => issue.startsWith('forms.hybrid: is missing'))).toBe(true);
  });

  it.each([
    ['one board-holding member', { boardHolding: ['alpha'] }],
    ['a board-holding member twice', { boardHolding: ['alpha', 'alpha'] }],
    ['a resignation period below three months', { resignationPeriod: 'P2M' }],
    ['a resignation period above five years', { resignationPeriod: 'P6Y' }],
    ['a day that no year has', { financialYearEnd: '02-30' }],
    ['a day that not every year has', { financialYearEnd: '02-29' }],
    ['a zone that there isn’t', { timeZone: 'Europe/Bonn' }],
    ['four votes a member', { votesPerMember: 4 }],
    ['a skew above what the network allows', { skew: 'PT16M' }],
    ['no skew', { skew: 'PT0S' }],
    ['a field that there isn’t', { surprise: true }],
    [
      'voting periods the wrong way round',
      {
        forms: { ...valid.forms, circular: { ...valid.forms.circular, shortestVoting: 'P61D' } },
      },
    ],
  ])('are refused with %s', (_what, change) => {
    expect(issues(change)).toHaveLength(1);
  });
});
