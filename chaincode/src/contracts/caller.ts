/** Who calls, from the certificate that signed the proposal: MSP id and role, nothing else. */
import { X509Certificate } from 'node:crypto';
import type { Caller } from '../domain/call';
import { DomainError } from '../domain/errors';
import { ROLES, type Role } from '../domain/primitives';

/** The attribute of a certificate that Fabric's own certificate authority can issue (OID 1.2.3.4.5.6.7.8.1). */
export const ROLE_ATTRIBUTE = 'umlauf.role';

const isRole = (value: string): value is Role => (ROLES as readonly string[]).includes(value);

/** The organizational units of a certificate's subject (many public authorities issue no attributes of one's own). */
function organizationalUnits(certificate: string): string[] {
  const { subject } = new X509Certificate(certificate).toLegacyObject();
  const units: unknown = (subject as unknown as Record<string, unknown> | undefined)?.OU;
  return (Array.isArray(units) ? units : [units]).filter((unit) => typeof unit === 'string');
}

/** Parsing a certificate costs more than a vote's rules, and the same few offices call again and again. */
const REMEMBERED_CERTIFICATES = 500;
const unitsByCertificate = new Map<string, readonly string[]>();

/** A pure function of the certificate's bytes, so what is remembered differs between peers in time only. */
function rememberedUnits(certificate: string): readonly string[] {
  const known = unitsByCertificate.get(certificate);
  if (known) return known;
  const units = organizationalUnits(certificate);
  const [oldest] = unitsByCertificate.keys();
  if (unitsByCertificate.size >= REMEMBERED_CERTIFICATES && oldest !== undefined)
    unitsByCertificate.delete(oldest);
  unitsByCertificate.set(certificate, units);
  return units;
}

/**
 * @param attribute value of {@link ROLE_ATTRIBUTE}, where the certificate has it.
 * @throws {DomainError} `ambiguous-role` for a certificate that carries more than one role.
 */
export function callerOf(mspId: string, attribute: string | null, certificate: string): Caller {
  const roles = new Set(
    [...(attribute === null ? [] : [attribute]), ...rememberedUnits(certificate)].filter(isRole),
  );
  if (roles.size > 1) throw new DomainError('ambiguous-role');
  const [role] = roles;
  return role === undefined ? { mspId } : { mspId, role };
}
