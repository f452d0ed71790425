import {
  ChannelConfig,
  createConfig,
  createOrganization,
  publicOrganization,
  type ChannelOrganization,
  type OrganizationChange,
  type OrganizationMaterial,
} from 'umlauf-channel';

export interface TestChannel {
  /** One more than there are members. */
  readonly materials: readonly OrganizationMaterial[];
  readonly channel: ChannelConfig;
}

/** A channel of `M0MSP`, `M1MSP` …, the first of which order. */
export async function testChannel(members: number, orderers: number): Promise<TestChannel> {
  const materials = await Promise.all(
    Array.from({ length: members + 1 }, (_, index) =>
      createOrganization({ mspId: `M${index}MSP`, domain: `m${index}.example`, hosts: [], users: [] }),
    ),
  );
  const organizations = materials.slice(0, members).map((material, index) => ({
    ...part(material),
    ...(index < orderers ? { orderer: place(material, 7050 + index) } : {}),
  }));
  const config = createConfig({ channelId: 'umlauf', organizations });
  return { materials, channel: ChannelConfig.fromConfig(config, 'umlauf') };
}

export function adding(material: OrganizationMaterial): Extract<OrganizationChange, { kind: 'add' }> {
  return { kind: 'add', mspId: material.mspId, organization: part(material) };
}

function part(material: OrganizationMaterial): ChannelOrganization {
  return { ...publicOrganization(material), peers: [{ host: 'localhost', port: 8050 }] };
}

function place(material: OrganizationMaterial, port: number) {
  return {
    host: 'localhost',
    port,
    signingCertificate: material.orderer.signing.certificate,
    clientTlsCertificate: material.orderer.tls.certificate,
    serverTlsCertificate: material.orderer.tls.certificate,
  };
}
