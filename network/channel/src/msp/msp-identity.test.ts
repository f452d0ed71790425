import { msp } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { publicOrganization, type OrganizationMaterial } from '../certificates/organization.js';
import { certificateDer, certificatePem } from '../certificates/pem.js';
import { sha256 } from '../encoding/bytes.js';
import { identityPrincipal, rolePrincipal, type Role } from '../policies/build.js';
import { mspConfig } from '../profile/organization-groups.js';
import { createSigner, type Signer } from '../signing/signer.js';
import { highS, withHighS } from '../testing/high-s.js';
import { testOrganizations } from '../testing/organizations.js';
import type { Identity } from './identity.js';
import { MspManager } from './manager.js';
import { Msp } from './msp.js';
import { serializeIdentity } from './serialized-identity.js';

const ROLES: readonly Role[] = ['member', 'admin', 'client', 'peer', 'orderer'];

let a: OrganizationMaterial;
let who: Record<'admin' | 'client' | 'peer' | 'orderer', Identity>;
let signer: Signer;

beforeAll(async () => {
  [a] = (await testOrganizations(['A'])) as [OrganizationMaterial];
  const manager = new MspManager(new Map([['AMSP', Msp.fromConfig(mspConfig(publicOrganization(a)))]]));
  const identity = (pem: string): Identity => manager.identity(serializeIdentity('AMSP', pem));
  who = {
    admin: identity(a.admin.certificate),
    client: identity(a.users['clerk']!.certificate),
    peer: identity(a.peer.signing.certificate),
    orderer: identity(a.orderer.signing.certificate),
  };
  signer = createSigner(a.admin, 'AMSP');
});

function principal(classification: number, message: { serializeBinary(): Uint8Array }): msp.MSPPrincipal {
  const result = new msp.MSPPrincipal();
  result.setPrincipalClassification(
    classification as msp.MSPPrincipal.ClassificationMap[keyof msp.MSPPrincipal.ClassificationMap],
  );
  result.setPrincipal(message.serializeBinary());
  return result;
}

describe("An identity's signature", () => {
  it('is its own over that message only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (message, other) => {
        const signature = signer.sign(message);
        expect(who.admin.verify(message, signature)).toBe(true);
        expect(who.peer.verify(message, signature)).toBe(false);
        expect(who.admin.verify(other, signature)).toBe(Buffer.compare(message, other) === 0);
      }),
      { numRuns: 30 },
    );
  });

  it('is refused with a high S', () => {
    const message = Buffer.from('message');
    expect(who.admin.verify(message, highS(signer.sign(message)))).toBe(false);
  });

  it('is refused without throwing where it is no signature at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(who.admin.verify(Buffer.from('message'), bytes)).toBe(false);
      }),
    );
  });
});

describe('A principal', () => {
  it('of a role means members of that node OU, and MEMBER means everyone', () => {
    const met = Object.fromEntries(
      Object.entries(who).map(([name, identity]) => [
        name,
        ROLES.filter((role) => identity.satisfies(rolePrincipal('AMSP', role))),
      ]),
    );
    expect(met).toEqual({
      admin: ['member', 'admin'],
      client: ['member', 'client'],
      peer: ['member', 'peer'],
      orderer: ['member', 'orderer'],
    });
  });

  it('of another MSP means nobody here', () => {
    for (const role of ROLES) expect(who.admin.satisfies(rolePrincipal('BMSP', role))).toBe(false);
  });

  it('of an identity means that certificate, in whichever form', () => {
    const other = certificatePem(withHighS(certificateDer(a.peer.signing.certificate)!));
    for (const pem of [a.peer.signing.certificate, other, `with a comment\n${other}`]) {
      expect(who.peer.satisfies(identityPrincipal(serializeIdentity('AMSP', pem)))).toBe(true);
    }
    expect(who.peer.satisfies(identityPrincipal(serializeIdentity('BMSP', other)))).toBe(false);
    expect(who.peer.satisfies(identityPrincipal(serializeIdentity('AMSP', 'nothing')))).toBe(false);
    expect(who.admin.satisfies(identityPrincipal(who.peer.serialized))).toBe(false);
  });

  it('of a unit means those whom that chain of authorities certified to it', () => {
    const unit = (name: string, certifiers: Uint8Array): msp.MSPPrincipal => {
      const organizationUnit = new msp.OrganizationUnit();
      organizationUnit.setMspIdentifier('AMSP');
      organizationUnit.setOrganizationalUnitIdentifier(name);
      organizationUnit.setCertifiersIdentifier(certifiers);
      return principal(msp.MSPPrincipal.Classification.ORGANIZATION_UNIT, organizationUnit);
    };
    const chain = sha256(certificateDer(a.ca.certificate)!);
    expect(who.peer.satisfies(unit('peer', chain))).toBe(true);
    expect(who.peer.satisfies(unit('client', chain))).toBe(false);
    expect(who.peer.satisfies(unit('peer', sha256()))).toBe(false);
  });

  it('of several principals means whoever meets them all', () => {
    const combined = (...parts: msp.MSPPrincipal[]): msp.MSPPrincipal => {
      const list = new msp.CombinedPrincipal();
      list.setPrincipalsList(parts);
      return principal(msp.MSPPrincipal.Classification.COMBINED, list);
    };
    const [peer, client] = [rolePrincipal('AMSP', 'peer'), rolePrincipal('AMSP', 'client')];
    expect(who.peer.satisfies(combined(rolePrincipal('AMSP', 'member'), peer))).toBe(true);
    expect(who.peer.satisfies(combined(peer, client))).toBe(false);
    expect(who.peer.satisfies(combined())).toBe(false);
  });

  it('of anonymity is met by names only', () => {
    const anonymity = new msp.MSPIdentityAnonymity();
    anonymity.setAnonymityType(msp.MSPIdentityAnonymity.MSPIdentityAnonymityType.ANONYMOUS);
    expect(who.peer.satisfies(principal(msp.MSPPrincipal.Classification.ANONYMITY, anonymity))).toBe(false);
    anonymity.setAnonymityType(msp.MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL);
    expect(who.peer.satisfies(principal(msp.MSPPrincipal.Classification.ANONYMITY, anonymity))).toBe(true);
  });
});
