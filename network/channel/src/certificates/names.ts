import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const ORGANIZATIONAL_UNIT = '2.5.4.11';

/** The subject of an authority, a node or a user: O, each OU in its order, CN. */
export function subjectName(commonName: string, organization: string, units: readonly string[] = []): Name {
  return new Name([
    part(ORGANIZATION, organization),
    ...units.map((unit) => part(ORGANIZATIONAL_UNIT, unit)),
    part(COMMON_NAME, commonName),
  ]);
}

/** The one of the two forms that RFC 5280, 4.1.2.4 allows which most authorities choose, if the text permits it. */
function part(type: string, text: string): RelativeDistinguishedName {
  const isPrintable = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(text);
  const value = new AttributeValue(isPrintable ? { printableString: text } : { utf8String: text });
  return new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })]);
}
