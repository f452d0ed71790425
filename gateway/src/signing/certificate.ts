/** Whose certificate may sign an act at this gateway: one of its own organization, valid, of one office. */
import { X509Certificate } from 'node:crypto';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type { ChannelConfig } from '../fabric/channel-config.js';
import { ProblemError } from '../problem.js';

/** Where Fabric's own certificate authority puts attributes into a certificate, as JSON. */
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const ROLE_ATTRIBUTE = 'umlauf.role';

/** A certificate that may sign. */
export interface SigningCertificate {
  readonly certificate: X509Certificate;
  /** Its office. */
  readonly role: Role;
}

const refused = (reason: string, cause?: unknown): ProblemError =>
  new ProblemError('certificate-not-accepted', { reason }, { cause });

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw refused('it is no certificate in PEM', error);
  }
}

/** The attributes of a certificate, where it has any. */
async function attributesOf({ raw }: X509Certificate): Promise<Readonly<Record<string, unknown>>> {
  // Only few certificates come from elsewhere: no gateway that never meets one loads the parser.
  await import('reflect-metadata');
  const { X509Certificate: Parsed } = await import('@peculiar/x509');
  const extension = new Parsed(raw).getExtension(ATTRIBUTES_OID);
  if (!extension) return {};
  try {
    const { attrs } = JSON.parse(Buffer.from(extension.value).toString('utf8')) as { attrs?: object };
    return { ...attrs };
  } catch (error) {
    throw refused('its attributes cannot be read', error);
  }
}

/** The offices that a certificate names: as attribute, or as organizational unit where its authority issues no attributes. */
async function rolesOf(certificate: X509Certificate): Promise<Role[]> {
  const { OU } = certificate.toLegacyObject().subject as unknown as { OU?: string | string[] };
  const named: readonly unknown[] = [(await attributesOf(certificate))[ROLE_ATTRIBUTE], OU].flat();
  return ROLES.filter((role) => named.includes(role));
}

/**
 * Checks a certificate. Whether it was revoked the peers check, who have the lists.
 * @param pem From the request, or from what was signed.
 * @throws {ProblemError} `certificate-not-accepted`, `ambiguous-role`.
 */
export async function signingCertificate(
  pem: string,
  mspId: string,
  { authorities }: Pick<ChannelConfig, 'authorities'>,
  now: Date,
): Promise<SigningCertificate> {
  const certificate = parsed(pem);
  const issued = (authorities.get(mspId) ?? []).some((authority) => {
    const issuer = new X509Certificate(authority);
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  });
  if (!issued || certificate.ca) throw refused(`it was not issued by the authorities of ${mspId}`);
  if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refused('its key is not on P-256');
  if (new Date(certificate.validFrom) > now) throw refused('it is not valid yet');
  if (new Date(certificate.validTo) < now) throw refused('it has expired');
  const [role, another] = await rolesOf(certificate);
  if (another) throw new ProblemError('ambiguous-role');
  if (!role) throw refused('it carries no office');
  return { certificate, role };
}
