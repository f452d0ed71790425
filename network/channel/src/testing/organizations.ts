import {
  createOrganization,
  publicOrganization,
  type OrganizationMaterial,
  type Validity,
} from '../certificates/organization.js';
import { createSigner, type Signer } from '../signing/signer.js';
import { type ChannelOrganization, type ChannelProfile } from '../profile/profile.js';

/** Organizations for tests, one for each name: `A` becomes `AMSP` of `a.example`, with the user `clerk`. */
export async function testOrganizations(
  names: readonly string[],
  validity?: Validity,
): Promise<OrganizationMaterial[]> {
  return Promise.all(
    names.map((name) =>
      createOrganization({
        mspId: `${name}MSP`,
        domain: `${name.toLowerCase()}.example`,
        hosts: [`${name.toLowerCase()}.example`],
        users: [{ name: 'clerk', commonName: `clerk.${name.toLowerCase()}`, organizationalUnits: [] }],
        validity,
      }),
    ),
  );
}

/** An organization as a member of a test channel, ordering or not. */
export function channelOrganization(
  material: OrganizationMaterial,
  { ordering = true }: { ordering?: boolean } = {},
): ChannelOrganization {
  const place = {
    host: material.domain,
    port: 7050,
    signingCertificate: material.orderer.signing.certificate,
    clientTlsCertificate: material.orderer.tls.certificate,
    serverTlsCertificate: material.orderer.tls.certificate,
  };
  return {
    ...publicOrganization(material),
    peers: [{ host: material.domain, port: 7051 }],
    orderer: ordering ? place : undefined,
  };
}

/** A channel of these organizations, all of which order. */
export function testProfile(materials: readonly OrganizationMaterial[]): ChannelProfile {
  return {
    channelId: 'umlauf',
    organizations: materials.map((material) => channelOrganization(material)),
  };
}

/** Signers of one kind, one for each organization. */
export function signers(
  materials: readonly OrganizationMaterial[],
  kind: 'admin' | 'peer' | 'orderer' | 'clerk',
): Signer[] {
  return materials.map((material) => {
    const { mspId, admin, peer, orderer, users } = material;
    const keyPair = { admin, peer: peer.signing, orderer: orderer.signing, clerk: users['clerk'] }[kind];
    if (!keyPair) throw new TypeError(`${mspId} has no ${kind}`);
    return createSigner(keyPair, mspId);
  });
}
