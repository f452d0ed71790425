/** Facts of a member that only a resolution brings: admission, rejection, exclusion and its dispatch. */
import { keys, rules, type EffectKind, type MemberRecord } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';

/** What the effect must be; that it is carried out rightly the decision's own rules say. */
export function judgeDecidedFact(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  if (after.exclusion?.dispatched && before.exclusion) {
    judgeDispatched(judge, before, after);
    return;
  }
  const [fact, kind, outcome] = factOf(before, after);
  const resolutionId = fact && 'resolutionId' in fact ? fact.resolutionId : undefined;
  const change =
    resolutionId === undefined ? undefined : judge.act.changes.get(keys.resolution(resolutionId));
  const decidesIt =
    change?.before !== undefined &&
    change.before.decision === undefined &&
    change.after?.decision?.outcome === outcome &&
    change.after.effects.some((effect) => effect.kind === kind && effect.memberId === after.id);
  judge.require(
    'membership',
    decidesIt,
    `${after.id} is ${WORDS[kind][outcome]} without a resolution on it being ${outcome}`,
  );
}

type Outcome = 'adopted' | 'rejected';
type Kind = Extract<EffectKind, 'admit' | 'exclude'>;
const WORDS: Readonly<Record<Kind, Record<Outcome, string>>> = {
  admit: { adopted: 'admitted', rejected: 'rejected' },
  exclude: { adopted: 'excluded', rejected: 'excluded' },
};

type Fact = MemberRecord['admission' | 'rejection' | 'exclusion'];

function factOf(before: MemberRecord, after: MemberRecord): readonly [Fact, Kind, Outcome] {
  const isNew = (field: 'admission' | 'rejection') =>
    !rules.sameContent(before[field] ?? null, after[field] ?? null);
  // A fact that is replaced names the decision of then, which this transaction doesn't hold.
  if (isNew('admission')) return [before.admission ? undefined : after.admission, 'admit', 'adopted'];
  if (isNew('rejection')) return [before.rejection ? undefined : after.rejection, 'admit', 'rejected'];
  return [before.exclusion ? undefined : after.exclusion, 'exclude', 'adopted'];
}

/** From the dispatch on, the member is off new rolls (§68(2) GenG). */
function judgeDispatched(judge: Judge, before: MemberRecord, after: MemberRecord): void {
  const id = before.exclusion?.resolutionId ?? '';
  judge.require(
    'membership',
    before.exclusion?.dispatched === undefined && judge.written(keys.dispatch(id)) !== undefined,
    `the exclusion of ${after.id} counts as dispatched without its dispatch`,
  );
  judge.same(
    'membership',
    after.exclusion,
    { ...before.exclusion, dispatched: judge.recorded() },
    `the exclusion of ${after.id} is rewritten`,
  );
}
