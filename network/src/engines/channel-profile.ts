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
import type { LocalOrganization } from '../home/organizations.js';

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
