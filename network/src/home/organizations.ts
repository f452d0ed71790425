/** Each organization's own part: its keys and certificates, in a folder of its own. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import {
  createOrganization,
  publicOrganization,
  readOrganization,
  rootFingerprints,
  writeOrganization,
  type OrganizationMaterial,
  type OrganizationRequest,
  type PublicOrganization,
} from 'umlauf-channel';
import { ROLES, type MemberIdentity } from 'umlauf-chaincode/api';
import type { ListedMember } from '../consortium/schema.js';
import { ROLE_ATTRIBUTE } from '../role.js';
import { UserError } from '../user-error.js';
import { readBroughtOrganization } from './brought/folder.js';
import { keysOf } from './brought/requests.js';
import type { Home } from './home.js';
import { finishExchange } from './renewal.js';

/** A listed member with the keys of its organization. */
export interface LocalOrganization {
  readonly member: ListedMember;
  /** Replaced when its certificates are renewed: to be read when it is used. */
  material: OrganizationMaterial;
}

/**
 * Reads the keys of each listed member's organization. Those that are missing are made, or taken from the folder that
 * the member brings.
 * @param waits told of an applicant that brings certificates of its own which aren't there yet, or won't do: it is left
 *   out until the next start
 * @throws UserError if a founder's won't do
 */
export async function openOrganizations(
  home: Home,
  members: readonly ListedMember[],
  waits: (text: string) => void,
): Promise<LocalOrganization[]> {
  const opened = await Promise.all(
    members.map(async (member) => {
      try {
        return await openOrganization(home, member);
      } catch (error) {
        if (!(error instanceof UserError) || member.start === 'founding') throw error;
        waits(`${member.id} cannot apply or join before the next start: ${error.message}`);
        return undefined;
      }
    }),
  );
  return opened.filter((organization) => organization !== undefined);
}

async function openOrganization(home: Home, member: ListedMember): Promise<LocalOrganization> {
  const folder = organizationFolder(home, member.id);
  finishExchange(folder);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await writeOrganization(unfinished, await firstMaterial(home, member));
    renameSync(unfinished, folder);
  }
  return { member, material: await readOrganization(folder) };
}

/** Where a home keeps a member's keys and certificates. */
export function organizationFolder(home: Pick<Home, 'path'>, memberId: string): string {
  return home.path('organizations', memberId);
}

function firstMaterial(home: Home, member: ListedMember): Promise<OrganizationMaterial> {
  return member.msp === undefined
    ? createOrganization(organizationRequest(member))
    : Promise.resolve(broughtMaterial(home, member, member.msp));
}

/**
 * What a member that brings its own certificates has in its folder.
 * @throws UserError with everything that is wrong with them
 */
export function broughtMaterial(
  home: Pick<Home, 'path'>,
  member: ListedMember,
  folder: string,
): OrganizationMaterial {
  return readBroughtOrganization(folder, member, domainOf(member), keysOf(home, member.id));
}

function domainOf({ id }: ListedMember): string {
  return `${id}.umlauf.example`;
}

/**
 * What this project issues for a member that brings nothing. Users are offices, never persons: `CN=<role>.<memberId>`,
 * with the role as certificate attribute `umlauf.role`.
 */
export function organizationRequest(member: ListedMember): OrganizationRequest {
  return {
    mspId: member.mspId,
    domain: domainOf(member),
    hosts: [member.host],
    users: ROLES.map((role) => ({
      name: role,
      commonName: `${role}.${member.id}`,
      organizationalUnits: [],
      attributes: { [ROLE_ATTRIBUTE]: role },
    })),
  };
}

/** What the register keeps of an organization: the fields that a foundation or an application names. */
export function memberIdentity({ member, material }: LocalOrganization): MemberIdentity {
  return identityOf(member, publicOrganization(material));
}

/** The same of one that is known by what it shows to others. */
export function identityOf(member: ListedMember, organization: PublicOrganization): MemberIdentity {
  const { id, legalName, levels, category, office, operator, mspId } = member;
  return {
    id,
    legalName,
    levels: [...levels],
    category,
    mspId,
    mspFingerprints: rootFingerprints(organization),
    office,
    ...(operator === undefined ? {} : { operator }),
  };
}
