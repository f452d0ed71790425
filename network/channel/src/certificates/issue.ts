import { createPrivateKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import type { Extension, JsonName } from '@peculiar/x509';
import { signLowS } from '../signing/signer.js';
import { attributesExtension, type Attributes } from './attributes.js';
import { replaceSignature, toBeSigned } from './certificate-der.js';
import { generateKey, type Authority, type KeyPair } from './key-pair.js';
import { certificatePem } from './pem.js';

/** Until when something is valid. */
export interface ValidityPeriod {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What a certificate is for: signing on a channel (an MSP identity), or TLS between hosts. */
export type CertificateUse =
  | { readonly kind: 'signing'; readonly attributes?: Attributes | undefined }
  | { readonly kind: 'tls'; readonly hosts: readonly string[] };

/** A certificate to be issued. */
export interface CertificateRequest {
  readonly commonName: string;
  /** The node OU (peer, orderer, admin, client) first, then any others. */
  readonly organizationalUnits: readonly string[];
  /** The organization's domain, as O of the subject. */
  readonly organization: string;
  readonly use: CertificateUse;
  readonly validity: ValidityPeriod;
}

/** Makes a root certificate authority with a key of its own. */
export async function createAuthority(
  commonName: string,
  organization: string,
  validity: ValidityPeriod,
): Promise<KeyPair> {
  const x509 = await loadX509();
  const { publicKey, privateKey } = generateKey();
  const subject = subjectName(commonName, organization);
  return build({
    publicKey,
    privateKey,
    subject,
    issuer: subject,
    issuerKey: createPrivateKey(privateKey),
    validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await subjectKeyIdentifier(publicKey),
    ],
  });
}

/** An authority with what it takes from it for each certificate: reading its key takes longer than signing with it. */
export interface OpenAuthority {
  readonly name: JsonName;
  readonly key: KeyObject;
  readonly keyIdentifier: Extension;
}

/** The key of an authority isn't here: it issues elsewhere. */
export class AuthorityKeyError extends Error {
  override readonly name = 'AuthorityKeyError';
}

/**
 * Reads an authority, to issue several certificates from it.
 * @throws AuthorityKeyError if its key isn't here
 */
export async function openAuthority(authority: Authority): Promise<OpenAuthority> {
  if (authority.privateKey === undefined)
    throw new AuthorityKeyError('The key of the certificate authority is not here: it issues elsewhere');
  const x509 = await loadX509();
  const { subjectName } = new x509.X509Certificate(authority.certificate);
  const { publicKey } = new X509Certificate(authority.certificate);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    name: new x509.Name(subjectName.toArrayBuffer()).toJSON(),
    key: createPrivateKey(authority.privateKey),
    keyIdentifier: await x509.AuthorityKeyIdentifierExtension.create(new x509.PublicKey(spki)),
  };
}

/**
 * Issues a certificate for a fresh key from an authority. The signature is low-S, as Fabric wants it
 * (msp/cert.go): about half of what OpenSSL or WebCrypto sign is not.
 */
export async function issueCertificate(
  authority: Authority | OpenAuthority,
  request: CertificateRequest,
): Promise<KeyPair> {
  const x509 = await loadX509();
  const issuer = 'certificate' in authority ? await openAuthority(authority) : authority;
  const { publicKey, privateKey } = generateKey();
  return build({
    publicKey,
    privateKey,
    subject: subjectName(request.commonName, request.organization, request.organizationalUnits),
    issuer: issuer.name,
    issuerKey: issuer.key,
    validity: request.validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      await subjectKeyIdentifier(publicKey),
      issuer.keyIdentifier,
      ...(await extensionsFor(request.use)),
    ],
  });
}

interface CertificateContent {
  readonly publicKey: Uint8Array;
  readonly privateKey: string;
  readonly subject: JsonName;
  readonly issuer: JsonName;
  readonly issuerKey: KeyObject;
  readonly validity: ValidityPeriod;
  readonly extensions: Extension[];
}

async function build(content: CertificateContent): Promise<KeyPair> {
  const x509 = await loadX509();
  const unsigned = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: content.subject,
    issuer: content.issuer,
    ...content.validity,
    publicKey: content.publicKey,
    signingAlgorithm: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    // A stand-in: the real one is made below, over the same bytes.
    signature: new Uint8Array(64).fill(1),
    extensions: content.extensions,
  });
  const der = new Uint8Array(unsigned.rawData);
  const signature = signLowS(toBeSigned(der), content.issuerKey);
  return { certificate: certificatePem(replaceSignature(der, signature)), privateKey: content.privateKey };
}

async function extensionsFor(use: CertificateUse): Promise<Extension[]> {
  if (use.kind === 'tls') return nodeExtensions(use.hosts);
  const signs = await nodeExtensions(undefined);
  return use.attributes === undefined ? signs : [...signs, await attributesExtension(use.attributes)];
}

/**
 * What the key of a node or user may be used for.
 * @param hosts names and addresses that a TLS certificate stands for; undefined for a signing identity
 */
export async function nodeExtensions(hosts: readonly string[] | undefined): Promise<Extension[]> {
  const x509 = await loadX509();
  const signs = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true);
  if (hosts === undefined) return [signs];
  return [
    signs,
    // Fabric's nodes use the same certificate as server and, towards each other, as client.
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    new x509.SubjectAlternativeNameExtension(hosts.map((host) => ({ type: hostType(host), value: host }))),
  ];
}

/** RFC 5280, 4.2.1.2 (1): SHA-1 of the public key; Fabric only asks that a CA has one (msp/mspimplsetup.go). */
async function subjectKeyIdentifier(publicKey: Uint8Array): Promise<Extension> {
  const x509 = await loadX509();
  return x509.SubjectKeyIdentifierExtension.create(new x509.PublicKey(publicKey));
}

/** The subject of a node or user. */
export function subjectName(
  commonName: string,
  organization: string,
  units: readonly string[] = [],
): JsonName {
  return [{ O: [organization] }, ...units.map((unit) => ({ OU: [unit] })), { CN: [commonName] }];
}

/** 16 random bytes, positive and without leading zero (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function hostType(host: string): 'ip' | 'dns' {
  return /^[\d.]+$/.test(host) || host.includes(':') ? 'ip' : 'dns';
}

/** Loaded when the first certificate is issued: it takes longer than starting a network that has its certificates. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
