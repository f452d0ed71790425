import { discovery, gossip } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
import { CONNECTION_OPTIONS, deadline, tlsCredentials, type NodeAddress } from './connection.js';

/** What a peer knows of the organizations' peers on a channel. */
export interface KnownPeer {
  readonly mspId: string;
  /** `host:port` by which the other organizations reach it. */
  readonly endpoint: string;
  /** Number of blocks, as gossip last told it. */
  readonly height: number;
  /** Names of the chaincodes that it can run: committed, approved and installed. */
  readonly chaincodes: readonly string[];
}

const TIMEOUT_MS = 5_000;

/** A peer's discovery service: what its gateway takes endorsers from. */
export class DiscoveryClient {
  private readonly client: discovery.DiscoveryClient;

  constructor(
    address: NodeAddress,
    private readonly signer: Signer,
  ) {
    this.client = new discovery.DiscoveryClient(
      address.endpoint,
      tlsCredentials(address),
      CONNECTION_OPTIONS,
    );
  }

  /** The peers of a channel that are alive, itself included. */
  async peers(channel: string): Promise<KnownPeer[]> {
    const query = new discovery.Query();
    query.setChannel(channel);
    query.setPeerQuery(new discovery.PeerMembershipQuery());
    const result = await this.ask(query);
    const error = result.getError();
    if (error) throw new Error(`discovery: ${error.getContent()}`);
    const known: KnownPeer[] = [];
    result
      .getMembers()
      ?.getPeersByOrgMap()
      .forEach((peers, mspId) => {
        for (const peer of peers.getPeersList()) known.push(knownPeer(mspId, peer));
      });
    return known;
  }

  close(): void {
    this.client.close();
  }

  private async ask(query: discovery.Query): Promise<discovery.QueryResult> {
    const authentication = new discovery.AuthInfo();
    authentication.setClientIdentity(this.signer.identity);
    const request = new discovery.Request();
    request.setAuthentication(authentication);
    request.setQueriesList([query]);
    const payload = request.serializeBinary();
    const signed = new discovery.SignedRequest();
    signed.setPayload(payload);
    signed.setSignature(this.signer.sign(payload));
    return new Promise((resolve, reject) => {
      this.client.discover(signed, deadline(TIMEOUT_MS), (error, response) => {
        const [result] = response?.getResultsList() ?? [];
        if (error) reject(error);
        else if (result) resolve(result);
        else reject(new Error('discovery answered nothing'));
      });
    });
  }
}

function knownPeer(mspId: string, peer: discovery.Peer): KnownPeer {
  const bytes = peer.getStateInfo()?.getPayload_asU8();
  const properties = bytes
    ? gossip.GossipMessage.deserializeBinary(bytes).getStateInfo()?.getProperties()
    : undefined;
  const membership = peer.getMembershipInfo()?.getPayload_asU8();
  const alive = membership && gossip.GossipMessage.deserializeBinary(membership).getAliveMsg();
  return {
    mspId,
    endpoint: alive?.getMembership()?.getEndpoint() ?? '',
    height: properties?.getLedgerHeight() ?? 0,
    chaincodes: properties?.getChaincodesList().map((chaincode) => chaincode.getName()) ?? [],
  };
}
