import { msp } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { publicOrganization, type OrganizationMaterial } from '../certificates/organization.js';
import { certificateFingerprint } from '../certificates/fingerprint.js';
import { mspConfig } from '../profile/organization-groups.js';
import { testOrganizations } from '../testing/organizations.js';
import { Msp, MspConfigError } from './msp.js';

let a: OrganizationMaterial;

beforeAll(async () => {
  [a] = (await testOrganizations(['A'])) as [OrganizationMaterial];
});

function edited(edit: (fabric: msp.FabricMSPConfig) => void): msp.MSPConfig {
  const config = mspConfig(publicOrganization(a));
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  edit(fabric);
  config.setConfig(fabric.serializeBinary());
  return config;
}

describe("An MSP's definition", () => {
  it('gives the fingerprints of its roots', () => {
    const read = Msp.fromConfig(mspConfig(publicOrganization(a)));
    expect(read.rootFingerprints).toEqual([certificateFingerprint(a.ca.certificate)]);
    expect(read.tlsRootFingerprints).toEqual([certificateFingerprint(a.tlsCa.certificate)]);
  });

  it.each<[string, (fabric: msp.FabricMSPConfig) => void, string]>([
    ['no name', (fabric) => fabric.setName(''), 'empty MSP ID'],
    ['no root', (fabric) => fabric.setRootCertsList([]), 'expected at least one CA certificate'],
    ['garbage as root', (fabric) => fabric.setRootCertsList([Buffer.from('x')]), "can't be read"],
    [
      'a root that is no authority',
      (fabric) => fabric.setRootCertsList([Buffer.from(a.admin.certificate)]),
      'did not have the CA attribute',
    ],
    [
      'an intermediate of nobody',
      (fabric) => fabric.setIntermediateCertsList([Buffer.from(a.tlsCa.certificate)]),
      'CA Certificate is not valid',
    ],
    ['revocation lists', (fabric) => fabric.setRevocationListList([Buffer.from('x')]), 'not supported'],
    [
      'organizational unit identifiers',
      (fabric) => fabric.setOrganizationalUnitIdentifiersList([new msp.FabricOUIdentifier()]),
      'not supported',
    ],
    ['another hash', (fabric) => fabric.getCryptoConfig()?.setSignatureHashFamily('SHA3'), 'not supported'],
    ['no admin at all', (fabric) => fabric.setFabricNodeOus(undefined), 'administrators must be declared'],
  ])('is refused with %s', (_, edit, message) => {
    expect(() => Msp.fromConfig(edited(edit))).toThrow(MspConfigError);
    expect(() => Msp.fromConfig(edited(edit))).toThrow(message);
  });

  it('is refused if it is not of X.509', () => {
    const config = mspConfig(publicOrganization(a));
    config.setType(1);
    expect(() => Msp.fromConfig(config)).toThrow('MSP type 1 is not supported');
  });
});
