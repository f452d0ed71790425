import type { MatterId } from '../matters';
import { admit } from './admit';
import { amendBylaws } from './amend-bylaws';
import { announce } from './announce';
import type { EffectDefinition } from './effect';
import { exclude } from './exclude';
import { foundProject } from './found-project';
import { handOver } from './hand-over';
import type { EffectInput, EffectKind } from './input';
import { recordOnly } from './record-only';
import { windUp } from './wind-up';

/** Every kind of effect by its name. */
const EFFECTS: { readonly [K in EffectKind]: EffectDefinition<K> } = {
  admit,
  exclude,
  'amend-bylaws': amendBylaws,
  'found-project': foundProject,
  announce,
  'hand-over': handOver,
  'wind-up': windUp,
  'record-only': recordOnly,
};

/** The definition of an effect's kind, as one that takes the effect. */
export function definitionOf(effect: EffectInput): EffectDefinition {
  return EFFECTS[effect.kind] as unknown as EffectDefinition;
}

/** Whether a matter has an effect of its own: then a mere record would decide without doing. */
export function hasOwnEffect(matter: MatterId): boolean {
  return Object.values(EFFECTS).some((definition) => definition.matter === matter);
}
