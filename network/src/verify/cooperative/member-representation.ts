/** Who represents a member: as it was founded or filed, then as its own board changes it. */
import {
  keys,
  rules,
  type MemberRecord,
  type Recorded,
  type Represented,
  type Representation,
} from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';
import type { Change } from './state.js';

const CHECK = 'membership';

/** A change of it alone; what a founder or an applicant begins with is judged with its record. */
export function judgeRepresentation(judge: Judge, { parts, before, after }: Change<Representation>): void {
  const [id = ''] = parts;
  if (!after) {
    judge.find(CHECK, `who represents ${id} is deleted`);
    return;
  }
  if (begins(judge.act.changes.get(keys.member(id)))) return;
  const asked = judge.asked('members:change', id);
  judge.authorize('change', { memberId: id });
  if (!before || !asked) {
    judge.require(CHECK, before !== undefined, `${id} is represented without being on the register`);
    return;
  }
  const current = rules.representedNow(before);
  const changed = rules.changedTo(current, asked.change);
  judge.require(
    CHECK,
    !rules.sameContent(current, changed),
    `who represents ${id} is recorded again without a change`,
  );
  judge.same(
    CHECK,
    after,
    [...before, step(changed, judge.recorded())],
    `who represents ${id} is not what its board asked for, or is rewritten`,
  );
}

/** Requires that the member is represented from the act on as it was founded or filed. */
export function judgeRepresentedAs(judge: Judge, id: string, represented: Represented): void {
  judge.same(
    CHECK,
    judge.written(keys.memberRepresentation(id)),
    [...(judge.state.get(keys.memberRepresentation(id)) ?? []), step(represented, judge.recorded())],
    `${id} is represented otherwise than it was founded or filed`,
  );
}

const step = (represented: Represented, recorded: Recorded | undefined) => ({
  ...rules.representedBy(represented),
  recorded,
});

/** Whether the record is one that a foundation or an application begins. */
function begins(change: Change<MemberRecord> | undefined): boolean {
  return change?.after !== undefined && (!change.before || !rules.holdsIdentity(change.before));
}
