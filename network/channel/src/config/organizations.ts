import { msp, common } from '@hyperledger/fabric-protos';
import { hex, sha256 } from '../encoding/bytes.js';
import { LruCache } from '../msp/lru-cache.js';
import { consentersOf } from '../profile/consenters.js';
import { KEY } from '../profile/group.js';
import { Msp, MspConfigError } from '../msp/msp.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError } from './errors.js';

/**
 * MSPs by the hash of their definition: the same ones stand under Application and Orderer, and in every later
 * configuration, and their certificates take most of the time that reading a configuration does.
 */
const MSPS = new LruCache<string, Msp>(500);

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
  /** MSP ids by the names of the groups, which needn't be the same. */
  readonly mspIds: ReadonlyMap<string, string>;
  readonly msps: ReadonlyMap<string, { readonly provider: Msp; readonly definition: Uint8Array }>;
}

/**
 * Reads the organizations of a group.
 * @throws ChannelConfigError if one has no valid MSP, or two share an MSP id
 */
export function readOrganizations(group: common.ConfigGroup | undefined): GroupOrganizations {
  const organizations = new Map<string, OrganizationConfig>();
  const mspIds = new Map<string, string>();
  const msps = new Map<string, { provider: Msp; definition: Uint8Array }>();
  group?.getGroupsMap().forEach((organization, name) => {
    const definition = organization.getValuesMap().get(KEY.msp)?.getValue_asU8();
    if (!definition) throw new ChannelConfigError(`MSP for org ${name} has empty MSP ID`);
    const provider = readMsp(definition);
    if (msps.has(provider.mspId)) {
      throw new ChannelConfigError(`Two organizations have the MSP ID ${provider.mspId}`);
    }
    mspIds.set(name, provider.mspId);
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
  return { organizations, mspIds, msps };
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
  const key = hex(sha256(definition));
  const known = MSPS.get(key);
  if (known) return known;
  try {
    const provider = Msp.fromConfig(decodeConfigMessage(msp.MSPConfig, definition, 'MSPConfig'));
    MSPS.set(key, provider);
    return provider;
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
