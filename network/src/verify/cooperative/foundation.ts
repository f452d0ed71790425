/** The foundation: held only when the board of every founder has confirmed it, each from its own organization. */
import { keys, rules, type FoundationInput } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';
import type { Change } from './state.js';

const CHECK = 'foundation';

export function judgeSubmission(
  judge: Judge,
  { parts, before, after }: Change<keys.FoundationSubmission>,
): void {
  if (!after || before) {
    judge.find(CHECK, 'a submitted foundation is changed');
    return;
  }
  const input = judge.asked('foundations:submit', after.id);
  const { id, submitted, ...content } = after;
  judge.same(CHECK, content, input, 'the foundation is not the one that was submitted');
  judge.require(
    CHECK,
    id === rules.contentSha256(content) && parts[0] === id,
    'the foundation is not named by its SHA-256',
  );
  judge.same('recorded', submitted, judge.recorded(), 'the submission is recorded as of another act');
  judge.authorize('submit-foundation', { founder: isFounder(after, judge.act.caller.mspId) });
  judge.require(CHECK, !judge.state.get(keys.heldFoundation), 'a foundation is submitted after one holds');
  checkFounders(judge, after, false);
}

export function judgeConfirmation(judge: Judge, { parts, after }: Change<keys.FoundationConfirmation>): void {
  if (!after) {
    judge.find(CHECK, 'a confirmation is deleted');
    return;
  }
  judge.asked('foundations:confirm', after.foundation);
  const { mspId } = judge.act.caller;
  judge.require(CHECK, parts[0] === mspId, `the confirmation of ${parts[0] ?? ''} is written by ${mspId}`);
  judge.same('recorded', after.recorded, judge.recorded(), 'the confirmation is recorded as of another act');
  const submission = judge.state.get(keys.foundationSubmission(after.foundation));
  if (!submission) {
    judge.find(CHECK, 'a foundation is confirmed that nobody submitted');
    return;
  }
  judge.authorize('confirm-foundation', { founder: isFounder(submission, mspId) });
  judge.require(CHECK, !judge.state.get(keys.heldFoundation), 'a foundation is confirmed after one holds');
  checkFounders(judge, submission, true);
  const all = submission.members.every((founder) => confirms(judge, founder.mspId, submission.id));
  judge.require(
    CHECK,
    all === (judge.written(keys.heldFoundation)?.id === submission.id),
    all
      ? 'all founders have confirmed, but the foundation is not held'
      : 'a foundation is held that is not confirmed by all',
  );
}

export function judgeHeld(judge: Judge, { before, after }: Change<keys.HeldFoundation>): void {
  if (!after || before) {
    judge.find(CHECK, 'the foundation that holds is replaced');
    return;
  }
  judge.same('recorded', after.recorded, judge.recorded(), 'the foundation is recorded as of another act');
  const submission = judge.state.get(keys.foundationSubmission(after.id));
  if (!submission) {
    judge.find(CHECK, 'a foundation is held that nobody submitted');
    return;
  }
  for (const { mspId, id } of submission.members) {
    judge.require(
      CHECK,
      confirms(judge, mspId, after.id),
      `the foundation is held without the board of ${id}`,
    );
    judge.require(
      CHECK,
      judge.written(keys.member(id)) !== undefined,
      `the founder ${id} is not on the register`,
    );
  }
  judge.require(
    CHECK,
    judge.written(keys.bylawsInForce) !== undefined,
    'the foundation brings no bylaws into force',
  );
}

function confirms(judge: Judge, mspId: string, id: string): boolean {
  const confirmation = judge.after(keys.foundationConfirmation(mspId));
  return confirmation?.foundation === id && confirmation.recorded.mspId === mspId;
}

const isFounder = ({ members }: FoundationInput, mspId: string): boolean =>
  members.some((founder) => founder.mspId === mspId);

/** The founders are exactly the channel's organizations, each with the chaincode approved where it must act. */
function checkFounders(judge: Judge, { members }: FoundationInput, approved: boolean): void {
  const { organizations } = judge.act;
  const founders = members.map(({ mspId }) => mspId);
  judge.require(
    CHECK,
    organizations.size === founders.length &&
      founders.every((mspId) => (approved ? organizations.get(mspId) === true : organizations.has(mspId))),
    `the founders are not exactly the channel's organizations: ${[...organizations.keys()].join(', ')}`,
  );
}
