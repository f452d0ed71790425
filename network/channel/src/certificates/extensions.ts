import { createHash } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';
import { ATTRIBUTES_OID, type Attributes } from './attributes.js';

/** What says that a certificate is an authority's, of a root that issues nothing but certificates of nodes and users. */
export function authorityExtensions(): Extension[] {
  return [
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true })),
    extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)),
  ];
}

/** What says that a certificate is no authority's. */
export function leafExtension(): Extension {
  return extension(id_ce_basicConstraints, true, new BasicConstraints());
}

/**
 * What the key of a node or user may be used for.
 * @param hosts names and addresses that a TLS certificate stands for; undefined for a signing identity
 */
export function nodeExtensions(hosts: readonly string[] | undefined): Extension[] {
  const signs = extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature));
  if (hosts === undefined) return [signs];
  return [
    signs,
    // Fabric's nodes use the same certificate as server and, towards each other, as client.
    extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth, id_kp_clientAuth])),
    extension(id_ce_subjectAltName, false, new SubjectAlternativeName(hosts.map(generalName))),
  ];
}

/** Names a key in its own certificate. */
export function subjectKeyExtension(publicKey: Uint8Array): Extension {
  return extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(publicKey)));
}

/** Names an authority's key in the certificates that it issues. */
export function authorityKeyExtension(publicKey: Uint8Array): Extension {
  const named = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(publicKey)) });
  return extension(id_ce_authorityKeyIdentifier, false, named);
}

/** Carries attributes: UTF-8 JSON `{"attrs":{name: value}}`, keys sorted. */
export function attributesExtension(attributes: Attributes): Extension {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  const value = Buffer.from(JSON.stringify({ attrs: sorted }));
  return new Extension({ extnID: ATTRIBUTES_OID, extnValue: new OctetString(value) });
}

/** RFC 5280, 4.2.1.2 (1): SHA-1 of the public key; Fabric only asks that an authority has one (msp/mspimplsetup.go). */
function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const { subjectPublicKey } = AsnConvert.parse(publicKey, SubjectPublicKeyInfo);
  return createHash('sha1').update(Buffer.from(subjectPublicKey)).digest();
}

function extension(id: string, critical: boolean, value: unknown): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function generalName(host: string): GeneralName {
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
  return new GeneralName(isAddress ? { iPAddress: host } : { dNSName: host });
}
