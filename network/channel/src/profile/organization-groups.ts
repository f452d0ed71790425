import { common, msp, peer } from '@hyperledger/fabric-protos';
import type { PublicOrganization } from '../certificates/organization.js';
import { organizationsPolicy } from '../policies/build.js';
import { signatureConfigPolicy } from '../policies/config-policy.js';
import { decodeConfigMessage } from '../config/decode.js';
import { KEY, newGroup, setPolicy, setValue } from './group.js';
import type { ChannelOrganization, Endpoint } from './profile.js';

/** The type number of X.509 MSPs. */
const FABRIC_MSP = 0;

/** An organization's group under Application: its MSP, who acts for it, and where its peers are found. */
export function applicationOrganization(organization: ChannelOrganization): common.ConfigGroup {
  const group = organizationGroup(organization);
  const endorsement = organizationsPolicy(1, [organization.mspId], 'peer');
  setPolicy(group, 'Endorsement', signatureConfigPolicy(endorsement));
  // Fabric's encoder leaves the value out rather than writing an empty one.
  if (organization.peers.length > 0) setValue(group, KEY.anchorPeers, anchorPeers(organization.peers));
  return group;
}

/**
 * What `applicationOrganization` was given to make a group: what it says of an organization's authorities and peers, and
 * nothing else that may stand in it.
 * @throws ChannelConfigError if the group is malformed
 */
export function readApplicationOrganization(group: common.ConfigGroup): ChannelOrganization {
  const value = group.getValuesMap().get(KEY.anchorPeers)?.getValue_asU8();
  const anchors = value
    ? decodeConfigMessage(peer.AnchorPeers, value, KEY.anchorPeers).getAnchorPeersList()
    : [];
  return {
    ...readPublicOrganization(group),
    peers: anchors.map((anchor) => ({ host: anchor.getHost(), port: anchor.getPort() })),
  };
}

/**
 * The authorities that an organization's group names, under Application or Orderer.
 * @throws ChannelConfigError if the group is malformed
 */
export function readPublicOrganization(group: common.ConfigGroup): PublicOrganization {
  const fabric = readMspConfig(group, 'an organization');
  const roots = texts(fabric.getIntermediateCertsList_asU8());
  const tlsRoots = texts(fabric.getTlsIntermediateCertsList_asU8());
  return {
    mspId: fabric.getName(),
    caCertificates: texts(fabric.getRootCertsList_asU8()),
    tlsCaCertificates: texts(fabric.getTlsRootCertsList_asU8()),
    ...(roots.length === 0 ? {} : { intermediateCertificates: roots }),
    ...(tlsRoots.length === 0 ? {} : { tlsIntermediateCertificates: tlsRoots }),
  };
}

/** An organization's group under Orderer: its MSP, who acts for it, and the endpoint that peers and clients dial. */
export function ordererOrganization(
  organization: PublicOrganization,
  endpoint: Endpoint,
): common.ConfigGroup {
  const group = organizationGroup(organization);
  const addresses = new common.OrdererAddresses();
  addresses.setAddressesList([`${endpoint.host}:${endpoint.port}`]);
  setValue(group, KEY.endpoints, addresses);
  return group;
}

/** The definition of an organization's MSP, with node OUs on. */
export function mspConfig(organization: PublicOrganization): msp.MSPConfig {
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(organization.mspId);
  fabric.setRootCertsList(organization.caCertificates.map(bytes));
  fabric.setIntermediateCertsList((organization.intermediateCertificates ?? []).map(bytes));
  fabric.setTlsRootCertsList(organization.tlsCaCertificates.map(bytes));
  fabric.setTlsIntermediateCertsList((organization.tlsIntermediateCertificates ?? []).map(bytes));
  fabric.setCryptoConfig(crypto);
  fabric.setFabricNodeOus(nodeOus());
  const config = new msp.MSPConfig();
  config.setType(FABRIC_MSP);
  config.setConfig(fabric.serializeBinary());
  return config;
}

/**
 * The MSP ids of a group's organizations, sorted. The names of their groups needn't be the same.
 * @throws ChannelConfigError if an organization's MSP is malformed
 */
export function mspIdsOf(group: common.ConfigGroup | undefined): string[] {
  const mspIds: string[] = [];
  group?.getGroupsMap().forEach((organization, name) => {
    mspIds.push(readMspConfig(organization, name).getName());
  });
  return mspIds.sort();
}

function readMspConfig(group: common.ConfigGroup, name: string): msp.FabricMSPConfig {
  const bytes = group.getValuesMap().get(KEY.msp)?.getValue_asU8() ?? new Uint8Array();
  const config = decodeConfigMessage(msp.MSPConfig, bytes, `MSP of ${name}`);
  return decodeConfigMessage(msp.FabricMSPConfig, config.getConfig_asU8(), `MSP of ${name}`);
}

function texts(certificates: readonly Uint8Array[]): string[] {
  return certificates.map((certificate) => Buffer.from(certificate).toString());
}

function organizationGroup(organization: PublicOrganization): common.ConfigGroup {
  const { mspId } = organization;
  const group = newGroup();
  setValue(group, KEY.msp, mspConfig(organization));
  setPolicy(group, 'Readers', signatureConfigPolicy(organizationsPolicy(1, [mspId], 'member')));
  setPolicy(group, 'Writers', signatureConfigPolicy(organizationsPolicy(1, [mspId], 'member')));
  setPolicy(group, 'Admins', signatureConfigPolicy(organizationsPolicy(1, [mspId], 'admin')));
  return group;
}

function nodeOus(): msp.FabricNodeOUs {
  const unit = (name: string): msp.FabricOUIdentifier => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setOrganizationalUnitIdentifier(name);
    return identifier;
  };
  const ous = new msp.FabricNodeOUs();
  ous.setEnable(true);
  ous.setClientOuIdentifier(unit('client'));
  ous.setPeerOuIdentifier(unit('peer'));
  ous.setAdminOuIdentifier(unit('admin'));
  ous.setOrdererOuIdentifier(unit('orderer'));
  return ous;
}

function anchorPeers(endpoints: readonly Endpoint[]): peer.AnchorPeers {
  const result = new peer.AnchorPeers();
  result.setAnchorPeersList(
    endpoints.map(({ host, port }) => {
      const anchor = new peer.AnchorPeer();
      anchor.setHost(host);
      anchor.setPort(port);
      return anchor;
    }),
  );
  return result;
}

function bytes(pem: string): Uint8Array {
  return Buffer.from(pem);
}
