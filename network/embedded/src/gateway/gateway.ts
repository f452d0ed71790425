/** What the gateway of a peer works with (Fabric: the gateway's Server and registry). */
import { status } from '@grpc/grpc-js';
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerView } from '../ledger/view.js';
import { GrpcError } from '../protocol/grpc-error.js';
import type { CommitNotifier } from './commit-status.js';
import type { EndorsingPeer } from './endorsing-peer.js';

export interface GatewayContext {
  readonly channelId: string;
  readonly ledger: Ledger;
  readonly config: () => ChannelConfig;
  /** A view to close after use. */
  readonly view: () => LedgerView;
  /** The peer that this gateway is part of. */
  readonly own: EndorsingPeer;
  /** All peers of the network, the own one among them. */
  readonly peers: () => readonly EndorsingPeer[];
  /** @throws BroadcastError */
  readonly broadcast: (transaction: common.Envelope) => void;
  readonly commits: CommitNotifier;
  /** Whether the channel's configuration has this peer's organization. */
  readonly isMember: () => boolean;
}

/**
 * A peer whose organization has been removed from the channel gets no blocks any more. A real one goes on answering
 * from what it has; this one, which would know better, answers nothing.
 * @throws GrpcError UNAVAILABLE
 */
export function checkMembership({ isMember, own, channelId }: GatewayContext): void {
  if (isMember()) return;
  throw new GrpcError(
    status.UNAVAILABLE,
    `organization ${own.mspId} is not a member of channel ${channelId}: its peer gets no blocks any more`,
  );
}

export const noConfig = (channel: string): string =>
  `failed to get config for channel [${channel}]: could not get last config for channel ${channel}`;
