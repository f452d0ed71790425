import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { derChildren, expectDer, DER_SEQUENCE } from '../encoding/der.js';
import { decodeSignature, isLowS } from '../signing/ecdsa.js';
import { withHighS } from '../testing/high-s.js';
import { certificateFields, extensionValue, withLowS } from './certificate-der.js';
import { certificateFingerprint } from './fingerprint.js';
import { issueCertificate } from './issue.js';
import type { Authority } from './key-pair.js';
import { certificateDer, certificatePem } from './pem.js';
import {
  createOrganization,
  OrganizationRequestError,
  publicOrganization,
  rootFingerprints,
  type OrganizationMaterial,
} from './organization.js';

/** 1.2.3.4.5.6.7.8.1 */
const ATTRIBUTES = '06082a03040506070801';

let material: OrganizationMaterial;

beforeAll(async () => {
  material = await createOrganization({
    mspId: 'AMSP',
    domain: 'a.example',
    hosts: ['node.a.example', '192.0.2.7'],
    users: [
      { name: 'board', commonName: 'board.a', organizationalUnits: ['board'], attributes: { role: 'board' } },
      { name: 'plain', commonName: 'plain.a', organizationalUnits: [] },
    ],
  });
});

function der(pem: string): Uint8Array {
  return certificateDer(pem)!;
}

function everyCertificate(): Authority[] {
  const { ca, tlsCa, admin, peer, orderer, users } = material;
  return [ca, tlsCa, admin, peer.signing, peer.tls, orderer.signing, orderer.tls, ...Object.values(users)];
}

describe('An organization', () => {
  it('has certificates with low-S signatures and keys that belong to them', () => {
    for (const { certificate, privateKey } of everyCertificate()) {
      const signature = derChildren(expectDer(der(certificate), DER_SEQUENCE))[2]!.content.subarray(1);
      expect(isLowS(decodeSignature(signature))).toBe(true);
      expect(privateKey).toContain('BEGIN PRIVATE KEY');
      expect(certificatePem(der(certificate))).toBe(certificate);
    }
  });

  it('chains identities to the signing root and TLS certificates to the TLS root', () => {
    const { ca, tlsCa, admin, peer, orderer, users } = material;
    const [signing, tls] = [new X509Certificate(ca.certificate), new X509Certificate(tlsCa.certificate)];
    for (const { certificate } of [admin, peer.signing, orderer.signing, ...Object.values(users)]) {
      const x509 = new X509Certificate(certificate);
      expect(x509.checkIssued(signing) && x509.verify(signing.publicKey)).toBe(true);
      expect(x509.verify(tls.publicKey)).toBe(false);
      expect(x509.ca).toBe(false);
    }
    for (const { certificate } of [peer.tls, orderer.tls]) {
      const x509 = new X509Certificate(certificate);
      expect(x509.checkIssued(tls) && x509.verify(tls.publicKey)).toBe(true);
    }
    expect(signing.ca && tls.ca).toBe(true);
  });

  it('tells peer, orderer, admin and client apart by organizational unit', () => {
    const { admin, peer, orderer, users } = material;
    const units = [peer.signing, orderer.signing, admin, users['board']!, users['plain']!].map(
      ({ certificate }) => certificateFields(der(certificate)).organizationalUnits,
    );
    expect(units).toEqual([['peer'], ['orderer'], ['admin'], ['client', 'board'], ['client']]);
  });

  it('can be reached at its hosts and locally', () => {
    const x509 = new X509Certificate(material.peer.tls.certificate);
    for (const host of ['peer.a.example', 'node.a.example', 'localhost']) {
      expect(x509.checkHost(host)).toBe(host);
    }
    for (const address of ['192.0.2.7', '127.0.0.1', '::1']) expect(x509.checkIP(address)).toBe(address);
    expect(x509.checkHost('b.example')).toBeUndefined();
  });

  it('keeps attributes where chaincode looks for them', () => {
    const value = extensionValue(der(material.users['board']!.certificate), ATTRIBUTES);
    expect(Buffer.from(value!).toString()).toBe('{"attrs":{"role":"board"}}');
    expect(extensionValue(der(material.users['plain']!.certificate), ATTRIBUTES)).toBeUndefined();
  });

  it('shows others its roots and no key', () => {
    expect(JSON.stringify(publicOrganization(material))).not.toContain('PRIVATE KEY');
    const hash = (pem: string): string =>
      createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
    expect(rootFingerprints(publicOrganization(material))).toEqual({
      signing: [hash(material.ca.certificate)],
      tls: [hash(material.tlsCa.certificate)],
    });
  });

  it('issues a further certificate from the same authority, for a renewal', async () => {
    const notBefore = new Date('2030-01-01T00:00:00Z');
    const notAfter = new Date('2031-01-01T00:00:00Z');
    const renewed = await issueCertificate(material.ca, {
      commonName: 'peer.a.example',
      organizationalUnits: ['peer'],
      organization: 'a.example',
      use: { kind: 'signing' },
      validity: { notBefore, notAfter },
    });
    const x509 = new X509Certificate(renewed.certificate);
    expect(x509.checkIssued(new X509Certificate(material.ca.certificate))).toBe(true);
    expect(new Date(x509.validTo)).toEqual(notAfter);
    expect(x509.subject).toBe(new X509Certificate(material.peer.signing.certificate).subject);
    expect(renewed.privateKey).not.toBe(material.peer.signing.privateKey);
  });

  it('lasts as long as asked', async () => {
    const until = new Date('2027-06-30T12:00:00Z');
    const [authoritiesNotAfter, notBefore] = [
      new Date('2040-01-01T00:00:00Z'),
      new Date('2026-01-01T00:00:00Z'),
    ];
    const { ca, admin } = await createOrganization({
      mspId: 'BMSP',
      domain: 'b.example',
      hosts: [],
      users: [],
      validity: { notBefore, authoritiesNotAfter, certificatesNotAfter: until },
    });
    expect(new Date(new X509Certificate(admin.certificate).validTo)).toEqual(until);
    expect(new Date(new X509Certificate(admin.certificate).validFrom)).toEqual(notBefore);
    expect(new Date(new X509Certificate(ca.certificate).validTo)).toEqual(authoritiesNotAfter);
  });

  it.each([[['admin']], [['../evil']], [['']], [['twice', 'twice']]])(
    'refuses users named %j',
    async (names) => {
      const users = names.map((name) => ({ name, commonName: 'x', organizationalUnits: [] }));
      const request = { mspId: 'AMSP', domain: 'a.example', hosts: [], users };
      await expect(createOrganization(request)).rejects.toThrow(OrganizationRequestError);
    },
  );
});

describe('A certificate', () => {
  it('is lowered to one form, whichever of its two signatures it bears', () => {
    const low = der(material.admin.certificate);
    expect(withLowS(withHighS(low))).toEqual(low);
    expect(withLowS(low)).toBe(low);
  });

  it('has a fingerprint only if it is one', () => {
    expect(certificateFingerprint(material.ca.certificate)).toMatch(/^[0-9a-f]{64}$/);
    expect(() => certificateFingerprint('nothing')).toThrow(TypeError);
  });
});
