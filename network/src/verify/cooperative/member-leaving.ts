/** How a membership ends by the member's own declaration: resigned, received by the others, completed when it is over. */
import { rules, type MemberRecord } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';

const CHECK = 'membership';

/** When a resignation reached the others: where that is late, its period runs from there. */
function judgeReceived(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  const { resignation } = before;
  judge.asked('members:receive', after.id);
  const bylaws = judge.authorize('receive')?.bylaws;
  judge.require(
    CHECK,
    rules.memberStatus(before) === 'ending' && resignation !== undefined && !resignation.received,
    `the resignation of ${after.id} is received twice or after its ending`,
  );
  if (!resignation || !bylaws) return;
  judge.same(
    CHECK,
    after.resignation,
    {
      ...resignation,
      effectiveAt: rules.effectiveOnReceipt(judge.act.at, resignation, bylaws),
      received: judge.recorded(),
    },
    `the resignation of ${after.id} ends its membership on another day than its receipt gives`,
  );
}

export function judgeResignation(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  if (before.resignation) {
    judgeReceived(judge, before, after);
    return;
  }
  const asked = judge.asked('members:resign', after.id);
  const filedBy = before.joined ? undefined : before.application?.filedBy;
  const forMember = filedBy !== undefined && judge.act.caller.role === 'board';
  const inForce = judge.authorize(forMember ? 'resign-for-member' : 'resign', {
    memberId: after.id,
    filedBy,
  });
  if (!inForce) return;
  const { bylaws, today } = inForce;
  judge.require(
    CHECK,
    rules.onRegister(before) && (before.joined !== undefined || asked?.document !== undefined),
    `${after.id} resigns without being a member or without the document that it needs`,
  );
  judge.same(
    CHECK,
    after.resignation,
    {
      effectiveAt: rules.resignationEnd(today, bylaws.resignationPeriod, bylaws.financialYearEnd),
      ...(asked?.document !== undefined && { document: asked.document }),
      recorded: judge.recorded(),
    },
    `the resignation of ${after.id} ends its membership on another day than the bylaws say`,
  );
}

export function judgeCompleted(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  judge.asked('members:completeEnding', after.id);
  const inForce = judge.authorize('complete-ending');
  judge.same('recorded', after.completed, judge.recorded(), 'the ending is recorded as of another act');
  const last = rules.completableAfter(before);
  judge.require(
    CHECK,
    rules.memberStatus(before) === 'ending' &&
      last !== undefined &&
      inForce !== undefined &&
      inForce.today > last,
    `the membership of ${after.id} is ended before its last day, or by a resignation that nobody received`,
  );
}
