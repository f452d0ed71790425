/** How a member's organization stands in the channel's configuration. The same for every engine. */
import {
  certificateDers,
  certificatePem,
  publicOrganization,
  type ChannelConfig,
  type ChannelOrganization,
  type OrdererPlace,
  type OrganizationMaterial,
} from 'umlauf-channel';
import type { PublicPart } from '../home/organization-file.js';
import type { LocalOrganization } from '../home/organizations.js';
import type { Ports } from '../home/ports.js';

export function channelOrganization(
  { member, material }: LocalOrganization,
  peerPort: number,
  orderer?: { readonly port: number },
): ChannelOrganization {
  const place: OrdererPlace | undefined = orderer && {
    host: member.host,
    port: orderer.port,
    ...consenterCertificates(material),
  };
  return {
    ...publicOrganization(material),
    peers: [{ host: member.host, port: peerPort }],
    ...(place ? { orderer: place } : {}),
  };
}

/** What a member's machine tells the others of it, with a place among the consenters, whether it takes that or not. */
export async function exportedPart(organization: LocalOrganization, ports: Ports): Promise<PublicPart> {
  const { member, material } = organization;
  const port = async (kind: 'peer' | 'orderer') =>
    ports.kept(member, kind) ?? (await ports.choose(member, kind)); // kept: others may know it, and it may be in use
  const orderer = { host: member.host, port: await port('orderer'), ...consenterCertificates(material) };
  return { ...channelOrganization(organization, await port('peer')), orderer };
}

/** By what the channel's configuration knows an organization's consenter: certificates alone, without their chains. */
export function consenterCertificates({
  orderer,
}: OrganizationMaterial): Pick<
  OrdererPlace,
  'signingCertificate' | 'clientTlsCertificate' | 'serverTlsCertificate'
> {
  const [leaf] = certificateDers(orderer.tls.certificate);
  const tls = certificatePem(leaf ?? new Uint8Array());
  return {
    signingCertificate: orderer.signing.certificate,
    clientTlsCertificate: tls,
    serverTlsCertificate: tls,
  };
}

/** Whether the channel's configuration knows an organization's consenter by these certificates. */
export function hasConsenterCertificates(config: ChannelConfig, material: OrganizationMaterial): boolean {
  const { signingCertificate, clientTlsCertificate } = consenterCertificates(material);
  return config.consenters.some(
    (consenter) =>
      consenter.mspId === material.mspId &&
      consenter.certificate.trim() === signingCertificate.trim() &&
      consenter.clientTlsCertificate.trim() === clientTlsCertificate.trim(),
  );
}
