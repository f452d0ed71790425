/**
 * The outcome of a vote: a pure function of rule, roll and ballots, the same on every peer.
 *
 * Order of the tests: consent to the procedure, quorum, no vote cast, majority. "Votes cast" are yes and no: abstentions
 * are none (§43(2) GenG).
 */
import type { Rule } from '../bylaws';
import { type Base, reaches } from '../majority';
import type { Decision, Tally, Vote, Voter } from '../resolution';

/** What decides, as pinned when voting opened. */
export interface VotingRule extends Rule {
  /** The circular procedure rests on the express consent of every member. */
  readonly consentOfAll: boolean;
}

export type CastVote = Pick<Vote, 'choice' | 'consentToProcedure'>;
/** By member id; ballots of members that are not on the roll don't exist. */
export type CastVotes = ReadonlyMap<string, CastVote>;
export type Verdict = Pick<Decision, 'outcome' | 'reason'>;

interface Count {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  readonly notCast: number;
  /** Votes of ballots other than a yes with consent: any of them defeats a procedure that rests on consent. */
  readonly withoutFullConsent: number;
}

function count(roll: readonly Voter[], ballots: CastVotes): Count {
  const votes = (matches: (ballot: CastVote | undefined) => boolean) =>
    roll.reduce((sum, { memberId, votes }) => (matches(ballots.get(memberId)) ? sum + votes : sum), 0);
  return {
    yes: votes((ballot) => ballot?.choice === 'yes'),
    no: votes((ballot) => ballot?.choice === 'no'),
    abstain: votes((ballot) => ballot?.choice === 'abstain'),
    notCast: votes((ballot) => ballot === undefined),
    withoutFullConsent: votes(
      (ballot) => ballot !== undefined && !(ballot.choice === 'yes' && ballot.consentToProcedure === true),
    ),
  };
}

const BASE_VOTES: Record<Base, (count: Count) => number> = {
  'votes-cast': ({ yes, no }) => yes + no,
  'votes-present': ({ yes, no, abstain }) => yes + no + abstain,
  'all-on-roll': ({ yes, no, abstain, notCast }) => yes + no + abstain + notCast,
};

function judge(rule: VotingRule, votes: Count): Verdict {
  if (rule.consentOfAll && votes.withoutFullConsent + votes.notCast > 0)
    return { outcome: 'rejected', reason: 'consent' };
  const cast = votes.yes + votes.no + votes.abstain;
  if (cast * 100 < rule.quorumPercent * (cast + votes.notCast))
    return { outcome: 'lapsed', reason: 'quorum' };
  if (votes.yes + votes.no === 0) return { outcome: 'rejected', reason: 'no-vote-cast' };
  return {
    outcome: reaches(rule.majority, votes.yes, BASE_VOTES[rule.base](votes)) ? 'adopted' : 'rejected',
    reason: 'majority',
  };
}

/** The outcome with no further ballot. */
export function outcome(rule: VotingRule, roll: readonly Voter[], ballots: CastVotes): Verdict {
  return judge(rule, count(roll, ballots));
}

/**
 * The one outcome that every completion of the remaining ballots leads to, if there is one. Where ballots may be
 * changed, a cast one counts as remaining, though it can't be taken back.
 *
 * For a fixed number of further ballots, all of them yes with consent is the best completion and all of them no without
 * it the worst, so these two for each number are enough.
 */
export function settled(
  rule: VotingRule,
  changeable: boolean,
  roll: readonly Voter[],
  ballots: CastVotes,
): Verdict | undefined {
  const now = count(roll, ballots);
  const cast = now.yes + now.no + now.abstain;
  const fixed = changeable ? { yes: 0, no: 0, abstain: 0, withoutFullConsent: 0 } : now;
  const least = changeable ? cast : 0;
  const most = changeable ? cast + now.notCast : now.notCast;

  const verdicts: Verdict[] = [];
  for (let further = least; further <= most; further += 1) {
    const notCast = most - further;
    verdicts.push(
      judge(rule, { ...fixed, yes: fixed.yes + further, notCast }),
      judge(rule, {
        ...fixed,
        no: fixed.no + further,
        withoutFullConsent: fixed.withoutFullConsent + further,
        notCast,
      }),
    );
  }
  const [first, ...others] = verdicts;
  if (!first || others.some(({ outcome }) => outcome !== first.outcome)) return undefined;
  if (most === 0) return first;
  const consentDenied = rule.consentOfAll && fixed.withoutFullConsent > 0;
  return { outcome: first.outcome, reason: consentDenied ? 'consent' : 'majority' };
}

/** How the votes stand. */
export function tally(rule: VotingRule, roll: readonly Voter[], ballots: CastVotes): Tally {
  const { yes, no, abstain, notCast } = count(roll, ballots);
  if (!rule.consentOfAll) return { yes, no, abstain, notCast };
  const withoutConsent = roll.reduce((sum, { memberId, votes }) => {
    const ballot = ballots.get(memberId);
    return ballot && ballot.consentToProcedure !== true ? sum + votes : sum;
  }, 0);
  return { yes, no, abstain, notCast, withoutConsent };
}
