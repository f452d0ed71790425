import { z } from 'zod';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';

const Arguments = z.strictObject({
  member: z.string(),
  /** Although it is on the roll of an open resolution. */
  force: z.boolean(),
});

/** Takes a former member's organization off the channel, its place among the consenters included. */
export const removeOrganizationOperation = defineOperation({
  arguments: Arguments,
  run: (consortium: Consortium, { member, force }, progress) =>
    consortium.change(progress, async () => {
      const mspId = await consortium.membership.mspIdOf(member);
      return { member, mspId, ...(await consortium.membership.takeOut(mspId, force)) };
    }),
});
