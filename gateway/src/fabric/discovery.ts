/**
 * What a peer knows of its channel's nodes: Fabric's service discovery (`discovery.Discovery`), independent of any
 * chaincode. A signed question, which any client of a member organization may ask.
 */
import type { CallOptions, Client, ServiceError } from '@grpc/grpc-js';
import { discovery, gossip } from '@hyperledger/fabric-protos';
import { deadlineIn } from './connection.js';

/** A peer that another one takes for alive. */
export interface DiscoveredPeer {
  readonly mspId: string;
  /** `host:port` by which the other organizations reach it. */
  readonly endpoint: string;
  /** Number of blocks, as gossip last told it. */
  readonly height: number;
  /** Names of the chaincodes that it can run: committed, approved and installed. */
  readonly chaincodes: readonly string[];
  /** Changes with each sign of life that the asked peer got from it. */
  readonly heartbeat: string;
}

/** Where an orderer is, as the channel's configuration says: whether it is alive, no peer knows. */
export interface DiscoveredOrderer {
  readonly mspId: string;
  /** `host:port`. */
  readonly endpoint: string;
}

/** Who asks. */
export interface DiscoveryIdentity {
  /** `msp.SerializedIdentity`. */
  readonly identity: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** The nodes of a channel. */
export interface DiscoveredNodes {
  readonly peers: readonly DiscoveredPeer[];
  readonly orderers: readonly DiscoveredOrderer[];
}

/** A question to one peer. */
export interface DiscoveryCall {
  /** Connected to the peer that is asked. */
  readonly client: Client;
  readonly by: DiscoveryIdentity;
  readonly channel: string;
  readonly deadlineMs: number;
}

/**
 * The peers of a channel that are alive, the asked one included.
 * @throws {Error} what gRPC throws, or with the peer's refusal: `access denied` also for a channel that it isn't on.
 */
export async function discoverPeers(call: DiscoveryCall): Promise<readonly DiscoveredPeer[]> {
  return peersIn(await ask(call, [peerQuery(call.channel)]));
}

/**
 * The peers that are alive, and the orderers that the channel's configuration names.
 * @throws {Error} as {@link discoverPeers}.
 */
export async function discoverNodes(call: DiscoveryCall): Promise<DiscoveredNodes> {
  const results = await ask(call, [peerQuery(call.channel), configQuery(call.channel)]);
  return { peers: peersIn(results), orderers: orderersIn(results) };
}

function peerQuery(channel: string): discovery.Query {
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setPeerQuery(new discovery.PeerMembershipQuery());
  return query;
}

function configQuery(channel: string): discovery.Query {
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setConfigQuery(new discovery.ConfigQuery());
  return query;
}

async function ask(
  { client, by, deadlineMs }: DiscoveryCall,
  queries: discovery.Query[],
): Promise<discovery.QueryResult[]> {
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(by.identity);
  const request = new discovery.Request();
  request.setAuthentication(authentication);
  request.setQueriesList(queries);
  const payload = request.serializeBinary();
  const signed = new discovery.SignedRequest();
  signed.setPayload(payload);
  signed.setSignature(await by.sign(payload));
  const results = (await discover(client, signed, deadlineIn(deadlineMs))).getResultsList();
  for (const result of results) {
    const error = result.getError();
    if (error) throw new Error(`discovery: ${error.getContent()}`);
  }
  return results;
}

function discover(
  client: Client,
  request: discovery.SignedRequest,
  options: CallOptions,
): Promise<discovery.Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/discovery.Discovery/Discover',
      (message: discovery.SignedRequest) => Buffer.from(message.serializeBinary()),
      (bytes) => discovery.Response.deserializeBinary(bytes),
      request,
      options,
      (error: ServiceError | null, response) => {
        if (error) reject(error);
        else resolve(response ?? new discovery.Response());
      },
    );
  });
}

function peersIn(results: readonly discovery.QueryResult[]): DiscoveredPeer[] {
  const found: DiscoveredPeer[] = [];
  for (const result of results)
    result
      .getMembers()
      ?.getPeersByOrgMap()
      .forEach((peers, mspId) => {
        for (const peer of peers.getPeersList()) found.push(discoveredPeer(mspId, peer));
      });
  return found;
}

function discoveredPeer(mspId: string, peer: discovery.Peer): DiscoveredPeer {
  const properties = messageIn(peer.getStateInfo())?.getStateInfo()?.getProperties();
  const alive = messageIn(peer.getMembershipInfo())?.getAliveMsg();
  const time = alive?.getTimestamp();
  return {
    mspId,
    endpoint: alive?.getMembership()?.getEndpoint() ?? '',
    height: properties?.getLedgerHeight() ?? 0,
    chaincodes: properties?.getChaincodesList().map((chaincode) => chaincode.getName()) ?? [],
    heartbeat: `${time?.getIncNum() ?? 0}.${time?.getSeqNum() ?? 0}`,
  };
}

function messageIn(envelope: gossip.Envelope | undefined): gossip.GossipMessage | undefined {
  return envelope && gossip.GossipMessage.deserializeBinary(envelope.getPayload_asU8());
}

function orderersIn(results: readonly discovery.QueryResult[]): DiscoveredOrderer[] {
  const found: DiscoveredOrderer[] = [];
  for (const result of results)
    result
      .getConfigResult()
      ?.getOrderersMap()
      .forEach((endpoints, mspId) => {
        for (const endpoint of endpoints.getEndpointList())
          found.push({ mspId, endpoint: hostAndPort(endpoint) });
      });
  return found;
}

function hostAndPort(endpoint: discovery.Endpoint): string {
  const host = endpoint.getHost();
  return `${host.includes(':') ? `[${host}]` : host}:${endpoint.getPort()}`;
}
