import { beforeAll, describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../certificates/certificate-request.js';
import { issueCertificate } from '../certificates/issue.js';
import type { OrganizationMaterial } from '../certificates/organization.js';
import { certificateDer, certificatePem } from '../certificates/pem.js';
import { mspConfig } from '../profile/organization-groups.js';
import { withHighS } from '../testing/high-s.js';
import { testOrganizations } from '../testing/organizations.js';
import { publicOrganization } from '../certificates/organization.js';
import { IdentityError } from './identity.js';
import { MspManager } from './manager.js';
import { Msp } from './msp.js';
import { serializeIdentity } from './serialized-identity.js';

let a: OrganizationMaterial;
let impostor: OrganizationMaterial;
let manager: MspManager;

beforeAll(async () => {
  [a] = (await testOrganizations(['A'])) as [OrganizationMaterial];
  [impostor] = (await testOrganizations(['A'])) as [OrganizationMaterial];
  manager = new MspManager(new Map([['AMSP', Msp.fromConfig(mspConfig(publicOrganization(a)))]]));
});

const PERIOD = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };

async function issued(request: Partial<CertificateRequest>): Promise<Uint8Array> {
  const { certificate } = await issueCertificate(a.ca, {
    commonName: 'someone',
    organizationalUnits: ['client'],
    organization: 'a.example',
    use: { kind: 'signing' },
    validity: PERIOD,
    ...request,
  });
  return serializeIdentity('AMSP', certificate);
}

function refusal(serialized: Uint8Array): IdentityError {
  try {
    manager.identity(serialized);
  } catch (error) {
    if (error instanceof IdentityError) return error;
    throw error;
  }
  throw new Error('the identity was accepted');
}

describe('An MSP', () => {
  it('knows its own', () => {
    const identity = manager.identity(serializeIdentity('AMSP', a.admin.certificate));
    expect(identity.mspId).toBe('AMSP');
    expect(identity.id).toMatch(/^[0-9a-f]{64}$/);
    expect(identity.certificate.toString()).toBe(a.admin.certificate);
  });

  it('remembers whom it has judged, accepted or not', () => {
    const accepted = serializeIdentity('AMSP', a.admin.certificate);
    expect(manager.identity(accepted)).toBe(manager.identity(Uint8Array.from(accepted)));
    const refused = serializeIdentity('BMSP', a.admin.certificate);
    expect(refusal(refused)).toBe(refusal(refused));
  });

  it("doesn't let a caller change a remembered identity", () => {
    const presented = serializeIdentity('AMSP', a.peer.signing.certificate);
    const identity = manager.identity(presented);
    presented.fill(0);
    expect(identity.serialized).toEqual(serializeIdentity('AMSP', a.peer.signing.certificate));
  });

  it('takes both forms of one certificate for one identity', () => {
    const other = certificatePem(withHighS(certificateDer(a.admin.certificate)!));
    expect(other).not.toBe(a.admin.certificate);
    const [first, second] = [a.admin.certificate, other].map((pem) =>
      manager.identity(serializeIdentity('AMSP', pem)),
    );
    expect(second!.id).toBe(first!.id);
  });

  it('accepts an expired certificate and says when it expired: expiry is for those who are called', async () => {
    const notAfter = new Date('2026-01-01T00:00:00Z');
    const [expired] = await testOrganizations(['C'], {
      notBefore: new Date('2025-01-01T00:00:00Z'),
      certificatesNotAfter: notAfter,
    });
    const msps = new Map([['CMSP', Msp.fromConfig(mspConfig(publicOrganization(expired!)))]]);
    const identity = new MspManager(msps).identity(serializeIdentity('CMSP', expired!.admin.certificate));
    expect(identity.notAfter).toEqual(notAfter);
  });

  it.each([
    [
      'bytes that are no identity',
      () => Uint8Array.from([0xff, 0xff]),
      'could not deserialize a SerializedIdentity',
    ],
    [
      'an unknown MSP',
      () => serializeIdentity('BMSP', a.admin.certificate),
      'MSP BMSP is not defined on channel',
    ],
    ['a text without PEM', () => serializeIdentity('AMSP', 'hello'), 'could not decode the PEM structure'],
    [
      'a PEM without certificate',
      () => serializeIdentity('AMSP', certificatePem(Uint8Array.from([0x30, 0x03, 0x02, 0x01, 0x01]))),
      'parseCertificate failed',
    ],
    [
      'a certificate of other roots with the same names',
      () => serializeIdentity('AMSP', impostor.admin.certificate),
      'the supplied identity is not valid: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "ca.a.example")',
    ],
    [
      'a TLS certificate',
      () => serializeIdentity('AMSP', a.peer.tls.certificate),
      'the supplied identity is not valid: x509: certificate signed by unknown authority',
    ],
  ])("can't read %s", (_, serialized, message) => {
    const error = refusal(serialized());
    expect(error.message).toBe(message);
    expect(error.step).toBe('deserialize');
  });

  it('refuses an authority as an identity', () => {
    const error = refusal(serializeIdentity('AMSP', a.ca.certificate));
    expect(error.message).toContain('Certificate Authority equals true cannot be used as an identity');
    expect(error.step).toBe('validate');
  });

  it('refuses an identity without node OU', async () => {
    const error = refusal(await issued({ organizationalUnits: ['board'] }));
    expect(error.message).toMatch(
      /^could not validate identity's OUs: the identity does not have an OU that resolves to client, peer, orderer, or admin role\. OUs: \[board\([0-9A-F]{16}\)\], MSP: \[AMSP\]$/,
    );
    expect(error.step).toBe('validate');
  });

  it('refuses an identity of two node OUs, and of one twice', async () => {
    for (const units of [
      ['client', 'admin'],
      ['peer', 'peer'],
    ]) {
      expect(refusal(await issued({ organizationalUnits: units })).message).toContain(
        'not a combination of them',
      );
    }
  });

  it("isn't fooled by a common name that looks like a unit", async () => {
    const serialized = await issued({ commonName: 'x\nOU=admin', organizationalUnits: ['client'] });
    expect(manager.identity(serialized).certificate.ca).toBe(false);
    const error = refusal(await issued({ commonName: 'x\nOU=admin', organizationalUnits: [] }));
    expect(error.message).toContain('does not have an OU');
  });

  it('refuses a certificate that began before its authority', async () => {
    const notBefore = new Date('2020-01-01T00:00:00Z');
    const error = refusal(await issued({ validity: { ...PERIOD, notBefore } }));
    expect(error.message).toContain(
      'x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:01Z is before',
    );
  });
});
