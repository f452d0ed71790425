import { z } from 'zod';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';

const Arguments = z.strictObject({
  member: z.string(),
  /** Give it a place among the consenters too. */
  orderer: z.boolean(),
});

/** Brings an admitted member's organization onto the channel, on request also among the consenters. */
export const addOrganizationOperation = defineOperation({
  arguments: Arguments,
  run: (consortium: Consortium, { member, orderer }, progress) =>
    consortium.change(progress, async () => {
      const organization = consortium.organization(member);
      const { mspId } = organization.member;
      const joined = await consortium.membership.bringIn(organization);
      const { ordererOrganizations } = await consortium.engine.configuration();
      const becomesOrderer = orderer && !ordererOrganizations.has(mspId);
      if (orderer) {
        await consortium.engine.addOrderer(organization);
        await consortium.infrastructure.declareOrderer(consortium.gateway(member), organization);
      }
      const { organizations, consenters } = await consortium.engine.configuration();
      return {
        member,
        mspId,
        /** Whether anything of its joining was missing. */
        joined,
        /** Whether its place among the consenters is new. */
        becomesOrderer,
        members: organizations.size,
        consenters: consenters.length,
        url: consortium.gateway(member).url,
      };
    }),
});
