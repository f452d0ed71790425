import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  Extension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProblemError } from '../problem.js';
import { signingCertificate } from './certificate.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const ECDSA = { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' };
const generated = (namedCurve = 'P-256') =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
type Keys = Awaited<ReturnType<typeof generated>>;

const attributes = (attrs: object) =>
  new Extension('1.2.3.4.5.6.7.8.1', false, Buffer.from(JSON.stringify({ attrs })));

let authorityKeys: Keys;
let authority: X509Certificate;
beforeAll(async () => {
  authorityKeys = await generated();
  authority = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=ca.itdz-berlin',
    keys: authorityKeys,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2036-01-01'),
    signingAlgorithm: ECDSA,
    extensions: [new BasicConstraintsExtension(true)],
  });
});

interface Wanted {
  readonly subject?: string;
  readonly extensions?: Extension[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly curve?: string;
  readonly signingKey?: Keys['privateKey'];
}

/** What a certificate is taken for. */
async function taken({
  subject = 'OU=client, OU=board, CN=board',
  extensions = [],
  notBefore = '2026-01-01',
  notAfter = '2027-01-01',
  curve,
  signingKey,
}: Wanted) {
  const { publicKey } = await generated(curve);
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: authority.subject,
    publicKey,
    signingKey: signingKey ?? authorityKeys.privateKey,
    signingAlgorithm: ECDSA,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    extensions,
  });
  return take(certificate.toString('pem'));
}

async function take(pem: string): Promise<unknown> {
  const authorities = new Map([['ItdzBerlinMSP', [authority.toString('pem')]]]);
  try {
    return (await signingCertificate(pem, 'ItdzBerlinMSP', { authorities }, NOW)).role;
  } catch (error) {
    const { code, data } = error as ProblemError;
    return data['reason'] ?? code;
  }
}

describe('signingCertificate', () => {
  it('finds the office among the organizational units, or in the attributes', async () => {
    expect(await taken({})).toBe('board');
    const extensions = [attributes({ 'umlauf.role': 'representative' })];
    expect(await taken({ subject: 'OU=client, CN=x', extensions })).toBe('representative');
    expect(await taken({ subject: 'OU=board, CN=x', extensions })).toBe('ambiguous-role');
    expect(await taken({ subject: 'OU=client, CN=board' })).toBe('it carries no office');
  });

  it.each([
    ['that is not valid yet', { notBefore: '2026-06-02' }, 'it is not valid yet'],
    ['that has expired', { notAfter: '2026-05-31' }, 'it has expired'],
    ['on another curve', { curve: 'P-384' }, 'its key is not on P-256'],
    [
      'of an authority',
      { extensions: [new BasicConstraintsExtension(true)] },
      'it was not issued by the authorities of ItdzBerlinMSP',
    ],
    [
      'with attributes that are no JSON',
      { extensions: [new Extension('1.2.3.4.5.6.7.8.1', false, Buffer.from('{'))] },
      'its attributes cannot be read',
    ],
  ] satisfies [string, Wanted, string][])('refuses one %s', async (_what, wanted, reason) => {
    expect(await taken(wanted)).toBe(reason);
  });

  it('refuses one that only says who issued it, and what is none', async () => {
    const { privateKey } = await generated();
    expect(await taken({ signingKey: privateKey })).toMatch(/not issued/);
    expect(await take('x')).toBe('it is no certificate in PEM');
  });
});
