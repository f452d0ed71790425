/** A resolution as it is answered: the record with what stands beside it and what follows from it. */
import type { BylawsRecord } from '../bylaws';
import type { Call } from '../call';
import { dispatch, effect, finding, openingReceipt, proposalReceipt, registration } from '../keys';
import type { MemberRecord } from '../member';
import { officeAt, representationOf } from '../members/representation';
import { bylawsLine, effectiveOn } from '../register/bylaws-versions';
import { findMember } from '../register/register';
import type { Ballot, CastBallot, EffectResult, Resolution, ResolutionRecord, Voter } from '../resolution';
import { legalDate } from '../time';
import { tally } from './outcome';
import { deadlineOf } from './receipt';
import { castBallots } from './records';
import { risksOf } from './risks';
import { resolutionStatus, verdictAt, votingRule } from './status';

/** What a write has just made: Fabric's reads don't see it yet. */
export type Written = Partial<
  Pick<Resolution, 'effectResults' | 'finding' | 'registration' | 'dispatch' | keyof Receipts>
> & {
  readonly ballots?: ReadonlyMap<string, CastBallot>;
};

type Receipts = Pick<Resolution, 'proposalReceipt' | 'openingReceipt'>;

/** Makes views within one call; what several need is read once. */
export class ResolutionViews {
  readonly #members = new Map<string, Promise<MemberRecord | undefined>>();
  #line: Promise<BylawsRecord[]> | undefined;

  constructor(
    private readonly call: Call,
    private readonly zone: string,
  ) {}

  async view(record: ResolutionRecord, written: Written = {}): Promise<Resolution> {
    const { opening, decision } = record;
    const ballots =
      written.ballots ?? (opening ? await castBallots(this.call, record, opening) : new Map<never, never>());
    const counted = opening && tally(votingRule({ ...record, opening }), opening.roll, ballots);
    const receipts = await this.#receipts(record, written);
    const decidable =
      resolutionStatus(record) === 'open' &&
      opening !== undefined &&
      verdictAt({ ...record, opening }, ballots, receipts.openingReceipt, this.call.at) !== undefined;
    const beside = await this.#beside(record, written);
    const voters = await Promise.all((opening?.roll ?? []).map(({ memberId }) => this.#member(memberId)));
    return {
      ...record,
      status: resolutionStatus(record),
      decidable,
      ...(opening && { deadline: deadlineOf(opening, receipts.openingReceipt) }),
      ...receivedAt(record, receipts),
      ...receipts,
      ...(counted && { tally: decision?.tally ?? counted }),
      ...beside,
      risks: risksOf({
        record,
        ...receipts,
        tally: counted,
        ballots,
        voters: voters.filter((voter) => voter !== undefined),
        effectiveVersion: opening && (await this.#effectiveVersion(opening.recorded.at)),
      }),
    };
  }

  /** A ballot with the office that represented the member at its time. */
  async ballot({ memberId }: Voter, cast: CastBallot | undefined): Promise<Ballot> {
    if (!cast) return { id: memberId, memberId, status: 'not-cast' };
    const office = officeAt(await representationOf(this.call, memberId), cast.at);
    return { ...castBallotView(cast), ...(office !== undefined && { office }) };
  }

  async #beside(
    { id, effects, decision }: ResolutionRecord,
    written: Written,
  ): Promise<Pick<Resolution, 'effectResults' | 'finding' | 'registration' | 'dispatch'>> {
    if (!decision) return { effectResults: [] };
    const { ledger } = this.call;
    const adopted = decision.outcome === 'adopted';
    const has = (kind: string) => adopted && effects.some((each) => each.kind === kind);
    const results: (EffectResult | undefined)[] =
      written.effectResults ??
      (adopted ? await Promise.all(effects.map((_, index) => ledger.get(effect(id, index)))) : []);
    const found = written.finding ?? (await ledger.get(finding(id)));
    const registered =
      written.registration ?? (has('amend-bylaws') ? await ledger.get(registration(id)) : undefined);
    const dispatched = written.dispatch ?? (has('exclude') ? await ledger.get(dispatch(id)) : undefined);
    return {
      effectResults: results.filter((result) => result !== undefined),
      ...(found && { finding: found }),
      ...(registered && { registration: registered }),
      ...(dispatched && { dispatch: dispatched }),
    };
  }

  async #receipts({ id, opening }: ResolutionRecord, written: Written): Promise<Receipts> {
    const { ledger } = this.call;
    const ofProposal = written.proposalReceipt ?? (await ledger.get(proposalReceipt(id)));
    const ofOpening = written.openingReceipt ?? (opening && (await ledger.get(openingReceipt(id))));
    return {
      ...(ofProposal && { proposalReceipt: ofProposal }),
      ...(ofOpening && { openingReceipt: ofOpening }),
    };
  }

  async #effectiveVersion(openedAt: string): Promise<string | undefined> {
    this.#line ??= bylawsLine(this.call);
    return effectiveOn(await this.#line, legalDate(openedAt, this.zone))?.id;
  }

  #member(id: string): Promise<MemberRecord | undefined> {
    const known = this.#members.get(id) ?? findMember(this.call, id);
    this.#members.set(id, known);
    return known;
  }
}

/** When what the resolution waits with, or was decided on, had reached the members. */
function receivedAt(
  { opening }: ResolutionRecord,
  { proposalReceipt, openingReceipt }: Receipts,
): Pick<Resolution, 'receivedAt'> {
  const receipt = opening ? openingReceipt : proposalReceipt;
  return receipt ? { receivedAt: receipt.recorded.at } : {};
}

/** A cast ballot as `vote` answers it, from the two keys that it reads. */
export function castBallotView(cast: CastBallot): Ballot {
  return { ...cast, id: cast.memberId, status: 'cast' };
}
