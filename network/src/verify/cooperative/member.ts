/** The register: each fact of a member by the act that may record it, and nothing else of the record changed. */
import { keys, rules, type MemberRecord } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';
import { judgeDecidedFact } from './member-decided.js';
import { judgeCompleted, judgeResignation } from './member-leaving.js';
import { judgeRepresentedAs } from './member-representation.js';
import type { Change } from './state.js';

const CHECK = 'membership';

/** One fact added to a record; the name is the changed fields, sorted. */
type Rule = (judge: Judge, before: MemberRecord, after: MemberRecord) => void;

const CHANGES: Readonly<Record<string, Rule>> = {
  withdrawal: judgeWithdrawal,
  joined: judgeJoined,
  resignation: judgeResignation,
  completed: judgeCompleted,
  admission: judgeDecidedFact,
  rejection: judgeDecidedFact,
  exclusion: judgeDecidedFact,
};

export function judgeMember(judge: Judge, { parts, before, after }: Change<MemberRecord>): void {
  if (!after) {
    judge.find(CHECK, `the record of ${parts[0] ?? ''} is deleted`);
    return;
  }
  judge.require(CHECK, parts[0] === after.id, `the record of ${after.id} lies under another name`);
  judge.require(
    CHECK,
    !rules.holdsIdentity(after) || judge.after(keys.memberMsp(after.mspId))?.memberId === after.id,
    `the MSP id of ${after.id} leads to another record`,
  );
  if (!before || !rules.holdsIdentity(before)) {
    if (after.application) judgeApplication(judge, before, after);
    else judgeFounder(judge, after);
    return;
  }
  const fields = changedFields(before, after);
  const rule = CHANGES[fields];
  if (rule) rule(judge, before, after);
  else judge.find(CHECK, `the record of ${after.id} is changed in ${fields === '' ? 'nothing' : fields}`);
}

/** The entry by which an organization finds its record. */
export function judgeMemberMsp(judge: Judge, { parts, after }: Change<{ readonly memberId: string }>): void {
  const record = after && judge.written(keys.member(after.memberId));
  judge.require(CHECK, record?.mspId === parts[0], `the MSP id ${parts[0] ?? ''} is given to another record`);
}

function changedFields(before: MemberRecord, after: MemberRecord): string {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof MemberRecord>;
  return [...fields]
    .filter((field) => !rules.sameContent(before[field] ?? null, after[field] ?? null))
    .sort()
    .join(' ');
}

/** A founder's record, with the foundation as its admission. */
function judgeFounder(judge: Judge, after: MemberRecord): void {
  const held = judge.written(keys.heldFoundation);
  const submission = held && judge.state.get(keys.foundationSubmission(held.id));
  const identity = submission?.members.find(({ id }) => id === after.id);
  if (!held || !identity) {
    judge.find(CHECK, `${after.id} is on the register without application or foundation`);
    return;
  }
  const recorded = judge.recorded();
  const { at } = judge.act;
  const { office, operator, ...recordedOf } = identity;
  judge.same(
    CHECK,
    after,
    {
      ...recordedOf,
      admission: { foundation: held.id, decidedAt: at, effectiveAt: at, recorded },
      joined: recorded,
    },
    `the founder ${after.id} is registered otherwise than in the foundation`,
  );
  judgeRepresentedAs(judge, after.id, { office, operator });
}

/** An application, or a new one on the record of an earlier one that was withdrawn or rejected. */
function judgeApplication(judge: Judge, former: MemberRecord | undefined, after: MemberRecord): void {
  const application = judge.asked('members:apply', after.id);
  judge.authorize('apply');
  if (!application) return;
  const { declaration, office, operator, ...identity } = application;
  const recorded = judge.recorded();
  const earlier = former?.application && {
    application: former.application,
    ...(former.withdrawal && { withdrawal: former.withdrawal }),
    ...(former.rejection && { rejection: former.rejection }),
  };
  judge.same(
    CHECK,
    after,
    {
      ...identity,
      application: {
        filedBy: judge.caller()?.id,
        declaration,
        contentSha256: rules.contentSha256(application),
        recorded,
      },
      ...(earlier && { earlierApplications: [...(former.earlierApplications ?? []), earlier] }),
    },
    `the record of ${after.id} is not the application that was filed`,
  );
  judgeRepresentedAs(judge, after.id, { office, operator });
  const holder = judge.state.memberByMsp(after.mspId);
  judge.require(
    CHECK,
    holder === undefined || holder.id === after.id || !rules.holdsIdentity(holder),
    `the MSP id of ${after.id} is that of ${holder?.id ?? ''}`,
  );
}

function judgeWithdrawal(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  judge.asked('members:withdraw', after.id);
  judge.authorize('withdraw-application', { filedBy: before.application?.filedBy });
  judge.same('recorded', after.withdrawal, judge.recorded(), 'the withdrawal is recorded as of another act');
  judge.require(
    CHECK,
    rules.memberStatus(before) === 'applied' && !judge.state.get(keys.claim('applicant', after.id)),
    `the application of ${after.id} is withdrawn although it was ${rules.memberStatus(before)} or voted on`,
  );
}

function judgeJoined(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  judge.asked('members:confirmJoined', after.id);
  judge.authorize('confirm-joined');
  judge.same('recorded', after.joined, judge.recorded(), 'the joining is recorded as of another act');
  judge.require(
    CHECK,
    !before.joined && rules.onRegister(before),
    `${after.id} joins without being a member`,
  );
  judge.require(
    CHECK,
    judge.act.organizations.get(after.mspId) === true,
    `${after.id} is said to have joined, but its organization is not on the channel with the chaincode approved`,
  );
}
