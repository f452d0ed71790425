import { Client } from '@grpc/grpc-js';
import type { Signer } from 'umlauf-channel';
import { discoverPeers, type DiscoveredPeer } from 'umlauf-gateway/discovery';
import { CONNECTION_OPTIONS, tlsCredentials, type NodeAddress } from './connection.js';

const TIMEOUT_MS = 5_000;

/** A peer's discovery service: what its gateway takes endorsers from. */
export class DiscoveryClient {
  private readonly client: Client;

  constructor(
    address: NodeAddress,
    private readonly signer: Signer,
  ) {
    this.client = new Client(address.endpoint, tlsCredentials(address), CONNECTION_OPTIONS);
  }

  /** The peers of a channel that are alive, itself included. */
  peers(channel: string): Promise<readonly DiscoveredPeer[]> {
    const { client, signer } = this;
    const by = { identity: signer.identity, sign: (message: Uint8Array) => signer.sign(message) };
    return discoverPeers({ client, by, channel, deadlineMs: TIMEOUT_MS });
  }

  close(): void {
    this.client.close();
  }
}
