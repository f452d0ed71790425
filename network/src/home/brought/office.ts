import { X509Certificate } from 'node:crypto';
import { readCommonName } from 'umlauf-channel';
import { roleOf } from '../../role.js';
import type { Subject } from './subjects.js';

/**
 * Why a user's or administrator's certificate (PEM) doesn't name the office that it is for; undefined if it does. What
 * names a person must not get on the ledger, where it could never be erased.
 */
export function officeObjection({ commonName, office, unit }: Subject, pem: string): string | undefined {
  const certificate = new X509Certificate(pem);
  if (unit !== 'admin' && unit !== 'client') return undefined;
  const found = readCommonName(certificate.raw);
  if (found !== commonName) return `its subject must be the office CN=${commonName}, it is CN=${found ?? ''}`;
  if (office === undefined || roleOf(certificate.raw) === office) return undefined;
  return `it must carry the office ${office} and no other, as attribute umlauf.role or as organizational unit`;
}
