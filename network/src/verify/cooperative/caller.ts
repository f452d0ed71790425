/** Who created a transaction: organization and office, from the certificate that signed it. */
import type { Role } from 'umlauf-chaincode/api';
import type { Identity } from 'umlauf-channel';
import { roleOf } from '../../role.js';

/** Without a role where the certificate carries none, or more than one. */
export function callerOf({ mspId, certificate }: Identity): { mspId: string; role?: Role } {
  const role = roleOf(certificate.raw);
  return role === undefined ? { mspId } : { mspId, role };
}
