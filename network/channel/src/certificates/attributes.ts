import { certificateFields, extensionValue } from './certificate-der.js';

/** What a certificate says of its holder besides the subject, for contracts to read (`ClientIdentity`). */
export type Attributes = Readonly<Record<string, string>>;

/** The object identifier under which Fabric's certificate authority and chaincode shims keep attributes. */
export const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

/** The object identifier as it stands in a certificate: DER with tag and length, hexadecimal. */
const ATTRIBUTES_OID_DER = '06082a03040506070801';

/**
 * The attributes that a certificate (DER) carries; none where it has no such extension or one that can't be read, which
 * is what chaincode shims make of it.
 */
export function readAttributes(certificate: Uint8Array): Attributes {
  const value = extensionValue(certificate, ATTRIBUTES_OID_DER);
  if (!value) return {};
  try {
    const { attrs } = JSON.parse(Buffer.from(value).toString('utf8')) as { attrs?: Record<string, unknown> };
    return Object.fromEntries(
      Object.entries(attrs ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}

/** The organizational units of a certificate's (DER) subject. */
export function readOrganizationalUnits(certificate: Uint8Array): readonly string[] {
  return certificateFields(certificate).organizationalUnits;
}

/** The common name of a certificate's (DER) subject, if it has one. */
export function readCommonName(certificate: Uint8Array): string | undefined {
  return certificateFields(certificate).commonName;
}
