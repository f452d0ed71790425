/** Opening pins what decides: the roll is the register's, and each ballot is its voter's own. */
import {
  keys,
  matterRule,
  rules,
  type Opening,
  type ProposalReceipt,
  type ResolutionRecord,
} from 'umlauf-chaincode/api';
import { isProposable } from './effects.js';
import type { InForce, Judge } from './judge.js';

type Opened = ResolutionRecord & { readonly opening: Opening };

export function judgeOpening(judge: Judge, before: ResolutionRecord, after: Opened): void {
  const { id, opening } = after;
  judge.asked('resolutions:open', id);
  const receipt = judge.state.get(keys.proposalReceipt(id));
  const bylaws = judge.inForce()?.bylaws;
  const inForce = judge.authorize('open', {
    possibleSince: bylaws && rules.openableSince(before, receipt, bylaws, judge.act.at),
  });
  judge.require(
    'resolution',
    rules.resolutionStatus(before) === 'proposed',
    `voting on ${id} is opened although it was ${rules.resolutionStatus(before)}`,
  );
  if (!inForce) return;
  judgeNotice(judge, before, receipt, inForce);
  judgePinned(judge, after, inForce);
  judgeRoll(judge, id, opening, inForce);
  for (const [index, effect] of after.effects.entries())
    judge.require(
      'effect',
      isProposable(effect, judge, inForce),
      `voting on ${id} is opened although its effect ${index} can't be carried out`,
    );
  for (const effect of after.effects) {
    const target = rules.effectDefinition(effect).target(effect);
    if (target)
      judge.require(
        'claim',
        judge.written(keys.claim(target.kind, target.id))?.resolutionId === id,
        `${id} is opened without claiming ${target.kind} ${target.id}`,
      );
  }
  judgeBallots(judge, id, opening);
}

function judgeNotice(
  judge: Judge,
  before: ResolutionRecord,
  receipt: ProposalReceipt | undefined,
  { bylaws }: InForce,
): void {
  const from = rules.opensFrom(before, receipt, bylaws);
  judge.require(
    'resolution',
    from !== undefined && judge.act.at >= from,
    `voting on ${before.id} is opened before its notice has run${receipt ? '' : ' from a receipt'}`,
  );
}

function judgePinned(judge: Judge, { opening, ...resolution }: Opened, { bylaws, version }: InForce): void {
  const { id, matter, votingPeriod } = resolution;
  const rule = judge.within('resolution', `the bylaws do not allow ${id}`, () =>
    rules.ruleFor(bylaws, resolution),
  );
  const { rule: pinned, ballotsChangeable, skew, bylawsVersion, deadline, recorded } = opening;
  judge.same(
    'resolution',
    { rule: pinned, ballotsChangeable, skew, bylawsVersion, deadline },
    {
      rule,
      ballotsChangeable: matterRule(bylaws, matter).ballotsChangeable,
      skew: bylaws.skew,
      bylawsVersion: version,
      deadline: rules.addDuration(judge.act.at, votingPeriod, bylaws.timeZone),
    },
    `${id} is opened under another rule or deadline than the bylaws give`,
  );
  judge.same('recorded', recorded, judge.recorded(), 'the opening is recorded as of another act');
}

function judgeRoll(judge: Judge, id: string, opening: Opening, { bylaws }: InForce): void {
  const members = judge.state.registered();
  const { at } = judge.act;
  judge.same(
    'roll',
    opening.roll,
    members
      .filter((member) => rules.entitledToVote(member, at, bylaws.timeZone))
      .map((member) => ({ memberId: member.id, mspId: member.mspId, votes: bylaws.votesPerMember })),
    `the roll of ${id} is not the register's`,
  );
  const endorsers = members
    .filter(({ joined }) => joined)
    .map(({ mspId }) => mspId)
    .sort();
  judge.same(
    'ballot-policy',
    { endorsers: opening.endorsers, f: opening.f },
    { endorsers, f: rules.othersNeeded(bylaws.f, endorsers.length) },
    `the ballots of ${id} ask for other endorsers than the members on the network`,
  );
}

/** An empty ballot for each voter. */
function judgeBallots(judge: Judge, id: string, opening: Opening): void {
  for (const voter of opening.roll) {
    const change = judge.act.changes.get(keys.ballot(id, voter.memberId));
    judge.require(
      'ballot',
      change !== undefined && change.before === undefined && rules.sameContent(change.after, {}),
      `${voter.memberId} is on the roll of ${id} without an empty ballot`,
    );
  }
}
