import { X509Certificate } from 'node:crypto';
import type { KeyPair, OrganizationMaterial } from 'umlauf-channel';

/** Every certificate that an organization's nodes and users show, by a name for people. */
export function certificatesOf({
  admin,
  peer,
  orderer,
  users,
}: OrganizationMaterial): Readonly<Record<string, KeyPair>> {
  return {
    admin,
    peer: peer.signing,
    'peer-tls': peer.tls,
    orderer: orderer.signing,
    'orderer-tls': orderer.tls,
    ...users,
  };
}

/** When a certificate (PEM) expires. */
export function expiryOf(certificate: string): Date {
  return new Date(new X509Certificate(certificate).validTo);
}

/** When the first of an organization's certificates expires. */
export function firstExpiry(material: OrganizationMaterial): Date {
  return new Date(
    Math.min(
      ...Object.values(certificatesOf(material)).map(({ certificate }) => expiryOf(certificate).getTime()),
    ),
  );
}
