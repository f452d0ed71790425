import { X509Certificate, type KeyObject } from 'node:crypto';
import { certificateFields, extensionValue, withLowS } from '../certificates/certificate-der.js';
import { certificateDer } from '../certificates/pem.js';
import { hex, sha256 } from '../encoding/bytes.js';
import { derChildren, readDer } from '../encoding/der.js';

const SUBJECT_KEY_IDENTIFIER = '0603551d0e';
const EXTENDED_KEY_USAGE = '0603551d25';
export const EKU_SERVER_AUTH = '06082b06010505070301';
export const EKU_CLIENT_AUTH = '06082b06010505070302';
export const EKU_ANY = '0604551d2500';

/** A certificate as an MSP sees it: with a low-S signature, and its names as bytes. */
export interface MspCertificate {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
  /** Low-S form. */
  readonly der: Uint8Array;
  /** SHA-256 of `der`, hexadecimal. */
  readonly id: string;
  /** The names, as hexadecimal of their DER. */
  readonly issuer: string;
  readonly subject: string;
  readonly commonName: string | undefined;
  readonly organizationalUnits: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly hasSubjectKeyIdentifier: boolean;
  /** Whether Go's default of server authentication passes (crypto/x509 Verify), which Fabric's MSP leaves in place. */
  readonly usableByDefault: boolean;
}

/**
 * Reads the first certificate of a PEM text; undefined where there is no PEM at all.
 * @throws Error if what the PEM holds is no certificate
 */
export function parseCertificate(pem: string): MspCertificate | undefined {
  const presented = certificateDer(pem);
  if (!presented) return undefined;
  const der = withLowS(presented);
  const x509 = new X509Certificate(der);
  const { issuer, subject, commonName, organizationalUnits } = certificateFields(der);
  const usages = extendedKeyUsages(der);
  return {
    x509,
    publicKey: x509.publicKey,
    der,
    id: hex(sha256(der)),
    issuer: hex(issuer),
    subject: hex(subject),
    commonName,
    organizationalUnits,
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    hasSubjectKeyIdentifier: extensionValue(der, SUBJECT_KEY_IDENTIFIER) !== undefined,
    usableByDefault: usages.length === 0 || usages.some((oid) => oid === EKU_SERVER_AUTH || oid === EKU_ANY),
  };
}

/**
 * The `id` of the first certificate in a PEM text, without reading the rest of it.
 * @throws DerError if what the PEM holds is no certificate
 */
export function certificateId(pem: string): string | undefined {
  const presented = certificateDer(pem);
  return presented && hex(sha256(withLowS(presented)));
}

/** Whether a public key is of the only kind that this package verifies with. */
export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/** The extended key usages of a certificate (DER), as hexadecimal of their DER; none where it has no such extension. */
export function extendedKeyUsages(der: Uint8Array): string[] {
  const extension = extensionValue(der, EXTENDED_KEY_USAGE);
  return extension ? derChildren(readDer(extension)).map(({ raw }) => hex(raw)) : [];
}
