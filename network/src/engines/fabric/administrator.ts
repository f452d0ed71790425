import type { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, Signer } from 'umlauf-channel';
import { BlockFollower, type Committed } from './client/block-follower.js';
import { broadcast } from './client/broadcast.js';
import type { NodeAddress } from './client/connection.js';
import { DiscoveryClient } from './client/discovery.js';
import { EndorserClient } from './client/endorser-client.js';
import { createProposal, createTransaction, type ProposalContent } from './client/proposal.js';
import { chainHeight, channelConfig } from './client/system-chaincodes.js';

/** What an organization's administrator does on a channel, at its own peer. */
export class Administrator {
  readonly endorser: EndorserClient;
  readonly discovery: DiscoveryClient;
  private follower: BlockFollower | undefined;
  private orderers: NodeAddress[] | undefined;

  constructor(
    readonly peer: NodeAddress,
    private readonly channel: string,
    private readonly signer: Signer,
  ) {
    this.endorser = new EndorserClient(peer, signer);
    this.discovery = new DiscoveryClient(peer, signer);
  }

  /** The channel's configuration in force. */
  configuration(): Promise<ChannelConfig> {
    return channelConfig(this.endorser, this.channel);
  }

  /** Follows the channel's blocks from now on. The peer must have joined. */
  async follow(): Promise<BlockFollower> {
    if (!this.follower) {
      const height = await chainHeight(this.endorser, this.channel);
      this.follower ??= new BlockFollower(this.peer, this.channel, this.signer, height);
    }
    return this.follower;
  }

  /**
   * Has peers endorse a call, orders it, and waits until it is valid at the own peer.
   * @param others peers beside the own one
   */
  async submit(
    content: Omit<ProposalContent, 'channel'>,
    others: readonly NodeAddress[] = [],
  ): Promise<Committed> {
    const follower = await this.follow();
    const proposal = createProposal({ ...content, channel: this.channel }, this.signer);
    const responses = await this.endorseAt(others, (endorser) => endorser.endorse(proposal));
    const committed = follower.commit(proposal.transactionId);
    return this.order(createTransaction(proposal, responses, this.signer), committed);
  }

  /** Sends an update of the channel's configuration; resolves when the own peer has the new configuration. */
  async update(envelope: common.Envelope): Promise<void> {
    const follower = await this.follow();
    await this.order(envelope, follower.nextConfiguration());
  }

  close(): void {
    this.follower?.close();
    this.discovery.close();
    this.endorser.close();
  }

  private async order<T>(envelope: common.Envelope, outcome: Promise<T>): Promise<T> {
    outcome.catch(() => undefined); // if nobody takes the envelope, that is the error to tell
    this.orderers ??= orderersOf(await this.configuration());
    try {
      await broadcast(envelope, this.orderers);
    } catch (error) {
      this.orderers = undefined; // they may have changed: read anew next time
      throw error;
    }
    return outcome;
  }

  private async endorseAt(
    others: readonly NodeAddress[],
    endorse: (endorser: EndorserClient) => Promise<peer.ProposalResponse>,
  ): Promise<peer.ProposalResponse[]> {
    const clients = others.map((address) => new EndorserClient(address, this.signer));
    try {
      return await Promise.all([this.endorser, ...clients].map(endorse));
    } finally {
      for (const client of clients) client.close();
    }
  }
}

/** Where a channel's orderers are, from its configuration. */
function orderersOf(config: ChannelConfig): NodeAddress[] {
  return [...config.ordererOrganizations.values()].flatMap(({ ordererEndpoints, tlsRootCertificates }) =>
    ordererEndpoints.map((endpoint) => ({ endpoint, tlsRootCertificates: tlsRootCertificates.join('\n') })),
  );
}
