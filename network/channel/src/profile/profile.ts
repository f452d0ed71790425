import type { PublicOrganization } from '../certificates/organization.js';
import type { SmartBftOptions } from './smart-bft.js';

/** Where something is reached. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An organization's place among the consenters. Certificates are PEM. */
export interface OrdererPlace extends Endpoint {
  /** Number of the consenter, unique on the channel. Default: the next free one. */
  readonly id?: number | undefined;
  /** The identity that signs blocks. */
  readonly signingCertificate: string;
  readonly clientTlsCertificate: string;
  readonly serverTlsCertificate: string;
}

/** A member of the channel. */
export interface ChannelOrganization extends PublicOrganization {
  /** Its anchor peers, by which the other organizations' peers find it. */
  readonly peers: readonly Endpoint[];
  /** Absent: it takes part without ordering. */
  readonly orderer?: OrdererPlace | undefined;
}

/** How transactions are gathered into blocks. */
export interface BatchProfile {
  readonly maxMessageCount: number;
  /** Bytes. */
  readonly absoluteMaxBytes: number;
  /** Bytes. */
  readonly preferredMaxBytes: number;
  /** A Go duration, such as `200ms`. Fabric wants it, but BFT orderers go by the interval of `smartBft`. */
  readonly timeout: string;
}

/** What a channel's genesis block is made from. */
export interface ChannelProfile {
  /** `[a-z][a-z0-9.-]*`, at most 249 characters (common/configtx/validator.go). */
  readonly channelId: string;
  readonly organizations: readonly ChannelOrganization[];
  readonly batch: BatchProfile;
  /** Differences from `DEFAULT_SMART_BFT`. */
  readonly smartBft?: Partial<SmartBftOptions> | undefined;
}

/** Blocks of at most 500 transactions and 10 MB, as Fabric's own samples have them. */
export const DEFAULT_BATCH: BatchProfile = {
  maxMessageCount: 500,
  absoluteMaxBytes: 10 * 1024 * 1024,
  preferredMaxBytes: 2 * 1024 * 1024,
  timeout: '200ms',
};
