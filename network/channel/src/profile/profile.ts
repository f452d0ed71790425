import type { PublicOrganization } from '../certificates/organization.js';

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
  /**
   * How long the leader gathers transactions, a Go duration such as `200ms`. Fabric wants it here, and BFT orderers go by
   * SmartBFT's request batch maximum interval: it is both.
   */
  readonly timeout: string;
}

/** What a channel's genesis block is made from. */
export interface ChannelProfile {
  /** `[a-z][a-z0-9.-]*`, at most 249 characters (common/configtx/validator.go). */
  readonly channelId: string;
  readonly organizations: readonly ChannelOrganization[];
  /** Default: `defaultBatch` for so many organizations. */
  readonly batch?: BatchProfile | undefined;
}

/** Up to here a block costs little beside the transactions in it. */
const FEW_ORGANIZATIONS = 8;

/**
 * Blocks of at most 500 transactions and 10 MB, as Fabric's own samples have them. Each block costs every organization,
 * whatever is in it: many have fewer and larger ones (measured at 18: half as much again of transactions).
 */
export function defaultBatch(organizations: number): BatchProfile {
  return {
    maxMessageCount: 500,
    absoluteMaxBytes: 10 * 1024 * 1024,
    preferredMaxBytes: 2 * 1024 * 1024,
    timeout: organizations > FEW_ORGANIZATIONS ? '500ms' : '200ms',
  };
}

/** How a channel's transactions are gathered. */
export function batchOf({ batch, organizations }: ChannelProfile): BatchProfile {
  return batch ?? defaultBatch(organizations.length);
}
