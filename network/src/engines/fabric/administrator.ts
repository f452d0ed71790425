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
  private closed = false;
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

  /**
   * Follows the channel's blocks from now on. The peer must have joined.
   * @throws Error if it was let go, also while the peer had yet to answer
   */
  async follow(): Promise<BlockFollower> {
    if (!this.follower) {
      const height = await chainHeight(this.endorser, this.channel);
      if (this.closed) throw new Error(`the administrator at ${this.peer.endpoint} was let go`);
      this.follower ??= new BlockFollower(this.peer, this.channel, this.signer, height);
    }
    return this.follower;
  }

  /**
   * Has peers endorse a call, orders it, and waits until it is valid at the own peer.
   * @param others peers beside the own one
   * @param enough of how many peers, the own one included, the endorsements are needed. Default: of all
   */
  async submit(
    content: Omit<ProposalContent, 'channel'>,
    others: readonly NodeAddress[] = [],
    enough = others.length + 1,
  ): Promise<Committed> {
    const follower = await this.follow();
    const proposal = createProposal({ ...content, channel: this.channel }, this.signer);
    const responses = await this.endorseAt(others, enough, (endorser) => endorser.endorse(proposal));
    const committed = follower.commit(proposal.transactionId);
    return this.order(createTransaction(proposal, responses, this.signer), committed);
  }

  /** Sends an update of the channel's configuration; resolves when the own peer has the new configuration. */
  async update(envelope: common.Envelope): Promise<void> {
    const follower = await this.follow();
    await this.order(envelope, follower.nextConfiguration());
  }

  close(): void {
    this.closed = true;
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
    enough: number,
    endorse: (endorser: EndorserClient) => Promise<peer.ProposalResponse>,
  ): Promise<peer.ProposalResponse[]> {
    const clients = others.map((address) => new EndorserClient(address, this.signer));
    try {
      const [own, ...answers] = await Promise.allSettled([this.endorser, ...clients].map(endorse));
      if (own?.status !== 'fulfilled') throw own?.reason as Error;
      const agreeing = answers.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
      const endorsements = [own.value, ...agreeing.filter((each) => samePayload(each, own.value))];
      if (endorsements.length >= enough) return endorsements;
      const refusal = answers.find((each) => each.status === 'rejected');
      throw refusal
        ? (refusal.reason as Error)
        : new Error(`only ${endorsements.length} of ${enough} peers agree on the outcome`);
    } finally {
      for (const client of clients) client.close();
    }
  }
}

function samePayload(a: peer.ProposalResponse, b: peer.ProposalResponse): boolean {
  return Buffer.from(a.getPayload_asU8()).equals(b.getPayload_asU8());
}

/** Where a channel's orderers are, from its configuration. */
export function orderersOf(config: ChannelConfig): (NodeAddress & { readonly mspId: string })[] {
  return [...config.ordererOrganizations.values()].flatMap(
    ({ mspId, ordererEndpoints, tlsRootCertificates }) =>
      ordererEndpoints.map((endpoint) => ({
        ...{ mspId, endpoint },
        tlsRootCertificates: tlsRootCertificates.join('\n'),
      })),
  );
}
