/** Certificates for tests, written byte by byte: issuing them is the network's business, not the gateway's. */
import { generateKeyPairSync, sign } from 'node:crypto';

/** A self-signed certificate and its key, both PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents);
const oid = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
const octets = (content: Uint8Array) => der(0x04, content);
const TRUE = der(0x01, Buffer.from([0xff]));

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const ORGANIZATION = oid(0x55, 0x04, 0x0a);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const DNS_NAME = 0x82;
const URI = 0x86;

/** Whom a certificate is for, and who issues it. */
export interface TestCertificateOptions {
  readonly ca: boolean;
  /** Default: `localhost`. */
  readonly commonName?: string;
  readonly organizations?: readonly string[];
  /** A name beside `localhost`. */
  readonly uri?: string;
  /** `YYYYMMDDHHMMSSZ`; default: in a hundred years. */
  readonly notAfter?: string;
  /** Default: itself. */
  readonly issuer?: TestCertificate & { readonly commonName: string };
}

function nameOf(commonName: string, organizations: readonly string[] = []): Buffer {
  const part = (attribute: Uint8Array, text: string) =>
    der(0x31, sequence(attribute, der(0x0c, Buffer.from(text))));
  return sequence(...organizations.map((text) => part(ORGANIZATION, text)), part(COMMON_NAME, commonName));
}

/** Makes a certificate for `localhost`. */
export function testCertificate({
  ca,
  commonName = 'localhost',
  organizations,
  uri,
  notAfter = '21200101000000Z',
  issuer,
}: TestCertificateOptions): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf(commonName, organizations);
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    issuer ? nameOf(issuer.commonName) : name,
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from(notAfter))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        sequence(BASIC_CONSTRAINTS, TRUE, octets(ca ? sequence(TRUE) : sequence())),
        sequence(
          SUBJECT_ALT_NAME,
          octets(
            sequence(
              der(DNS_NAME, Buffer.from('localhost')),
              ...(uri === undefined ? [] : [der(URI, Buffer.from(uri))]),
            ),
          ),
        ),
      ),
    ),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, issuer?.privateKey ?? privateKey));
  const base64 = sequence(tbs, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
