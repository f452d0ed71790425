/** How a member's organization stands in the channel's configuration. The same for every engine. */
import { publicOrganization, type ChannelOrganization, type OrdererPlace } from 'umlauf-channel';
import type { LocalOrganization } from '../home/organizations.js';

export function channelOrganization(
  { member, material }: LocalOrganization,
  peerPort: number,
  orderer?: { readonly port: number },
): ChannelOrganization {
  const place: OrdererPlace | undefined = orderer && {
    host: member.host,
    port: orderer.port,
    signingCertificate: material.orderer.signing.certificate,
    clientTlsCertificate: material.orderer.tls.certificate,
    serverTlsCertificate: material.orderer.tls.certificate,
  };
  return {
    ...publicOrganization(material),
    peers: [{ host: member.host, port: peerPort }],
    ...(place ? { orderer: place } : {}),
  };
}
