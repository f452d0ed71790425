import { type Bylaws, matterRule } from '../bylaws';
import { type Call, recorded } from '../call';
import { claimTargets, validateEffects } from '../effects/carry-out';
import { DomainError } from '../errors';
import { ballot, proposalReceipt } from '../keys';
import type { MemberRecord } from '../member';
import { entitledToVote } from '../members/status';
import { enterFor } from '../register/cooperative';
import { registeredMembers } from '../register/register';
import type { Opening, Resolution, ResolutionRecord } from '../resolution';
import { addDuration } from '../time';
import { ballotOwnership, othersNeeded } from './ballot-ownership';
import { ruleFor } from './conformity';
import { openableSince, opensFrom } from './receipt';
import { findResolution, putResolution } from './records';
import { requireStatus } from './status';
import { ResolutionViews } from './view';

/**
 * Opens voting: pins the roll, the rule and everything else that decides, creates a ballot for each voter that only the
 * voter and enough others can write, and claims what the effects aim at. Nothing that happens later changes the vote.
 *
 * The notice runs from the receipt of the proposal, so that nobody eats it by holding the proposal back. A board-holding
 * organization opens; `actWithin` after it could have, the board of any admitted member.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `not-received`, `notice-running`, `target-claimed`, `effect-invalid` or
 *   the effect's own, what {@link ruleFor} and entering refuse
 */
export async function open(call: Call, { id }: { id: string }): Promise<Resolution> {
  const receipt = await call.ledger.get(proposalReceipt(id));
  const { found: before, ...cooperative } = await enterFor(
    call,
    'open',
    'resolution',
    () => findResolution(call, id),
    (record, { bylaws }) => ({ possibleSince: openableSince(record, receipt, bylaws, call.at) }),
  );
  const { bylaws } = cooperative;
  requireStatusProposed(before);
  const from = opensFrom(before, receipt, bylaws);
  if (from === undefined) throw new DomainError('not-received', { phase: 'proposal' });
  if (call.at < from) throw new DomainError('notice-running', { from });
  const rule = ruleFor(bylaws, before);
  const context = { call, resolutionId: id, ...cooperative };
  await validateEffects(before.effects, context, 'opened');
  await claimTargets(before.effects, context);

  const members = await registeredMembers(call);
  const endorsers = members
    .filter(({ joined }) => joined)
    .map(({ mspId }) => mspId)
    .sort();
  const opening: Opening = {
    recorded: recorded(call),
    rule,
    ballotsChangeable: matterRule(bylaws, before.matter).ballotsChangeable,
    skew: bylaws.skew,
    f: othersNeeded(bylaws.f, endorsers.length),
    endorsers,
    bylawsVersion: cooperative.version,
    deadline: addDuration(call.at, before.votingPeriod, bylaws.timeZone),
    roll: rollOf(members, call.at, bylaws),
  };
  const record: ResolutionRecord = { ...before, opening };
  await putResolution(call, record, before);
  for (const voter of opening.roll) {
    await call.ledger.put(ballot(id, voter.memberId), {});
    await call.ledger.own(ballot(id, voter.memberId), ballotOwnership(opening, voter));
  }
  const { deadline, roll, f, endorsers: pinned } = opening;
  call.tell('resolution.opened', id, { deadline, voters: roll.length, f, endorsers: pinned });
  return new ResolutionViews(call, bylaws.timeZone).view(record, {
    ballots: new Map(),
    proposalReceipt: receipt,
  });
}

function requireStatusProposed(record: ResolutionRecord): void {
  if (record.opening && !record.decision) throw new DomainError('unchanged', { resource: 'resolution' });
  requireStatus(record, 'proposed');
}

/** The electoral roll (Stimmliste), in the order of ids. */
function rollOf(members: readonly MemberRecord[], at: string, bylaws: Bylaws): Opening['roll'] {
  return members
    .filter((record) => entitledToVote(record, at, bylaws.timeZone))
    .map(({ id, mspId }) => ({ memberId: id, mspId, votes: bylaws.votesPerMember }));
}
