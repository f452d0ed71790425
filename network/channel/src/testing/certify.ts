import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Authority } from '../certificates/key-pair.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** What an authority may do otherwise than it was asked. */
export interface Deviation {
  readonly subject?: string;
  readonly hosts?: readonly string[];
  readonly usages?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/**
 * What an authority that knows nothing of Fabric makes of a PKCS#10 request: subject, key and extensions as asked.
 * Its signature is high-S as often as not.
 */
export async function certify(
  authority: Authority,
  request: string,
  deviation: Deviation = {},
): Promise<string> {
  const asked = new x509.Pkcs10CertificateRequest(request);
  if (!(await asked.verify())) throw new TypeError('the request is not signed by its own key');
  const replaced = [
    ...(deviation.hosts
      ? [
          new x509.SubjectAlternativeNameExtension(
            deviation.hosts.map((value) => ({ type: 'dns' as const, value })),
          ),
        ]
      : []),
    ...(deviation.usages ? [new x509.ExtendedKeyUsageExtension([...deviation.usages])] : []),
  ];
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(authority.privateKey ?? '').export({ type: 'pkcs8', format: 'der' }),
    ALGORITHM,
    false,
    ['sign'],
  );
  const certificate = await x509.X509CertificateGenerator.create({
    subject: deviation.subject ?? asked.subject,
    issuer: new x509.X509Certificate(authority.certificate).subject,
    notBefore: deviation.notBefore ?? new Date(Date.now() - 60_000),
    notAfter: deviation.notAfter ?? new Date(Date.now() + 90 * DAY_MS),
    publicKey: asked.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...asked.extensions.filter(({ type }) => !replaced.some((extension) => extension.type === type)),
      ...replaced,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}
