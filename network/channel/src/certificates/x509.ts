/** Certificates as bytes (RFC 5280): what `issue.ts` loads when the first is issued. */
import { createPrivateKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate,
  Extensions,
  Name,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  type Extension,
} from '@peculiar/asn1-x509';
import { signLowS } from '../signing/signer.js';
import { certificateFields } from './certificate-der.js';
import {
  attributesExtension,
  authorityExtensions,
  authorityKeyExtension,
  leafExtension,
  nodeExtensions,
  subjectKeyExtension,
} from './extensions.js';
import {
  AuthorityKeyError,
  type CertificateRequest,
  type CertificateUse,
  type ValidityPeriod,
} from './certificate-request.js';
import { generateKey, type Authority, type KeyPair } from './key-pair.js';
import { subjectName } from './names.js';
import { certificatePem } from './pem.js';

/** RFC 5758, 3.2 */
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** Makes a root certificate authority with a key of its own. */
export function createAuthority(commonName: string, organization: string, validity: ValidityPeriod): KeyPair {
  const { publicKey, privateKey } = generateKey();
  const subject = subjectName(commonName, organization);
  return issue({
    publicKey,
    privateKey,
    subject,
    issuer: subject,
    issuerKey: createPrivateKey(privateKey),
    validity,
    extensions: [...authorityExtensions(), subjectKeyExtension(publicKey)],
  });
}

/** An authority with what it takes from it for each certificate: reading its key takes longer than signing with it. */
export interface OpenAuthority {
  readonly name: Name;
  readonly key: KeyObject;
  readonly keyIdentifier: Extension;
}

/**
 * Reads an authority, to issue several certificates from it.
 * @throws AuthorityKeyError if its key isn't here
 */
export function openAuthority(authority: Authority): OpenAuthority {
  if (authority.privateKey === undefined)
    throw new AuthorityKeyError('The key of the certificate authority is not here: it issues elsewhere');
  const { publicKey, raw } = new X509Certificate(authority.certificate);
  return {
    name: AsnConvert.parse(certificateFields(raw).subject, Name),
    key: createPrivateKey(authority.privateKey),
    keyIdentifier: authorityKeyExtension(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

/**
 * Issues a certificate for a fresh key from an authority. The signature is low-S, as Fabric wants it
 * (msp/cert.go): about half of what OpenSSL or WebCrypto sign is not.
 */
export function issueCertificate(authority: Authority | OpenAuthority, request: CertificateRequest): KeyPair {
  const issuer = 'certificate' in authority ? openAuthority(authority) : authority;
  const { publicKey, privateKey } = generateKey();
  return issue({
    publicKey,
    privateKey,
    subject: subjectName(request.commonName, request.organization, request.organizationalUnits),
    issuer: issuer.name,
    issuerKey: issuer.key,
    validity: request.validity,
    extensions: [
      leafExtension(),
      subjectKeyExtension(publicKey),
      issuer.keyIdentifier,
      ...extensionsFor(request.use),
    ],
  });
}

interface CertificateContent {
  readonly publicKey: Uint8Array;
  readonly privateKey: string;
  readonly subject: Name;
  readonly issuer: Name;
  readonly issuerKey: KeyObject;
  readonly validity: ValidityPeriod;
  readonly extensions: Extension[];
}

function issue(content: CertificateContent): KeyPair {
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: content.issuer,
    validity: new Validity(content.validity),
    subject: content.subject,
    subjectPublicKeyInfo: AsnConvert.parse(content.publicKey, SubjectPublicKeyInfo),
    extensions: new Extensions(content.extensions),
  });
  const tbsCertificateRaw = AsnConvert.serialize(tbsCertificate);
  const signatureValue = arrayBuffer(signLowS(new Uint8Array(tbsCertificateRaw), content.issuerKey));
  const der = AsnConvert.serialize(
    new Certificate({ tbsCertificate, tbsCertificateRaw, signatureAlgorithm: algorithm, signatureValue }),
  );
  return { certificate: certificatePem(new Uint8Array(der)), privateKey: content.privateKey };
}

function extensionsFor(use: CertificateUse): Extension[] {
  if (use.kind === 'tls') return nodeExtensions(use.hosts);
  const signs = nodeExtensions(undefined);
  return use.attributes === undefined ? signs : [...signs, attributesExtension(use.attributes)];
}

/** 16 random bytes, positive and without leading zero (RFC 5280, 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return arrayBuffer(bytes);
}

const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
