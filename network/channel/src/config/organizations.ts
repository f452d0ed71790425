import { msp, common } from '@hyperledger/fabric-protos';
import { consentersOf } from '../profile/consenters.js';
import { KEY } from '../profile/group.js';
import { Msp, MspConfigError } from '../msp/msp.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError } from './errors.js';

/** An organization as the channel's configuration has it. */
export interface OrganizationConfig {
  readonly mspId: string;
  /** SHA-256 fingerprints (hexadecimal) of the root certificates that sign identities. */
  readonly rootFingerprints: readonly string[];
  /** The same of the TLS roots. */
  readonly tlsRootFingerprints: readonly string[];
  /** PEM. */
  readonly rootCertificates: readonly string[];
  /** PEM. */
  readonly tlsRootCertificates: readonly string[];
  /** `host:port` of its orderer; only under Orderer. */
  readonly ordererEndpoints: readonly string[];
}

/** A consenter as the channel's configuration has it. Certificates are PEM. */
export interface ConsenterConfig {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly mspId: string;
  /** The identity that signs blocks. */
  readonly certificate: string;
  readonly clientTlsCertificate: string;
  readonly serverTlsCertificate: string;
}

/** The organizations of one group (Application or Orderer), with their MSPs, by MSP id. */
export interface GroupOrganizations {
  readonly organizations: ReadonlyMap<string, OrganizationConfig>;
  readonly msps: ReadonlyMap<string, { readonly provider: Msp; readonly definition: Uint8Array }>;
}

/**
 * Reads the organizations of a group.
 * @throws ChannelConfigError if one has no valid MSP, or two share an MSP id
 */
export function readOrganizations(group: common.ConfigGroup | undefined): GroupOrganizations {
  const organizations = new Map<string, OrganizationConfig>();
  const msps = new Map<string, { provider: Msp; definition: Uint8Array }>();
  group?.getGroupsMap().forEach((organization, name) => {
    const definition = organization.getValuesMap().get(KEY.msp)?.getValue_asU8();
    if (!definition) throw new ChannelConfigError(`MSP for org ${name} has empty MSP ID`);
    const provider = readMsp(definition);
    if (msps.has(provider.mspId)) {
      throw new ChannelConfigError(`Two organizations have the MSP ID ${provider.mspId}`);
    }
    msps.set(provider.mspId, { provider, definition });
    organizations.set(provider.mspId, {
      mspId: provider.mspId,
      rootFingerprints: provider.rootFingerprints,
      tlsRootFingerprints: provider.tlsRootFingerprints,
      rootCertificates: provider.rootCertificates,
      tlsRootCertificates: provider.tlsRootCertificates,
      ordererEndpoints: endpoints(organization),
    });
  });
  return { organizations, msps };
}

/** Reads the consenter mapping of an Orderer group. */
export function readConsenters(ordering: common.ConfigGroup | undefined): ConsenterConfig[] {
  return consentersOf(ordering).map((consenter) => ({
    id: consenter.getId(),
    host: consenter.getHost(),
    port: consenter.getPort(),
    mspId: consenter.getMspId(),
    certificate: text(consenter.getIdentity_asU8()),
    clientTlsCertificate: text(consenter.getClientTlsCert_asU8()),
    serverTlsCertificate: text(consenter.getServerTlsCert_asU8()),
  }));
}

function readMsp(definition: Uint8Array): Msp {
  try {
    return Msp.fromConfig(decodeConfigMessage(msp.MSPConfig, definition, 'MSPConfig'));
  } catch (error) {
    if (!(error instanceof MspConfigError)) throw error;
    throw new ChannelConfigError(`setting up the MSP failed: ${error.message}`, { cause: error });
  }
}

function endpoints(organization: common.ConfigGroup): string[] {
  const value = organization.getValuesMap().get(KEY.endpoints);
  return value
    ? decodeConfigMessage(common.OrdererAddresses, value.getValue_asU8(), 'Endpoints').getAddressesList()
    : [];
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
