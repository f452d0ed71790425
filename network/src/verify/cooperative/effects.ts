/**
 * What each kind of effect must leave on the ledger. An effect is carried out exactly once, by the decision that adopts
 * it, unless what the ledger holds then forbids it.
 */
import {
  keys,
  rules,
  type EffectInput,
  type EffectKind,
  type EffectResult,
  type MemberRecord,
  type ResolutionRecord,
} from 'umlauf-chaincode/api';
import type { InForce, Judge } from './judge.js';

type Of<K extends EffectKind> = Extract<EffectInput, { kind: K }>;

interface EffectRule<K extends EffectKind> {
  /** What proposing adds to the input: that on which members vote. */
  readonly pinned?: (effect: Of<K>, judge: Judge) => EffectInput;
  /** Whether it can be carried out as the ledger stands. */
  readonly possible: (effect: Of<K>, judge: Judge, inForce: InForce) => boolean;
  /** What must hold besides for it to be proposed and voted on. */
  readonly proposable?: (effect: Of<K>, judge: Judge, inForce: InForce) => boolean;
  /** Requires what adoption carries out, and answers since when it is effective; absent where that is still open. */
  readonly carriedOut: (
    effect: Of<K>,
    judge: Judge,
    resolutionId: string,
    inForce: InForce,
  ) => string | undefined;
  /** Requires what a rejection leaves. */
  readonly rejected?: (effect: Of<K>, judge: Judge, resolutionId: string) => void;
}

/** Effects without rules of their own here are judged by performing the act that carries them out. */
const EFFECTS: { readonly [K in EffectKind]?: EffectRule<K> } = {
  admit: {
    pinned: (effect, judge) => {
      const record = judge.state.get(keys.member(effect.memberId));
      return {
        ...effect,
        mspId: effect.mspId ?? record?.mspId,
        mspFingerprints: effect.mspFingerprints ?? record?.mspFingerprints,
        applicationSha256: effect.applicationSha256 ?? record?.application?.contentSha256,
      };
    },
    possible: ({ memberId, mspId, mspFingerprints, applicationSha256 }, judge) => {
      const record = judge.state.get(keys.member(memberId));
      return (
        record?.application !== undefined &&
        rules.memberStatus(record) === 'applied' &&
        mspId === record.mspId &&
        rules.sameContent(mspFingerprints, record.mspFingerprints) &&
        applicationSha256 === record.application.contentSha256
      );
    },
    carriedOut: ({ memberId }, judge, resolutionId) => {
      const { at } = judge.act;
      requireMember(judge, memberId, (member) => member.admission, {
        resolutionId,
        decidedAt: at,
        effectiveAt: at,
        recorded: judge.recorded(),
      });
      return at;
    },
    rejected: ({ memberId }, judge, resolutionId) => {
      const record = judge.state.get(keys.member(memberId));
      if (record && rules.memberStatus(record) === 'applied')
        requireMember(judge, memberId, (member) => member.rejection, {
          resolutionId,
          recorded: judge.recorded(),
        });
    },
  },
  exclude: {
    possible: ({ memberId }, judge) => {
      const record = judge.state.get(keys.member(memberId));
      return record !== undefined && rules.onRegister(record) && record.exclusion === undefined;
    },
    carriedOut: ({ memberId }, judge, resolutionId, { bylaws, today }) => {
      const effectiveAt = rules.financialYearEnd(today, bylaws.financialYearEnd);
      requireMember(judge, memberId, (member) => member.exclusion, {
        resolutionId,
        decidedAt: judge.act.at,
        effectiveAt,
        recorded: judge.recorded(),
      });
      return effectiveAt;
    },
  },
  'amend-bylaws': {
    possible: ({ base, bylaws }, _judge, { version }) => base === version && bylaws.votesPerMember === 1,
    // Who can't act any more when it is adopted or registered, has it entered as law all the same.
    proposable: ({ bylaws }, judge, { today }) =>
      judge.boardHolding(bylaws, today).length === bylaws.boardHolding.length,
    carriedOut: () => undefined,
  },
  'record-only': { possible: () => true, carriedOut: (_effect, judge) => judge.act.at },
};

const ruleOf = (effect: EffectInput): EffectRule<EffectKind> | undefined =>
  EFFECTS[effect.kind] as unknown as EffectRule<EffectKind> | undefined;

function requireMember(
  judge: Judge,
  memberId: string,
  part: (member: MemberRecord) => unknown,
  expected: unknown,
): void {
  const member = judge.written(keys.member(memberId));
  judge.same(
    'effect',
    member && part(member),
    expected,
    `what was decided on ${memberId} is not what its record says`,
  );
}

/** The effects as they must be voted on, from what was asked for; as found where no rule here says it. */
export function pinnedEffects(
  effects: readonly EffectInput[],
  found: readonly EffectInput[],
  judge: Judge,
): (EffectInput | undefined)[] {
  return effects.map((effect, index) => {
    const rule = ruleOf(effect);
    return rule ? (rule.pinned?.(effect, judge) ?? effect) : found[index];
  });
}

/** Whether an effect can be proposed, and voted on, as the ledger stands before the act. */
export function isProposable(effect: EffectInput, judge: Judge, inForce: InForce): boolean {
  const rule = ruleOf(effect);
  if (!rule) return true;
  return rule.possible(effect, judge, inForce) && (rule.proposable?.(effect, judge, inForce) ?? true);
}

/** Each effect of an adopted resolution is recorded, and carried out exactly where it still can be. */
export function judgeAdopted(judge: Judge, { id, effects }: ResolutionRecord, inForce: InForce): void {
  for (const [index, effect] of effects.entries()) {
    const found = judge.written(keys.effect(id, index));
    const rule = ruleOf(effect);
    if (!rule) continue;
    const definition = rules.effectDefinition(effect);
    const base = {
      index,
      kind: effect.kind,
      decidedAt: judge.act.at,
      effective: definition.effective,
    };
    if (!rule.possible(effect, judge, inForce)) {
      judge.require(
        'effect',
        found?.failed !== undefined && found.executed === undefined,
        `effect ${index} of ${id} can't be carried out, but is not recorded as failed`,
      );
      continue;
    }
    const effectiveAt = rule.carriedOut(effect, judge, id, inForce);
    const expected: EffectResult = {
      ...base,
      ...(effectiveAt !== undefined && { effectiveAt, executed: judge.recorded() }),
    };
    judge.same('effect', found, expected, `effect ${index} of ${id} is not recorded as what it does`);
  }
}

/** A rejection closes what was voted on. */
export function judgeRejected(judge: Judge, { id, effects }: ResolutionRecord): void {
  for (const effect of effects) ruleOf(effect)?.rejected?.(effect, judge, id);
}
