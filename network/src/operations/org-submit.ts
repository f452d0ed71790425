import { common } from '@hyperledger/fabric-protos';
import { recognizeChange, updateOf, type OrganizationChange } from 'umlauf-channel';
import { z } from 'zod';
import { checkChange } from '../channel-changes/check.js';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';
import { renewCertificates } from './cert-renew.js';

const Arguments = z.strictObject({
  /** A serialized `common.Envelope` of type CONFIG_UPDATE. */
  envelope: z.base64(),
  force: z.boolean(),
});

/** Sends a signed update, waits until it is in force, and has the organization's part here follow it. */
export const submitUpdateOperation = defineOperation({
  arguments: Arguments,
  run: (consortium: Consortium, { envelope, force }, progress) =>
    consortium.change(progress, async () => {
      const facts = await consortium.membership.facts();
      const signed = common.Envelope.deserializeBinary(Buffer.from(envelope, 'base64'));
      const change = recognizeChange(facts.channel, updateOf(signed).getConfigUpdate_asU8());
      const { unmeetable } = checkChange(change, facts, { force });
      await consortium.engine.submitUpdate(signed);
      const { sequence } = await consortium.engine.configuration();
      consortium.step(`configuration ${sequence} is in force`);
      return {
        kind: change.kind,
        mspId: change.mspId,
        sequence,
        unmeetable,
        here: await follow(change, consortium),
      };
    }),
});

/** @returns whether the organization's own part is here, and has followed */
async function follow({ kind, mspId }: OrganizationChange, consortium: Consortium): Promise<boolean> {
  const organization = consortium.organizations.find(({ member }) => member.mspId === mspId);
  if (!organization) return false;
  if (kind === 'add') await consortium.membership.bringIn(organization);
  else if (kind === 'remove') await consortium.membership.takeOut(mspId, true);
  else if (kind === 'add-orderer') await consortium.engine.addOrderer(organization);
  else await renewCertificates(organization, consortium);
  return true;
}
