/** Whether certificates that an organization brings will do, before a node is started with them. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { mspConfig } from '../profile/organization-groups.js';
import type { NodeUnit, PublicOrganization } from '../certificates/organization.js';
import {
  EKU_ANY,
  EKU_CLIENT_AUTH,
  EKU_SERVER_AUTH,
  extendedKeyUsages,
  isP256,
  parseCertificate,
  type MspCertificate,
} from './certificate.js';
import { buildChain } from './chain.js';
import { IdentityError } from './identity.js';
import { Msp, MspConfigError, readAuthority } from './msp.js';

/** The certificate as such: readable, for a key that can be used, valid now. Its PEM may go on with its chain. */
function objectionToAny(pem: string, at: Date): { certificate?: MspCertificate; objection?: string } {
  let certificate: MspCertificate | undefined;
  try {
    certificate = parseCertificate(pem);
  } catch {
    return { objection: 'holds no certificate that can be read' };
  }
  if (!certificate) return { objection: 'holds no certificate in PEM form' };
  const { publicKey, notBefore, notAfter, x509 } = certificate;
  if (!isP256(publicKey)) return { certificate, objection: 'its key is not ECDSA on P-256' };
  if (at < notBefore) return { certificate, objection: `is not valid before ${notBefore.toISOString()}` };
  if (at > notAfter) return { certificate, objection: `expired on ${notAfter.toISOString()}` };
  if (x509.ca) return { certificate, objection: 'is that of a certificate authority' };
  return { certificate };
}

/**
 * Why the roots and intermediate authorities of an organization won't do, in Fabric's words; undefined if they will.
 */
export function objectionToAuthorities(organization: PublicOrganization): string | undefined {
  try {
    Msp.fromConfig(mspConfig(organization));
    return undefined;
  } catch (error) {
    if (error instanceof MspConfigError) return error.message;
    throw error;
  }
}

/**
 * Why a certificate (PEM) won't do as an identity of this kind in an organization whose authorities are sound.
 * @returns undefined if it will
 */
export function objectionToIdentity(
  organization: PublicOrganization,
  pem: string,
  unit: NodeUnit,
  at: Date,
): string | undefined {
  const { certificate, objection } = objectionToAny(pem, at);
  if (objection !== undefined || !certificate) return objection;
  try {
    Msp.fromConfig(mspConfig(organization)).validate(pem);
  } catch (error) {
    if (error instanceof IdentityError) return error.message;
    throw error;
  }
  return certificate.organizationalUnits.includes(unit)
    ? undefined
    : `its subject has the units ${certificate.organizationalUnits.join(', ')}; ${unit} is needed`;
}

/**
 * Why a certificate (PEM) won't do for TLS at these names.
 * @returns undefined if it will
 */
export function objectionToTls(
  organization: PublicOrganization,
  pem: string,
  hosts: readonly string[],
  at: Date,
): string | undefined {
  const { certificate, objection } = objectionToAny(pem, at);
  if (objection !== undefined || !certificate) return objection;
  const found = buildChain(certificate, {
    roots: organization.tlsCaCertificates.map((root) => readAuthority(organization.mspId, root)),
    intermediates: (organization.tlsIntermediateCertificates ?? []).map((each) =>
      readAuthority(organization.mspId, each),
    ),
  });
  if ('failure' in found) return found.failure;
  const usages = extendedKeyUsages(certificate.der);
  // Orderers know each other by their TLS certificates, in both directions.
  for (const [usage, name] of [
    [EKU_SERVER_AUTH, 'server'],
    [EKU_CLIENT_AUTH, 'client'],
  ] as const)
    if (usages.length > 0 && !usages.includes(usage) && !usages.includes(EKU_ANY))
      return `its extended key usage does not allow the use as ${name}`;
  const missing = hosts.filter((host) => !standsFor(certificate.x509, host));
  return missing.length > 0 ? `its subject alternative names lack ${missing.join(', ')}` : undefined;
}

function standsFor(certificate: X509Certificate, host: string): boolean {
  const found = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host, { subject: 'never' });
  return found !== undefined;
}
