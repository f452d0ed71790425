import type { Extension } from '@peculiar/x509';

/** What a certificate says of its holder besides the subject, for contracts to read (`ClientIdentity`). */
export type Attributes = Readonly<Record<string, string>>;

/** The object identifier under which Fabric's certificate authority and chaincode shims keep attributes. */
export const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

/** The extension that carries attributes: UTF-8 JSON `{"attrs":{name: value}}`, keys sorted. */
export async function attributesExtension(attributes: Attributes): Promise<Extension> {
  const { Extension } = await import('@peculiar/x509');
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: sorted })));
}
