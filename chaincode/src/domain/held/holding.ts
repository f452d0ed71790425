/** Who holds a resource, since when, on whose decision: what is recorded of it under the channel's policy. */
import { z } from 'zod';
import { Id, MemberId, Recorded } from '../primitives';

/** Kinds of resources that one member holds at a time: it leads, operates or offers them. */
export const HELD_RESOURCES = ['project', 'site', 'node', 'service'] as const;
export type HeldResource = (typeof HELD_RESOURCES)[number];

/** By a decision of the cooperative: a resolution, or the board where it may decide alone. */
const Decided = z.object({ resolutionId: Id.optional(), recorded: Recorded });

export const Holder = z
  .object({
    memberId: MemberId,
    resolutionId: Id.optional().meta({ description: 'The resolution that handed it over, if one did' }),
    recorded: Recorded,
  })
  .meta({ description: 'Who holds it, from when on' });
export type Holder = z.infer<typeof Holder>;

/**
 * Everything that is decided over a resource beside its holder's own declarations: they are the holder's alone to write,
 * and stay as they are when it has left.
 */
export const Holding = z.object({
  holders: z.array(Holder).min(1).meta({ description: 'The last one holds it now' }),
  approved: Decided.optional(),
  rejected: Decided.optional(),
  woundUp: Decided.optional(),
});
export type Holding = z.infer<typeof Holding>;

export function holderOf({ holders }: Holding): Holder {
  const holder = holders.at(-1);
  if (!holder) throw new Error('a resource without a holder');
  return holder;
}
