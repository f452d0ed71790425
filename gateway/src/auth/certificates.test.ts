import fc from 'fast-check';
import { ROLES } from 'umlauf-chaincode/api';
import { describe, expect, it } from 'vitest';
import { certificateRoles, certificateSubject, namesIn, type ClientCertificate } from './certificates.js';
import type { CertificateRule } from './settings.js';

const certificate: ClientCertificate = {
  fingerprint: 'ab'.repeat(32),
  issuer: { CN: 'clients' },
  subject: { CN: 'register', O: 'ITDZ Berlin', OU: ['a', 'b'] },
  names: ['DNS:register.example', 'URI:urn:umlauf:register'],
  expiresAtMs: 1,
};
const rolesBy = (...rules: Partial<CertificateRule>[]) =>
  certificateRoles(
    rules.map((rule) => ({ roles: ['board'], ...rule })),
    certificate,
  );

describe('certificateRoles', () => {
  it.each<[string, Partial<CertificateRule>, boolean]>([
    ['its subject', { subject: { CN: 'register' } }, true],
    ['all that is asked of its subject', { subject: { CN: 'register', O: 'ITDZ Berlin' } }, true],
    ['a part of what is asked of its subject', { subject: { CN: 'register', O: 'Another' } }, false],
    ['the beginning of its subject', { subject: { CN: 'regist' } }, false],
    ['an attribute that stands there twice', { subject: { OU: 'a' } }, false],
    ['an attribute that every object has', { subject: { constructor: 'Object' } }, false],
    ['one of its names', { name: 'URI:urn:umlauf:register' }, true],
    ['one of its names of another kind', { name: 'DNS:urn:umlauf:register' }, false],
    ['its fingerprint', { fingerprint: 'ab'.repeat(32) }, true],
    ['another fingerprint', { fingerprint: 'ac'.repeat(32) }, false],
    ['its name but not its fingerprint', { name: 'URI:urn:umlauf:register', fingerprint: '00' }, false],
    ['that it is there', { any: true }, true],
  ])('a rule with %s', (_what, rule, isMatch) => {
    expect(rolesBy(rule)).toEqual(isMatch ? ['board'] : []);
  });

  it('are those of all rules that match, each on its own, in whatever order', () => {
    const rule = fc.record({
      subject: fc.constantFrom({ CN: 'register' }, { CN: 'other' }),
      roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), (some, more) => {
        const both = rolesBy(...some, ...more);
        expect(rolesBy(...more, ...some)).toEqual(both);
        const single = new Set([...rolesBy(...some), ...rolesBy(...more)]);
        expect(both).toEqual(ROLES.filter((role) => single.has(role)));
      }),
    );
  });
});

describe('namesIn', () => {
  it('is not misled by a name that holds others (CVE-2021-44532)', () => {
    expect(namesIn('DNS:a.example, URI:urn:x, IP Address:10.0.0.1')).toEqual([
      'DNS:a.example',
      'URI:urn:x',
      'IP Address:10.0.0.1',
    ]);
    expect(namesIn('URI:"urn:x, DNS:b.example", DNS:a.example')).toEqual([
      'URI:urn:x, DNS:b.example',
      'DNS:a.example',
    ]);
    expect(namesIn('URI:"a\\"b, DNS:c"')).toEqual(['URI:a"b, DNS:c']);
    expect(namesIn(undefined)).toEqual([]);
  });
});

describe('certificateSubject', () => {
  it('is the same after a renewal, and another for whoever another authority calls the same', () => {
    const renewed = { ...certificate, fingerprint: 'cd'.repeat(32), expiresAtMs: 2 };
    expect(certificateSubject(renewed)).toBe(certificateSubject(certificate));
    expect(certificateSubject({ ...certificate, issuer: { CN: 'others' } })).not.toBe(
      certificateSubject(certificate),
    );
  });
});
