/** Who created a transaction: organization and office, from the certificate that signed it. */
import { ROLES, type Role } from 'umlauf-chaincode/api';
import { readAttributes, readOrganizationalUnits, type Identity } from 'umlauf-channel';

const ROLE_ATTRIBUTE = 'umlauf.role';

/** Without a role where the certificate carries none, or more than one. */
export function callerOf({ mspId, certificate }: Identity): { mspId: string; role?: Role } {
  const attribute = readAttributes(certificate.raw)[ROLE_ATTRIBUTE];
  const named = [
    ...(attribute === undefined ? [] : [attribute]),
    ...readOrganizationalUnits(certificate.raw),
  ];
  const roles = ROLES.filter((role) => named.includes(role));
  const [role] = roles;
  return role === undefined || roles.length > 1 ? { mspId } : { mspId, role };
}
