import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completions, possibleBallots } from '../../testing/completions';
import { BASES, MAJORITIES } from '../majority';
import type { Voter } from '../resolution';
import { type CastVote, type CastVotes, type VotingRule, outcome, settled, tally } from './outcome';

const roll = (size: number): Voter[] =>
  Array.from({ length: size }, (_, index) => ({ memberId: `m${index}`, mspId: `msp${index}`, votes: 1 }));
const ballots = (...cast: (CastVote | undefined)[]): CastVotes =>
  new Map(cast.flatMap((ballot, index) => (ballot ? [[`m${index}`, ballot] as const] : [])));

const YES: CastVote = { choice: 'yes' };
const NO: CastVote = { choice: 'no' };
const ABSTAIN: CastVote = { choice: 'abstain' };
const simple: VotingRule = { majority: 'simple', base: 'votes-cast', quorumPercent: 0, consentOfAll: false };

const anyRule = fc.record({
  majority: fc.constantFrom(...MAJORITIES),
  base: fc.constantFrom(...BASES),
  quorumPercent: fc.constantFrom(0, 25, 50, 60, 100),
  consentOfAll: fc.boolean(),
});
const anyVote = (maximum: number) =>
  fc.tuple(anyRule, fc.integer({ min: 1, max: maximum })).chain(([rule, size]) =>
    fc.record({
      rule: fc.constant(rule),
      cast: fc.array(fc.option(fc.constantFrom(...possibleBallots(rule)), { nil: undefined }), {
        minLength: size,
        maxLength: size,
      }),
    }),
  );

/** The law's words once more, counted another way: a ballot at a time, in whole hundred-and-eightieths of the base. */
function byHand(rule: VotingRule, cast: readonly (CastVote | undefined)[]): string {
  const said = (choice: string) => cast.filter((ballot) => ballot?.choice === choice).length;
  const present = cast.filter((ballot) => ballot !== undefined).length;
  const agreed = cast.every((ballot) => ballot?.choice === 'yes' && ballot.consentToProcedure === true);
  if (rule.consentOfAll && !agreed) return 'rejected';
  if (present / cast.length < rule.quorumPercent / 100) return 'lapsed';
  if (said('yes') + said('no') === 0) return 'rejected';
  const base = {
    'votes-cast': said('yes') + said('no'),
    'votes-present': present,
    'all-on-roll': cast.length,
  };
  const share = said('yes') * 180;
  const needed = { 'two-thirds': 120, 'three-quarters': 135, 'nine-tenths': 162, unanimous: 180 };
  const enough =
    rule.majority === 'simple'
      ? said('yes') > base[rule.base] - said('yes')
      : share >= needed[rule.majority] * base[rule.base];
  return enough ? 'adopted' : 'rejected';
}

describe('outcome', () => {
  it('is what counting by hand gives', () => {
    fc.assert(
      fc.property(anyVote(20), ({ rule, cast }) => {
        expect(outcome(rule, roll(cast.length), ballots(...cast)).outcome).toBe(byHand(rule, cast));
      }),
      { numRuns: 500 },
    );
  });

  it('rejects on a tie', () => {
    expect(outcome(simple, roll(2), ballots(YES, NO))).toEqual({ outcome: 'rejected', reason: 'majority' });
  });

  it('takes abstentions for no votes cast', () => {
    expect(outcome(simple, roll(4), ballots(YES, ABSTAIN, ABSTAIN, ABSTAIN)).outcome).toBe('adopted');
    expect(outcome(simple, roll(4), ballots(ABSTAIN, ABSTAIN))).toEqual({
      outcome: 'rejected',
      reason: 'no-vote-cast',
    });
  });

  it('counts abstentions among the votes present', () => {
    const present = { ...simple, base: 'votes-present' as const };
    expect(outcome(present, roll(3), ballots(YES, ABSTAIN, ABSTAIN)).outcome).toBe('rejected');
  });

  it('is defeated by an abstention where all members must agree', () => {
    const unanimous = { ...simple, majority: 'unanimous' as const, base: 'all-on-roll' as const };
    expect(outcome(unanimous, roll(2), ballots(YES, ABSTAIN)).outcome).toBe('rejected');
    expect(outcome(unanimous, roll(2), ballots(YES, YES)).outcome).toBe('adopted');
  });

  it('lapses without its quorum, before anything is counted', () => {
    const quorum = { ...simple, quorumPercent: 50 };
    expect(outcome(quorum, roll(4), ballots(YES))).toEqual({ outcome: 'lapsed', reason: 'quorum' });
    expect(outcome(quorum, roll(4), ballots(YES, ABSTAIN)).outcome).toBe('adopted');
    expect(outcome(quorum, roll(4), ballots()).outcome).toBe('lapsed');
  });

  it('tests consent before the quorum: any ballot but a yes with consent rejects, and so does a missing one', () => {
    const consent = { ...simple, consentOfAll: true, quorumPercent: 100 };
    const agreed: CastVote = { choice: 'yes', consentToProcedure: true };
    expect(outcome(consent, roll(2), ballots(agreed, agreed)).outcome).toBe('adopted');
    for (const other of [
      undefined,
      { ...agreed, consentToProcedure: false },
      { ...agreed, choice: 'abstain' as const },
    ])
      expect(outcome(consent, roll(2), ballots(agreed, other))).toEqual({
        outcome: 'rejected',
        reason: 'consent',
      });
  });

  it.each([
    ['two-thirds', 2, 1],
    ['three-quarters', 3, 1],
    ['nine-tenths', 9, 1],
  ] as const)('reaches %s with exactly that fraction and not with one vote less', (majority, yes, no) => {
    const rule = { ...simple, majority };
    const size = yes + no;
    const cast = (agreeing: number) =>
      ballots(...Array.from({ length: size }, (_, index) => (index < agreeing ? YES : NO)));
    expect(outcome(rule, roll(size), cast(yes)).outcome).toBe('adopted');
    expect(outcome(rule, roll(size), cast(yes - 1)).outcome).toBe('rejected');
  });

  it('rejects by every rule without a quorum when no vote was cast', () => {
    fc.assert(
      fc.property(anyRule, fc.integer({ min: 1, max: 9 }), (rule, size) => {
        expect(outcome({ ...rule, quorumPercent: 0 }, roll(size), ballots()).outcome).toBe('rejected');
      }),
    );
  });

  it('never adopts under a stricter rule of the same base what a looser one rejects', () => {
    fc.assert(
      fc.property(anyVote(9), fc.constantFrom(...MAJORITIES), ({ rule, cast }, majority) => {
        const [looser, stricter] = [rule.majority, majority].sort(
          (a, b) => MAJORITIES.indexOf(a) - MAJORITIES.indexOf(b),
        );
        const decide = (chosen: typeof looser) =>
          outcome({ ...rule, majority: chosen ?? 'simple' }, roll(cast.length), ballots(...cast)).outcome;
        if (decide(stricter) === 'adopted') expect(decide(looser)).toBe('adopted');
      }),
    );
  });

  it('never adopts under a higher quorum what a lower one does not', () => {
    fc.assert(
      fc.property(anyVote(9), fc.integer({ min: 0, max: 100 }), ({ rule, cast }, percent) => {
        const decide = (quorumPercent: number) =>
          outcome({ ...rule, quorumPercent }, roll(cast.length), ballots(...cast)).outcome;
        if (decide(Math.max(percent, rule.quorumPercent)) === 'adopted')
          expect(decide(Math.min(percent, rule.quorumPercent))).toBe('adopted');
      }),
    );
  });

  it('is not turned into an adoption by a further no, nor into a rejection by a further yes', () => {
    fc.assert(
      fc.property(anyVote(9), fc.nat(), ({ rule, cast }, chosen) => {
        const index = chosen % cast.length;
        const consent = rule.consentOfAll ? { consentToProcedure: true } : {};
        const withBallot = (ballot: CastVote | undefined) =>
          outcome(rule, roll(cast.length), ballots(...cast.with(index, ballot))).outcome;
        const [without, no, yes] = [
          withBallot(undefined),
          withBallot({ ...NO, ...consent }),
          withBallot({ ...YES, ...consent }),
        ];
        // Between quorate votes: a ballot can also bring the quorum.
        if (without === 'rejected') expect(no).not.toBe('adopted');
        if (without === 'adopted') expect(yes).toBe('adopted');
        if (no === 'adopted') expect(yes).toBe('adopted');
      }),
    );
  });

  it('does not depend on the order in which ballots came', () => {
    fc.assert(
      fc.property(anyVote(6), ({ rule, cast }) => {
        const forwards = ballots(...cast);
        const backwards = new Map([...forwards].reverse());
        expect(outcome(rule, roll(cast.length), backwards)).toEqual(
          outcome(rule, roll(cast.length), forwards),
        );
      }),
    );
  });
});

describe('an early settlement', () => {
  it('is the one outcome of every completion, and exists exactly if there is one', () => {
    fc.assert(
      fc.property(anyVote(4), fc.boolean(), ({ rule, cast }, changeable) => {
        const voters = roll(cast.length);
        const possible = new Set(
          [...completions(rule, changeable, cast)].map(
            (completion) => outcome(rule, voters, ballots(...completion)).outcome,
          ),
        );
        const [only] = possible;
        const verdict = settled(rule, changeable, voters, ballots(...cast));
        expect(verdict?.outcome).toBe(possible.size === 1 ? only : undefined);
        // What is settled is also what the deadline would bring.
        if (verdict) expect(verdict.outcome).toBe(outcome(rule, voters, ballots(...cast)).outcome);
      }),
      { numRuns: 400 },
    );
  });

  it('names the test that settled it', () => {
    const unanimous = { ...simple, majority: 'unanimous' as const, base: 'all-on-roll' as const };
    expect(settled(unanimous, false, roll(3), ballots(ABSTAIN))).toEqual({
      outcome: 'rejected',
      reason: 'majority',
    });
    const consent = { ...simple, consentOfAll: true };
    expect(settled(consent, false, roll(3), ballots({ ...YES, consentToProcedure: false }))).toEqual({
      outcome: 'rejected',
      reason: 'consent',
    });
    expect(settled(simple, false, roll(2), ballots(ABSTAIN, ABSTAIN))).toEqual({
      outcome: 'rejected',
      reason: 'no-vote-cast',
    });
  });

  it('waits where a quorum is missing, since the vote may still lapse', () => {
    const rule = { ...simple, majority: 'unanimous' as const, quorumPercent: 50 };
    expect(settled(rule, false, roll(4), ballots(NO))).toBeUndefined();
    expect(settled(rule, false, roll(4), ballots(NO, YES))?.outcome).toBe('rejected');
  });

  it('waits for the deadline where ballots may be changed', () => {
    expect(settled(simple, true, roll(3), ballots(YES, YES, YES))).toBeUndefined();
  });
});

describe('a tally', () => {
  it('counts every vote on the roll once and shows missing consent where it is asked for', () => {
    const cast = ballots({ choice: 'yes', consentToProcedure: false }, NO, undefined, ABSTAIN);
    expect(tally(simple, roll(4), cast)).toEqual({ yes: 1, no: 1, abstain: 1, notCast: 1 });
    expect(tally({ ...simple, consentOfAll: true }, roll(4), cast)).toEqual({
      yes: 1,
      no: 1,
      abstain: 1,
      notCast: 1,
      withoutConsent: 3,
    });
  });
});
