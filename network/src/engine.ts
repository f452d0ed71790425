/**
 * What runs the channel: the embedded network or real Fabric. Both run the same chaincode and the same gateways; what
 * differs is behind this interface.
 */
import type { LocalOrganization } from './home/organizations.js';

/** What can run the channel. */
export const ENGINES = ['embedded', 'fabric'] as const;
export type EngineName = (typeof ENGINES)[number];

/** How a gateway reaches its organization's peer. */
export interface PeerAddress {
  /** `host:port` */
  readonly endpoint: string;
  /** PEM */
  readonly tlsRootCertificates: string;
}

/** An organization as the channel's configuration has it. */
export interface ChannelMember {
  readonly mspId: string;
  /** SHA-256 of each root certificate. */
  readonly fingerprints: { readonly signing: readonly string[]; readonly tls: readonly string[] };
}

export interface Engine {
  readonly name: EngineName;
  /** The application organizations, from the channel's configuration. */
  members(): Promise<readonly ChannelMember[]>;
  /** Address of an organization's peer; undefined if none runs here. */
  peer(mspId: string): PeerAddress | undefined;
  /**
   * Adds an organization to the channel (unless it is there), starts its peer, installs and approves the chaincode.
   * Running it again finishes what was interrupted.
   */
  join(organization: LocalOrganization): Promise<void>;
  stop(): Promise<void>;
}
