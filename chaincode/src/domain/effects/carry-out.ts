/** The effects of a resolution together: checked, claimed, carried out each exactly once. */
import { DomainError } from '../errors';
import { claim, effect as effectKey } from '../keys';
import type { EffectResult, ResolutionRecord } from '../resolution';
import type { MatterId } from '../matters';
import type { EffectContext, EffectDefinition, Moment, Target } from './effect';
import { definitionOf, hasOwnEffect } from './index';
import type { EffectInput } from './input';

type Effects = readonly EffectInput[];

/**
 * Each effect belongs to the matter, or stands beside any. A matter that has an effect of its own needs one: what it decides
 * would be decided and not done. No two share a target: an effect smuggled under a weaker matter would be decided by a
 * weaker majority.
 *
 * @throws {DomainError} `effect-matter`, `effect-target-repeated`
 */
export function checkEffects({ matter, effects }: Pick<ResolutionRecord, 'matter' | 'effects'>): void {
  const targets = new Set<string>();
  if (hasOwnEffect(matter) && effects.every((effect) => definitionOf(effect).matter === 'any'))
    throw new DomainError('effect-matter', { index: 0 });
  for (const [index, effect] of effects.entries()) {
    const definition = definitionOf(effect);
    if (!belongsTo(matter, definition))
      throw new DomainError('effect-matter', {
        index,
        ...(definition.matter !== undefined && { matter: definition.matter }),
      });
    const target = definition.target(effect);
    if (!target) continue;
    const name = definition.once ? target.kind : `${target.kind} ${target.id}`;
    if (targets.has(name)) throw new DomainError('effect-target-repeated', { index });
    targets.add(name);
  }
}

function belongsTo(matter: MatterId, definition: EffectDefinition): boolean {
  if (definition.matter === undefined) return !hasOwnEffect(matter);
  return definition.matter === 'any' || definition.matter === matter;
}

/** The effects as they are voted on. */
export function pinEffects(effects: Effects, context: EffectContext): Promise<EffectInput[]> {
  return Promise.all(
    effects.map((effect) => definitionOf(effect).pin?.(effect, context) ?? Promise.resolve(effect)),
  );
}

/** @throws {DomainError} `effect-invalid` or the error of the effect's own */
export async function validateEffects(
  effects: Effects,
  context: EffectContext,
  moment: Moment,
): Promise<void> {
  for (const [index, effect] of effects.entries()) {
    const problem = await definitionOf(effect).validate(effect, context, moment);
    if (problem instanceof DomainError) throw problem;
    if (problem !== undefined) throw new DomainError('effect-invalid', { index, reason: problem });
  }
}

function targetsOf(effects: Effects): Target[] {
  return effects
    .map((effect) => definitionOf(effect).target(effect))
    .filter((target) => target !== undefined);
}

/**
 * Claims the targets for an open resolution.
 *
 * @throws {DomainError} `target-claimed`
 */
export async function claimTargets(effects: Effects, { call, resolutionId }: EffectContext): Promise<void> {
  for (const { kind, id } of targetsOf(effects)) {
    const claimed = await call.ledger.get(claim(kind, id));
    if (claimed) throw new DomainError('target-claimed', { resolutionId: claimed.resolutionId });
    await call.ledger.put(claim(kind, id), { resolutionId });
  }
}

/** Releases them, whatever the outcome. */
export async function releaseTargets(effects: Effects, { call }: EffectContext): Promise<void> {
  for (const { kind, id } of targetsOf(effects)) await call.ledger.delete(claim(kind, id));
}

/**
 * Carries out each effect of an adopted resolution and records what became of it. One that can't be carried out any more
 * is recorded as failed; the resolution stays adopted.
 */
export async function adoptEffects(effects: Effects, context: EffectContext): Promise<EffectResult[]> {
  const { call, resolutionId } = context;
  const results: EffectResult[] = [];
  for (const [index, effect] of effects.entries()) {
    const definition = definitionOf(effect);
    const { kind } = definition;
    const problem = await definition.validate(effect, context, 'adopted');
    const became =
      problem === undefined
        ? await definition.adopted(effect, context)
        : {
            effective: definition.effective,
            failed: problem instanceof DomainError ? problem.code : problem,
          };
    const result = { index, kind, decidedAt: call.at, ...became };
    await call.ledger.put(effectKey(resolutionId, index), result);
    tellEffect(context, result);
    results.push(result);
  }
  return results;
}

/** Tells what became of an effect, once that is known. */
export function tellEffect({ call, resolutionId }: EffectContext, result: EffectResult): void {
  const { index, kind, failed } = result;
  if (failed !== undefined) call.tell('effect.failed', resolutionId, { index, kind, reason: failed });
  else if (result.executed) call.tell('effect.executed', resolutionId, { index, kind });
}

export async function rejectEffects(effects: Effects, context: EffectContext): Promise<void> {
  for (const effect of effects) await definitionOf(effect).rejected?.(effect, context);
}
