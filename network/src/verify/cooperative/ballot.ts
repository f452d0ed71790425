/** A ballot is written by its voter's representative alone, while voting is open. */
import { keys, rules } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';
import type { Change } from './state.js';

const CHECK = 'ballot';

export function judgeBallot(judge: Judge, { parts, before, after }: Change<keys.BallotSlot>): void {
  const [id = '', memberId = ''] = parts;
  const name = `the ballot of ${memberId} on ${id}`;
  if (!after) {
    judge.find(CHECK, `${name} is deleted`);
    return;
  }
  if (before === undefined) {
    judgeEmpty(judge, id, memberId, name, after);
    return;
  }
  if (!rules.isCast(after)) {
    judge.find(CHECK, `${name} is emptied`);
    return;
  }

  const record = judge.state.get(keys.resolution(id));
  const opening = record?.opening;
  const voter = opening?.roll.find((each) => each.memberId === memberId);
  if (!record || !opening || !voter) {
    judge.find(CHECK, `${name} is cast by someone who is not on the roll`);
    return;
  }
  const { at, caller, transactionId } = judge.act;
  judge.authorize('vote', { onRoll: voter.mspId === caller.mspId });
  judge.require(CHECK, voter.mspId === caller.mspId, `${name} is cast by ${caller.mspId}`);
  const asked = judge.asked('resolutions:vote', id);
  if (asked) {
    const { id: _id, ...choice } = asked;
    judge.same(
      CHECK,
      after,
      { ...choice, memberId, at, transactionId },
      `${name} is not what its voter signed`,
    );
  }
  judge.require(
    CHECK,
    rules.resolutionStatus(record) === 'open',
    `${name} is cast although the resolution was ${rules.resolutionStatus(record)}`,
  );
  const deadline = rules.deadlineOf(opening, judge.state.get(keys.openingReceipt(id)));
  judge.require(CHECK, at <= deadline, `${name} is cast after the deadline ${deadline}`);
  judge.require(CHECK, !rules.isCast(before) || opening.ballotsChangeable, `${name} is changed`);
  judge.require(
    CHECK,
    (after.consentToProcedure !== undefined) === (record.procedureBasis === 'consent-of-all'),
    `${name} says whether it consents to the procedure where that is not asked, or doesn't where it is`,
  );
}

/** Created empty, with the voting that it belongs to. */
function judgeEmpty(judge: Judge, id: string, memberId: string, name: string, after: keys.BallotSlot): void {
  const opened = judge.act.changes.get(keys.resolution(id));
  const onRoll = opened?.after?.opening?.roll.some((voter) => voter.memberId === memberId) === true;
  judge.require(
    CHECK,
    !rules.isCast(after) && opened?.before?.opening === undefined && onRoll,
    `${name} is created outside of the opening`,
  );
}
