/** The bylaws: the founders', then only what an adopted and registered amendment brings (§16(6) GenG). */
import { type BylawsRecord, FOUNDING_VERSION, keys, rules } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';
import type { Change } from './state.js';

const CHECK = 'bylaws';

export function judgeVersion(judge: Judge, { parts, before, after }: Change<BylawsRecord>): void {
  if (!after) {
    judge.find(CHECK, 'a version of the bylaws is deleted');
    return;
  }
  if (before) {
    judgeSuperseded(judge, before, after);
    return;
  }
  judge.require(CHECK, parts[0] === after.id, 'a version of the bylaws lies under another name');
  judge.same('recorded', after.recorded, judge.recorded(), 'the bylaws are recorded as of another act');
  judge.require(
    CHECK,
    judge.written(keys.bylawsInForce)?.version === after.id,
    `version ${after.id} of the bylaws does not come into force`,
  );
  if (after.id === FOUNDING_VERSION) judgeFounding(judge, after);
  else judgeAmendment(judge, after);
}

export function judgeInForce(judge: Judge, { after }: Change<{ readonly version: string }>): void {
  if (!after) {
    judge.find(CHECK, 'no bylaws are in force any more');
    return;
  }
  judge.require(
    CHECK,
    judge.act.changes.get(keys.bylawsVersion(after.version))?.before === undefined &&
      judge.written(keys.bylawsVersion(after.version)) !== undefined,
    `version ${after.version} of the bylaws comes into force again`,
  );
}

function judgeFounding(judge: Judge, { effectiveFrom, bylaws, base, supersededAt }: BylawsRecord): void {
  const held = judge.written(keys.heldFoundation);
  const submission = held && judge.state.get(keys.foundationSubmission(held.id));
  judge.same(CHECK, bylaws, submission?.bylaws, 'the founding bylaws are not those of the foundation');
  judge.require(
    CHECK,
    base === undefined &&
      supersededAt === undefined &&
      effectiveFrom === rules.legalDate(judge.act.at, bylaws.timeZone),
    'the founding bylaws hold from another day',
  );
}

function judgeAmendment(judge: Judge, { id, base, effectiveFrom, bylaws, supersededAt }: BylawsRecord): void {
  const decision = judge.state.get(keys.resolution(id));
  const registered = judge.written(keys.registration(id));
  const amendment = decision?.effects.find((effect) => effect.kind === 'amend-bylaws');
  judge.require(
    CHECK,
    decision?.decision?.outcome === 'adopted' && amendment !== undefined,
    `version ${id} of the bylaws rests on no adopted resolution`,
  );
  judge.same(CHECK, bylaws, amendment?.bylaws, `version ${id} of the bylaws is not what was adopted`);
  judge.require(
    CHECK,
    registered !== undefined && registered.date === effectiveFrom && supersededAt === undefined,
    `version ${id} of the bylaws is in force without its registration`,
  );
  judge.require(
    CHECK,
    base === amendment?.base && base === judge.state.get(keys.bylawsInForce)?.version,
    `version ${id} of the bylaws replaces a version that is not in force`,
  );
}

/** All that happens to a version is that another takes its place. */
function judgeSuperseded(judge: Judge, before: BylawsRecord, after: BylawsRecord): void {
  const next = judge.written(keys.bylawsInForce)?.version;
  judge.require(
    CHECK,
    before.id === judge.state.get(keys.bylawsInForce)?.version && next !== undefined && next !== before.id,
    `version ${before.id} of the bylaws is changed`,
  );
  judge.same(
    CHECK,
    after,
    { ...before, supersededAt: judge.act.at },
    `version ${before.id} of the bylaws is rewritten`,
  );
}
