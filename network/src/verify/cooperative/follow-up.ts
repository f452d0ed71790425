/** What follows a decision: the chair's finding, registration, dispatch; and what became of each effect. */
import {
  keys,
  rules,
  type DispatchRecord,
  type EffectResult,
  type FindingRecord,
  type RegistrationRecord,
  type ResolutionRecord,
} from 'umlauf-chaincode/api';
import type { InForce, Judge } from './judge.js';
import type { Change } from './state.js';

type FollowUp = FindingRecord | RegistrationRecord | DispatchRecord;

export function judgeFinding(judge: Judge, change: Change<FindingRecord>): void {
  judgeFollowUp(judge, change, 'finding', 'resolutions:finding');
}

export function judgeDispatch(judge: Judge, change: Change<DispatchRecord>): void {
  const done = judgeFollowUp(judge, change, 'dispatch', 'resolutions:dispatch');
  if (!done) return;
  for (const effect of done.record.effects) {
    if (effect.kind !== 'exclude') continue;
    const member = judge.state.get(keys.member(effect.memberId));
    // One whose exclusion failed, or was decided by another resolution, isn't excluded by this one.
    if (member?.exclusion?.resolutionId !== done.record.id) continue;
    judge.require(
      'effect',
      judge.written(keys.member(effect.memberId))?.exclusion?.dispatched !== undefined,
      `the exclusion of ${effect.memberId} is dispatched, but its record does not say so`,
    );
  }
}

export function judgeRegistration(judge: Judge, change: Change<RegistrationRecord>): void {
  const done = judgeFollowUp(judge, change, 'register', 'resolutions:register');
  if (!done) return;
  const { record, inForce } = done;
  const index = record.effects.findIndex(({ kind }) => kind === 'amend-bylaws');
  const amendment = record.effects[index];
  if (amendment?.kind !== 'amend-bylaws') {
    judge.find('bylaws', `${record.id} is registered without amending the bylaws`);
    return;
  }
  const holds = amendment.base === inForce.version;
  judge.require(
    'bylaws',
    (judge.written(keys.bylawsInForce)?.version === record.id) === holds,
    holds
      ? `${record.id} is registered, but its bylaws are not in force`
      : `${record.id} is registered and its bylaws come into force, although its base no longer is`,
  );
  judge.require(
    'effect',
    judge.written(keys.effect(record.id, index)) !== undefined,
    `${record.id} is registered, but what became of its effect is not recorded`,
  );
}

/** Recorded once, by an office that may, dated between the decision and today. */
function judgeFollowUp(
  judge: Judge,
  { type, parts, before, after }: Change<FollowUp>,
  act: 'finding' | 'register' | 'dispatch',
  asked: `resolutions:${typeof act}`,
): { record: ResolutionRecord; inForce: InForce } | undefined {
  const [id = ''] = parts;
  const record = judge.state.get(keys.resolution(id));
  const decision = record?.decision;
  if (!after || before) {
    judge.find('resolution', `the ${type} of ${id} is changed`);
    return;
  }
  if (!record || !decision) {
    judge.find('resolution', `${id} has a ${type} without being decided`);
    return;
  }
  const inForce = judge.authorize(act, { possibleSince: decision.recorded.at });
  const input = judge.asked(asked, id);
  judge.same(
    'resolution',
    { id, ...after },
    { ...input, recorded: judge.recorded() },
    `the ${type} of ${id} is not what was asked for`,
  );
  judge.require(
    'resolution',
    act === 'finding' || decision.outcome === 'adopted',
    `${id} has a ${type} although it was ${decision.outcome}`,
  );
  if (!inForce) return undefined;
  const from = rules.legalDate(decision.recorded.at, inForce.bylaws.timeZone);
  judge.require(
    'resolution',
    after.date >= from && after.date <= inForce.today,
    `the ${type} of ${id} is dated ${after.date}, not between ${from} and ${inForce.today}`,
  );
  return { record, inForce };
}

/** Recorded by the decision; afterwards only what the registration of an amendment adds. */
export function judgeEffect(judge: Judge, { parts, before, after }: Change<EffectResult>): void {
  const [id = '', index = ''] = parts;
  const name = `effect ${index} of ${id}`;
  if (!after) {
    judge.find('effect', `${name} is deleted`);
    return;
  }
  if (!before) {
    const decided = judge.act.changes.get(keys.resolution(id));
    judge.require(
      'effect',
      decided?.before?.decision === undefined &&
        decided?.after?.decision?.outcome === 'adopted' &&
        decided.after.effects[Number(index)]?.kind === after.kind,
      `${name} is recorded without the resolution being adopted`,
    );
    return;
  }
  const registered = judge.written(keys.registration(id));
  const inForce = judge.inForce();
  const effect = judge.state.get(keys.resolution(id))?.effects[Number(index)];
  if (
    !registered ||
    !inForce ||
    effect?.kind !== 'amend-bylaws' ||
    before.executed ||
    before.failed !== undefined
  ) {
    judge.find('effect', `${name} is carried out again`);
    return;
  }
  const { failed, ...rest } = after;
  const executed = effect.base === inForce.version;
  judge.require('effect', executed === (failed === undefined), `${name} is recorded otherwise than it went`);
  judge.same(
    'effect',
    rest,
    executed ? { ...before, effectiveAt: registered.date, executed: judge.recorded() } : before,
    `${name} is recorded otherwise than it went`,
  );
}

/** Held while a resolution on the target is open: by one at most. */
export function judgeClaim(
  judge: Judge,
  { parts, before, after }: Change<{ readonly resolutionId: string }>,
): void {
  const name = `the claim on ${parts.join(' ')}`;
  if (!after) {
    const change = before && judge.act.changes.get(keys.resolution(before.resolutionId));
    judge.require(
      'claim',
      change?.before?.decision === undefined && change?.after?.decision !== undefined,
      `${name} is released before the decision`,
    );
    return;
  }
  if (before) {
    judge.find('claim', `${name} of ${before.resolutionId} is taken by ${after.resolutionId}`);
    return;
  }
  const opened = judge.act.changes.get(keys.resolution(after.resolutionId));
  const targets = opened?.after?.effects.map((effect) => rules.effectDefinition(effect).target(effect));
  judge.require(
    'claim',
    opened?.before?.opening === undefined &&
      opened?.after?.opening !== undefined &&
      targets?.some((target) => target?.kind === parts[0] && target?.id === parts[1]) === true,
    `${name} is made outside of the opening`,
  );
}
