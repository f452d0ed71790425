import { recorded } from '../call';
import type { EffectDefinition } from './effect';

/** Nothing but the record of the decision, for matters that have no effect of their own. */
export const recordOnly: EffectDefinition<'record-only'> = {
  kind: 'record-only',
  effective: 'at-once',
  target: () => undefined,
  validate: () => Promise.resolve(undefined),
  adopted: (_input, { call }) =>
    Promise.resolve({ effective: 'at-once', effectiveAt: call.at, executed: recorded(call) }),
};
