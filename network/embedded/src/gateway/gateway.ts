/** What the gateway of a peer works with (Fabric: the gateway's Server and registry). */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerView } from '../ledger/view.js';
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
}

export const noConfig = (channel: string): string =>
  `failed to get config for channel [${channel}]: could not get last config for channel ${channel}`;
