import { X509Certificate } from 'node:crypto';
import {
  publicOrganization,
  renewOrganization,
  rootFingerprints,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { z } from 'zod';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';
import { certificatesOf, firstExpiry } from '../home/expiry.js';
import type { Home } from '../home/home.js';
import {
  broughtMaterial,
  organizationFolder,
  organizationRequest,
  type LocalOrganization,
} from '../home/organizations.js';
import { exchange, markApplied, prepareExchange, unfinishedExchange } from '../home/renewal.js';
import { UserError } from '../user-error.js';

/** Changes a member over to new certificates of the same authorities. Run again, it finishes what was interrupted. */
export const renewCertificatesOperation = defineOperation({
  arguments: z.strictObject({ member: z.string() }),
  run: (consortium: Consortium, { member: memberId }, progress) =>
    consortium.change(progress, () => renewCertificates(consortium.organization(memberId), consortium)),
});

/** The certificates that an organization here changes over to next: those of an interrupted renewal, or new ones. */
export async function nextCertificates(
  organization: LocalOrganization,
  consortium: Consortium,
): Promise<OrganizationMaterial> {
  const { id, msp } = organization.member;
  const folder = organizationFolder(consortium.home, id);
  const unfinished = await unfinishedExchange(folder);
  if (unfinished) {
    consortium.step(`certificates of ${id} as they were issued before it was interrupted`);
    return unfinished;
  }
  const next = await nextMaterial(consortium.home, organization);
  await prepareExchange(folder, next);
  consortium.step(`certificates of ${id} ${msp === undefined ? 'issued' : 'taken from its folder'}`);
  return next;
}

/** Changes an organization here over to its next certificates. */
export async function renewCertificates(organization: LocalOrganization, consortium: Consortium) {
  const { id } = organization.member;
  const folder = organizationFolder(consortium.home, id);
  const before = firstExpiry(organization.material).toISOString();
  const next = await nextCertificates(organization, consortium);
  const { organizations } = await consortium.engine.configuration();
  const adopt = () => {
    exchange(folder);
    organization.material = next;
  };
  if (organizations.has(next.mspId))
    await consortium.engine.renew(organization, {
      next,
      adopt,
      whileHeld: (work) => consortium.gatewaysHere.whileHeld(organization, work),
      whileAllHeld: (work) => consortium.gatewaysHere.whileAllHeld(work),
    });
  else adopt();
  markApplied(folder);
  return {
    member: id,
    mspId: next.mspId,
    /** RFC 3339: when the first of its certificates would have expired, and when it will now. */
    before,
    firstExpiry: firstExpiry(next).toISOString(),
  };
}

async function nextMaterial(
  home: Home,
  { member, material }: LocalOrganization,
): Promise<OrganizationMaterial> {
  if (member.msp === undefined) {
    if (material.ca.privateKey === undefined)
      throw new UserError(
        `${member.id} has certificates of an authority of its own: name the folder with the new ones as msp in the consortium file, and restart`,
      );
    return renewOrganization(organizationRequest(member), material);
  }
  const next = broughtMaterial(home, member, member.msp);
  const roots = (each: OrganizationMaterial) => JSON.stringify(rootFingerprints(publicOrganization(each)));
  if (roots(next) !== roots(material))
    throw new UserError(
      `${member.msp}: the certificates come from other roots than those that ${member.id} was admitted with`,
    );
  if (serialNumbers(next).every((serial) => serialNumbers(material).includes(serial)))
    throw new UserError(
      `${member.msp}: holds the certificates in use; umlauf csr ${member.id} makes requests for new ones`,
    );
  return next;
}

function serialNumbers(material: OrganizationMaterial): string[] {
  return Object.values(certificatesOf(material)).map(
    ({ certificate }) => new X509Certificate(certificate).serialNumber,
  );
}
