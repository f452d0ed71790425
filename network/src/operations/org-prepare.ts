import {
  proposeChange,
  publicOrganization,
  type ChannelConfig,
  type OrganizationChange,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { z } from 'zod';
import { checkChange } from '../channel-changes/check.js';
import { describeChange } from '../channel-changes/describe.js';
import { membersElsewhere } from '../consortium/load.js';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';
import { consenterCertificates } from '../engines/channel-profile.js';
import { readOrganizationFile } from '../home/organization-file.js';
import { UserError } from '../user-error.js';
import { nextCertificates } from './cert-renew.js';

const Arguments = z.strictObject({
  kind: z.enum(['add', 'add-orderer', 'renew-orderer', 'remove']),
  member: z.string(),
  force: z.boolean(),
});

/** Makes the update of the channel's configuration that others are to sign; nothing is changed yet. */
export const prepareUpdateOperation = defineOperation({
  arguments: Arguments,
  run: (consortium: Consortium, { kind, member, force }, progress) =>
    consortium.change(progress, async () => {
      const facts = await consortium.membership.facts();
      checkPlace(kind, member, await consortium.membership.mspIdOf(member), facts.channel);
      const change = await changeOf(kind, member, consortium, facts.channel);
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
  memberId: string,
  mspId: string,
  { organizations, ordererOrganizations }: ChannelConfig,
): void {
  if (kind === 'add' && organizations.has(mspId))
    throw new UserError(
      `${mspId} is on the channel already; umlauf org add ${memberId} finishes what is missing`,
    );
  if (kind !== 'add' && !organizations.has(mspId)) throw new UserError(`${mspId} is not on the channel`);
  if (kind === 'add-orderer' && ordererOrganizations.has(mspId))
    throw new UserError(`${mspId} orders already`);
  if (kind === 'renew-orderer' && !ordererOrganizations.has(mspId))
    throw new UserError(
      `${mspId} orders nothing: its certificates need nobody's signature; umlauf cert renew ${memberId}`,
    );
}

/**
 * Whoever comes is known by its keys here, or by what its machine exported; for a place among the consenters its orderer
 * must follow the channel first, which only its own machine can see to, as it alone makes new certificates. Whoever leaves
 * need not be known.
 */
async function changeOf(
  kind: Kind,
  memberId: string,
  consortium: Consortium,
  channel: ChannelConfig,
): Promise<OrganizationChange> {
  if (kind === 'remove') return { kind, mspId: await consortium.membership.mspIdOf(memberId) };
  const elsewhere = membersElsewhere(consortium.description).find(({ id }) => id === memberId);
  if (elsewhere && kind === 'add') {
    const { orderer: _, ...organization } = readOrganizationFile(elsewhere);
    return { kind, mspId: elsewhere.mspId, organization };
  }
  const organization = consortium.organization(memberId);
  const { mspId } = organization.member;
  if (kind === 'renew-orderer') return renewalOf(await nextCertificates(organization, consortium), channel);
  const { orderer, ...part } = await consortium.engine.publicPart(organization, kind === 'add-orderer');
  if (kind === 'add') return { kind, mspId, organization: part };
  if (!orderer) throw new UserError(`${mspId} has no orderer here`);
  return { kind, mspId, organization: { ...part, orderer } };
}

/** The consenter as it is, with the certificates that are to come. */
function renewalOf(next: OrganizationMaterial, { consenters }: ChannelConfig): OrganizationChange {
  const { mspId } = next;
  const consenter = consenters.find((each) => each.mspId === mspId);
  if (!consenter) throw new UserError(`${mspId} has no place among the consenters`);
  const orderer = { host: consenter.host, port: consenter.port, ...consenterCertificates(next) };
  return { kind: 'renew-orderer', mspId, organization: { ...publicOrganization(next), orderer } };
}
