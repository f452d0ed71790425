import type { CertificateRequest, ValidityPeriod } from './certificate-request.js';
import type { Authority, KeyPair } from './key-pair.js';
import type { OpenAuthority } from './x509.js';

/** Makes a root certificate authority with a key of its own. */
export async function createAuthority(
  commonName: string,
  organization: string,
  validity: ValidityPeriod,
): Promise<KeyPair> {
  return (await x509()).createAuthority(commonName, organization, validity);
}

/**
 * Reads an authority, to issue several certificates from it.
 * @throws AuthorityKeyError if its key isn't here
 */
export async function openAuthority(authority: Authority): Promise<OpenAuthority> {
  return (await x509()).openAuthority(authority);
}

/**
 * Issues a certificate for a fresh key from an authority. The signature is low-S, as Fabric wants it
 * (msp/cert.go): about half of what OpenSSL or WebCrypto sign is not.
 */
export async function issueCertificate(
  authority: Authority | OpenAuthority,
  request: CertificateRequest,
): Promise<KeyPair> {
  return (await x509()).issueCertificate(authority, request);
}

/** Loaded when the first certificate is issued: a network that has its certificates starts faster without. */
const x509 = () => import('./x509.js');
