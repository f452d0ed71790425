/** A decision is what rule, roll and ballots give, whoever wrote it. */
import {
  keys,
  rules,
  type CastBallot,
  type Decision,
  type Opening,
  type ResolutionRecord,
} from 'umlauf-chaincode/api';
import { judgeAdopted, judgeRejected } from './effects.js';
import type { Judge } from './judge.js';

type Opened = ResolutionRecord & { readonly opening: Opening };

export function judgeDecision(judge: Judge, before: Opened, decision: Decision): void {
  const { id, opening } = before;
  judge.asked('resolutions:decide', id);
  const inForce = judge.authorize('decide');
  judge.require(
    'resolution',
    rules.resolutionStatus(before) === 'open',
    `${id} is decided although it was ${rules.resolutionStatus(before)}`,
  );
  const ballots = castBallots(judge, id, opening);
  const verdict = rules.verdictAt(before, ballots, judge.state.get(keys.openingReceipt(id)), judge.act.at);
  const { outcome, reason } = decision;
  if (!verdict)
    judge.find(
      'outcome',
      `${id} is decided while remaining ballots could still change it, before the deadline had passed that runs from its receipt`,
    );
  else
    judge.same(
      'outcome',
      { outcome, reason },
      verdict,
      `${id} is recorded as ${outcome} (${reason}), but rule, roll and ballots give ${verdict.outcome} (${verdict.reason})`,
    );
  judge.same(
    'outcome',
    decision.tally,
    rules.tally(rules.votingRule(before), opening.roll, ballots),
    `the tally of ${id} is not that of its ballots`,
  );
  judge.same(
    'ballot',
    decision.ballots,
    opening.roll.flatMap(({ memberId }) => ballots.get(memberId) ?? []),
    `the ballots that ${id} was decided on are not those that were cast`,
  );
  judge.same('recorded', decision.recorded, judge.recorded(), 'the decision is recorded as of another act');
  for (const effect of before.effects) {
    const target = rules.effectDefinition(effect).target(effect);
    if (target)
      judge.require(
        'claim',
        judge.after(keys.claim(target.kind, target.id)) === undefined,
        `${id} is decided and still claims ${target.kind} ${target.id}`,
      );
  }
  if (outcome === 'adopted' && inForce) judgeAdopted(judge, before, inForce);
  if (outcome === 'rejected') judgeRejected(judge, before);
}

function castBallots(judge: Judge, id: string, { roll }: Opening): Map<string, CastBallot> {
  return new Map(
    roll.flatMap(({ memberId }) => {
      const slot = judge.state.get(keys.ballot(id, memberId));
      return rules.isCast(slot) ? [[memberId, slot] as const] : [];
    }),
  );
}
