import { proposeChange, type OrganizationChange } from 'umlauf-channel';
import { z } from 'zod';
import { checkChange } from '../channel-changes/check.js';
import { describeChange } from '../channel-changes/describe.js';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';
import type { LocalOrganization } from '../home/organizations.js';
import { UserError } from '../user-error.js';

const Arguments = z.strictObject({
  kind: z.enum(['add', 'add-orderer', 'remove']),
  member: z.string(),
  force: z.boolean(),
});

/** Makes the update of the channel's configuration that others are to sign; nothing is changed yet. */
export const prepareUpdateOperation = defineOperation({
  arguments: Arguments,
  run: (consortium: Consortium, { kind, member, force }, progress) =>
    consortium.change(progress, async () => {
      const organization = consortium.organization(member);
      const facts = await consortium.facts();
      checkPlace(kind, organization, facts.channel);
      const change = await changeOf(kind, organization, consortium);
      const checked = checkChange(change, facts, { force });
      return {
        channel: facts.channel.channelId,
        summary: describeChange(checked, facts.channel),
        update: Buffer.from(proposeChange(facts.channel, change)).toString('base64'),
      };
    }),
});

type Kind = OrganizationChange['kind'];

function checkPlace(
  kind: Kind,
  { member: { id, mspId } }: LocalOrganization,
  { organizations, ordererOrganizations }: Awaited<ReturnType<Consortium['facts']>>['channel'],
): void {
  if (kind === 'add' && organizations.has(mspId))
    throw new UserError(`${mspId} is on the channel already; umlauf org add ${id} finishes what is missing`);
  if (kind !== 'add' && !organizations.has(mspId)) throw new UserError(`${mspId} is not on the channel`);
  if (kind === 'add-orderer' && ordererOrganizations.has(mspId))
    throw new UserError(`${mspId} orders already`);
}

async function changeOf(
  kind: Kind,
  organization: LocalOrganization,
  { engine }: Consortium,
): Promise<OrganizationChange> {
  const { mspId } = organization.member;
  if (kind === 'remove') return { kind, mspId };
  const { orderer, ...part } = await engine.publicPart(organization, kind === 'add-orderer');
  if (kind === 'add') return { kind, mspId, organization: part };
  if (!orderer) throw new UserError(`${mspId} has no orderer here`);
  return { kind, mspId, organization: { ...part, orderer } };
}
