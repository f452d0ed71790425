import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAttributes, readOrganizationalUnits } from './attributes.js';
import { createAuthority, issueCertificate } from './issue.js';

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };

describe('Attributes of a certificate', () => {
  it('are read as they were issued, beside the organizational units', async () => {
    const attributes = { 'umlauf.role': 'board', other: 'ä' };
    const certificate = await issue(attributes);
    expect(readAttributes(certificate)).toEqual(attributes);
    expect(readOrganizationalUnits(certificate)).toEqual(['client', 'board']);
  });

  it('are none where the certificate has no such extension', async () => {
    expect(readAttributes(await issue())).toEqual({});
  });
});

async function issue(attributes?: Record<string, string>): Promise<Uint8Array> {
  const authority = await createAuthority('ca.example', 'example', validity);
  const { certificate } = await issueCertificate(authority, {
    commonName: 'board.example',
    organizationalUnits: ['client', 'board'],
    organization: 'example',
    use: { kind: 'signing', attributes },
    validity,
  });
  return new X509Certificate(certificate).raw;
}
