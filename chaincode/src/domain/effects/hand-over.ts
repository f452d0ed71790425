import { recorded } from '../call';
import { getResource, whyNotLeftBehind } from '../held/left-behind';
import { membership } from '../members/status';
import { findMember } from '../register/register';
import type { EffectDefinition } from './effect';

/** Hands what a member that has left still holds over to another member. */
export const handOver: EffectDefinition<'hand-over'> = {
  kind: 'hand-over',
  matter: 'left-behind',
  effective: 'at-once',
  target: ({ resource, id }) => ({ kind: resource, id }),

  validate: async ({ memberId, ...reference }, { call, today }) => {
    const reason = await whyNotLeftBehind(call, reference, today);
    if (reason !== undefined) return reason;
    const successor = await findMember(call, memberId);
    // Only a peer on the network can endorse what its member declares from then on.
    return successor?.joined && membership(successor, today) === 'member'
      ? undefined
      : 'successor-is-no-member';
  },

  adopted: async ({ memberId, ...reference }, { call, bylaws, resolutionId }) => {
    const resource = await getResource(call, reference);
    await resource.handOver(bylaws, memberId, resolutionId);
    return { effective: 'at-once', effectiveAt: call.at, executed: recorded(call) };
  },
};
