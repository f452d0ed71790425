/** How a member's organization stands in the channel's configuration, and how it gets there. The same for every engine. */
import {
  ChannelConfig,
  addOrganization,
  configUpdateEnvelope,
  createSigner,
  proposeConfigUpdate,
  publicOrganization,
  signConfigUpdate,
  type ChannelOrganization,
  type OrdererPlace,
} from 'umlauf-channel';
import type { common } from '@hyperledger/fabric-protos';
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

/**
 * The config update that adds an organization, signed by the admins given: a majority of the members' and of the
 * orderers' admins must be among them. All flat policies are rewritten in it.
 */
export function joinUpdate(
  channel: ChannelConfig,
  organization: ChannelOrganization,
  admins: readonly LocalOrganization[],
): common.Envelope {
  const update = proposeConfigUpdate(
    channel.config,
    addOrganization(channel.config, organization),
    channel.channelId,
  ).serializeBinary();
  const signers = admins.map(({ material }) => createSigner(material.admin, material.mspId));
  const [submitter] = signers;
  if (!submitter) throw new TypeError('A config update needs an admin');
  return configUpdateEnvelope(
    update,
    signers.map((signer) => signConfigUpdate(update, signer)),
    submitter,
  );
}
