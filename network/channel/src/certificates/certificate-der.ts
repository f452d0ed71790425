import {
  DER_BIT_STRING,
  DER_OBJECT_IDENTIFIER,
  DER_OCTET_STRING,
  DER_SEQUENCE,
  derChildren,
  derEncode,
  DerError,
  expectDer,
  readDer,
  type DerElement,
} from '../encoding/der.js';
import { decodeSignature, encodeSignature, isLowS, toLowS } from '../signing/ecdsa.js';

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const ORGANIZATIONAL_UNIT = '060355040b';
const COMMON_NAME = '0603550403';
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;

/** The three parts of an X.509 certificate (RFC 5280, 4.1). */
interface CertificateParts {
  readonly tbs: DerElement;
  readonly algorithm: DerElement;
  readonly signature: Uint8Array;
}

/** The same certificate with another signature (DER). */
export function replaceSignature(certificate: Uint8Array, signature: Uint8Array): Uint8Array {
  const { tbs, algorithm } = split(certificate);
  const bits = derEncode(DER_BIT_STRING, Buffer.from([0]), signature);
  return derEncode(DER_SEQUENCE, tbs.raw, algorithm.raw, bits);
}

/**
 * The same certificate with a low-S signature. Fabric's MSP does this to every certificate before it compares or
 * hashes it (msp/cert.go, sanitizeECDSASignedCert), since an ECDSA signature has two valid forms. Certificates
 * signed with anything but ECDSA are returned as they are.
 * @throws DerError if it is no certificate
 */
export function withLowS(certificate: Uint8Array): Uint8Array {
  const { algorithm, signature } = split(certificate);
  const [oid] = derChildren(algorithm);
  if (oid === undefined || Buffer.from(oid.raw).toString('hex') !== ECDSA_WITH_SHA256) return certificate;
  const numbers = decodeSignature(signature);
  return isLowS(numbers) ? certificate : replaceSignature(certificate, encodeSignature(toLowS(numbers)));
}

/** What an MSP reads from a certificate beyond what node:crypto tells reliably. */
interface CertificateFields {
  /** DER of the names, to compare byte by byte as Go does. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly commonName: string | undefined;
  /** Organizational units of the subject, from the DER: OpenSSL's text form could be forged with line breaks. */
  readonly organizationalUnits: readonly string[];
}

/**
 * Reads the names of a certificate.
 * @throws DerError if it is no certificate
 */
export function certificateFields(certificate: Uint8Array): CertificateFields {
  const fields = tbsFields(certificate);
  const [issuer, subject] = [fields[2], fields[4]];
  if (!issuer || !subject) throw new DerError('certificate without issuer or subject');
  return {
    issuer: issuer.raw,
    subject: subject.raw,
    commonName: nameValues(subject, COMMON_NAME)[0],
    organizationalUnits: nameValues(subject, ORGANIZATIONAL_UNIT),
  };
}

/** The value of an extension by its object identifier (DER, hexadecimal with tag and length), if present. */
export function extensionValue(certificate: Uint8Array, oid: string): Uint8Array | undefined {
  const holder = tbsFields(certificate).find(({ tag }) => tag === EXTENSIONS);
  if (!holder) return undefined;
  for (const extension of derChildren(readDer(holder.content))) {
    const [id, ...rest] = derChildren(extension);
    if (id?.tag !== DER_OBJECT_IDENTIFIER || Buffer.from(id.raw).toString('hex') !== oid) continue;
    return rest.find(({ tag }) => tag === DER_OCTET_STRING)?.content;
  }
  return undefined;
}

function split(certificate: Uint8Array): CertificateParts {
  const [tbs, algorithm, signature] = derChildren(expectDer(certificate, DER_SEQUENCE));
  if (!tbs || !algorithm || signature?.tag !== DER_BIT_STRING) throw new DerError('not an X.509 certificate');
  return { tbs, algorithm, signature: signature.content.subarray(1) };
}

/** The fields of the signed part, from the serial number on (the version is optional). */
function tbsFields(certificate: Uint8Array): DerElement[] {
  const fields = derChildren(split(certificate).tbs);
  return fields[0]?.tag === VERSION ? fields.slice(1) : fields;
}

function nameValues(name: DerElement, oid: string): string[] {
  const attributes = derChildren(name).flatMap((set) => derChildren(set).map(derChildren));
  return attributes.flatMap(([type, value]) =>
    type && value && Buffer.from(type.raw).toString('hex') === oid
      ? [Buffer.from(value.content).toString('utf8')]
      : [],
  );
}
