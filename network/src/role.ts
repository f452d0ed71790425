import { ROLES, type Role } from 'umlauf-chaincode/api';
import { readAttributes, readOrganizationalUnits } from 'umlauf-channel';

/** The certificate attribute that carries a role. */
export const ROLE_ATTRIBUTE = 'umlauf.role';

/**
 * The office that a certificate (DER) carries, as the contracts read it: by attribute, else by an organizational unit of
 * that name.
 * @returns undefined where it carries none, or more than one
 */
export function roleOf(certificate: Uint8Array): Role | undefined {
  const attribute = readAttributes(certificate)[ROLE_ATTRIBUTE];
  const named = [...(attribute === undefined ? [] : [attribute]), ...readOrganizationalUnits(certificate)];
  const roles = ROLES.filter((role) => named.includes(role));
  return roles.length > 1 ? undefined : roles[0];
}
