import { recorded } from '../call';
import { getResource, whyNotLeftBehind } from '../held/left-behind';
import type { EffectDefinition } from './effect';

/** Ends what a member that has left still holds. */
export const windUp: EffectDefinition<'wind-up'> = {
  kind: 'wind-up',
  matter: 'left-behind',
  effective: 'at-once',
  target: ({ resource, id }) => ({ kind: resource, id }),
  validate: (reference, { call, today }) => whyNotLeftBehind(call, reference, today),

  adopted: async (reference, { call, resolutionId }) => {
    await (await getResource(call, reference)).windUp(resolutionId);
    return { effective: 'at-once', effectiveAt: call.at, executed: recorded(call) };
  },
};
