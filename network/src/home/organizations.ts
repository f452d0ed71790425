/** Each organization's own part: its keys and certificates, in a folder of its own. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import {
  createOrganization,
  publicOrganization,
  readOrganization,
  rootFingerprints,
  writeOrganization,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { ROLES, type MemberIdentity } from 'umlauf-chaincode/api';
import type { ListedMember } from '../consortium/schema.js';
import type { Home } from './home.js';

/** A listed member with the keys of its organization. */
export interface LocalOrganization {
  readonly member: ListedMember;
  readonly material: OrganizationMaterial;
}

/**
 * Reads the keys of each listed member's organization, making those that are missing. Users are offices, never
 * persons: `CN=<role>.<memberId>`, with the role as certificate attribute `umlauf.role`.
 */
export function openOrganizations(
  home: Home,
  members: readonly ListedMember[],
): Promise<LocalOrganization[]> {
  return Promise.all(
    members.map(async (member) => {
      const folder = home.path('organizations', member.id);
      if (!existsSync(folder)) {
        const unfinished = `${folder}.unfinished`;
        rmSync(unfinished, { recursive: true, force: true });
        await writeOrganization(unfinished, await issue(member));
        renameSync(unfinished, folder);
      }
      return { member, material: await readOrganization(folder) };
    }),
  );
}

function issue(member: ListedMember): Promise<OrganizationMaterial> {
  return createOrganization({
    mspId: member.mspId,
    domain: `${member.id}.umlauf.example`,
    hosts: [member.host],
    users: ROLES.map((role) => ({
      name: role,
      commonName: `${role}.${member.id}`,
      organizationalUnits: [],
      attributes: { 'umlauf.role': role },
    })),
  });
}

/** What the register keeps of an organization: the fields that a foundation or an application names. */
export function memberIdentity({ member, material }: LocalOrganization): MemberIdentity {
  const { id, legalName, levels, category, office, operator, mspId } = member;
  return {
    id,
    legalName,
    levels: [...levels],
    category,
    mspId,
    mspFingerprints: rootFingerprints(publicOrganization(material)),
    office,
    ...(operator === undefined ? {} : { operator }),
  };
}
