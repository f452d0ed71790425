/** What is disputed in law or disagrees in time, derived and shown: it never bears on an outcome. */
import type { MemberRecord } from '../member';
import type {
  CastBallot,
  OpeningReceipt,
  ProposalReceipt,
  Resolution,
  ResolutionRecord,
  Risk,
} from '../resolution';
import type { Recorded } from '../primitives';
import { explainedByClocks } from '../time';

export interface RiskFacts {
  readonly record: ResolutionRecord;
  readonly proposalReceipt?: ProposalReceipt | undefined;
  readonly openingReceipt?: OpeningReceipt | undefined;
  readonly tally: Resolution['tally'];
  readonly ballots: ReadonlyMap<string, CastBallot>;
  /** Records of the members on the roll. */
  readonly voters: readonly MemberRecord[];
  /** Version of the bylaws that was in force by effective date on the day of the opening. */
  readonly effectiveVersion: string | undefined;
}

type Detail = string | undefined;

/** Each derives one risk from the facts. */
const DERIVATIONS: Record<Risk['code'], (facts: RiskFacts) => Detail> = {
  'circular-form-not-statutory': ({ record }) =>
    record.form === 'circular'
      ? 'The circular procedure is not among the forms of §43b GenG; a later assembly can confirm the resolution.'
      : undefined,

  'recusal-disputed': ({ record: { effects, opening } }) => {
    const excluded = effects.flatMap((effect) => (effect.kind === 'exclude' ? [effect.memberId] : []));
    const voting = opening
      ? excluded.filter((id) => opening.roll.some(({ memberId }) => memberId === id))
      : excluded;
    return voting.length > 0
      ? `Whether a member may vote on its own exclusion is disputed (§43(6) GenG): ${voting.join(', ')}.`
      : undefined;
  },

  'abstention-under-unanimity': ({ record: { opening }, tally }) =>
    opening?.rule.majority === 'unanimous' && opening.rule.base === 'all-on-roll' && (tally?.abstain ?? 0) > 0
      ? 'An abstention defeats unanimity of all members; whether it should is disputed.'
      : undefined,

  'bylaws-differ-by-effective-date': ({ record: { opening }, effectiveVersion }) =>
    opening && effectiveVersion !== opening.bylawsVersion
      ? 'By effective date other bylaws were in force on the day of the opening than those it was opened under.'
      : undefined,

  'excluded-member-votes': ({ record: { opening, decision }, voters, ballots }) => {
    if (!opening) return undefined;
    const voting = voters.filter(({ id, exclusion }) => {
      const dispatched = exclusion?.dispatched?.at;
      if (dispatched === undefined || dispatched < opening.recorded.at) return false;
      const cast = ballots.get(id);
      return cast ? cast.at > dispatched : !decision;
    });
    return voting.length > 0
      ? `Votes in a ballot opened before the dispatch of its exclusion (§68(2) GenG): ${voting.map(({ id }) => id).join(', ')}.`
      : undefined;
  },

  'received-late': (facts) => {
    const late = receivedLate(facts);
    return late.length > 0
      ? `Reached the members later than it is dated; the period ran from the receipt (§130 BGB): ${late.join(', ')}.`
      : undefined;
  },
};

/** What reached the members later than it is dated, beyond what the clocks explain. */
function receivedLate({
  record: { proposal, opening, votingPeriod },
  proposalReceipt,
  openingReceipt,
}: RiskFacts): string[] {
  // Its notice has run from the receipt; the skew that the date is held against is pinned with the opening.
  if (!opening) return [];
  const isLate = (datedAt: string, receipt: { recorded: Recorded } | undefined, period?: string) =>
    receipt !== undefined && !explainedByClocks(datedAt, receipt.recorded.at, opening.skew, period);
  return [
    ...(isLate(proposal.recorded.at, proposalReceipt) ? ['proposal'] : []),
    ...(isLate(opening.recorded.at, openingReceipt, votingPeriod) ? ['opening'] : []),
  ];
}

export function risksOf(facts: RiskFacts): Risk[] {
  return Object.entries(DERIVATIONS).flatMap(([code, derive]) => {
    const detail = derive(facts);
    return detail === undefined ? [] : [{ code: code as Risk['code'], detail }];
  });
}
