/** The foundation: how the cooperative begins, without any client being able to define it alone or to block it. */
import { z } from 'zod';
import { Bylaws } from './bylaws';
import { MemberIdentity } from './member';
import { Instant, MemberId, MspId, Recorded, Sha256 } from './primitives';

export const FEWEST_FOUNDERS = 4;

/** Input of `submit`. Its identity is the SHA-256 of its canonical JSON. */
export const FoundationInput = z
  .strictObject({
    members: z.array(MemberIdentity).min(FEWEST_FOUNDERS, `at least ${FEWEST_FOUNDERS} founders`).max(200),
    bylaws: Bylaws,
  })
  .superRefine(({ members, bylaws }, context) => {
    const ids = members.map(({ id }) => id);
    if (new Set(ids).size < ids.length)
      context.addIssue({ code: 'custom', path: ['members'], message: 'must not repeat an id' });
    if (new Set(members.map(({ mspId }) => mspId)).size < ids.length)
      context.addIssue({ code: 'custom', path: ['members'], message: 'must not repeat an MSP id' });
    for (const [index, id] of bylaws.boardHolding.entries())
      if (!ids.includes(id))
        context.addIssue({
          code: 'custom',
          path: ['bylaws', 'boardHolding', index],
          message: 'must be a founder',
        });
  })
  .meta({ id: 'FoundationInput' });
export type FoundationInput = z.infer<typeof FoundationInput>;

export const FOUNDATION_STATUSES = ['submitted', 'held', 'superseded'] as const;

/** A submitted foundation as it is answered. */
export const Foundation = z
  .object({
    id: Sha256.meta({ description: 'SHA-256 of the canonical JSON of members and bylaws' }),
    status: z
      .enum(FOUNDATION_STATUSES)
      .meta({ description: '`held` once all founders have confirmed it; for good' }),
    ...FoundationInput.shape,
    submitted: Recorded,
    confirmations: z.array(z.object({ memberId: MemberId, mspId: MspId, recorded: Recorded })),
    missing: z.array(MemberId).meta({ description: 'Founders that have not confirmed it' }),
    heldAt: Instant.optional(),
  })
  .meta({ id: 'Foundation' });
export type Foundation = z.infer<typeof Foundation>;
