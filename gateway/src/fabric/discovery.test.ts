import { Client, credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { discovery, gossip } from '@hyperledger/fabric-protos';
import { afterEach, describe, expect, it } from 'vitest';
import { discoverNodes, discoverPeers, type DiscoveryCall } from './discovery.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

type Answer = (request: discovery.Request, signed: discovery.SignedRequest) => discovery.QueryResult[];

/** A call to a peer that answers so. */
async function callTo(answer: Answer): Promise<DiscoveryCall> {
  const server = new Server();
  server.addService(discovery.DiscoveryService, {
    discover: (
      { request }: { request: discovery.SignedRequest },
      done: (error: ServiceError | null, response: discovery.Response) => void,
    ) => {
      const response = new discovery.Response();
      response.setResultsList(
        answer(discovery.Request.deserializeBinary(request.getPayload_asU8()), request),
      );
      done(null, response);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  ends.push(() => {
    client.close();
    server.forceShutdown();
  });
  const by = {
    identity: Buffer.from('me'),
    sign: (message: Uint8Array) => Promise.resolve(message.slice(0, 3)),
  };
  return { client, by, channel: 'cooperative', deadlineMs: 5_000 };
}

function envelope(fill: (message: gossip.GossipMessage) => void): gossip.Envelope {
  const message = new gossip.GossipMessage();
  fill(message);
  const sealed = new gossip.Envelope();
  sealed.setPayload(message.serializeBinary());
  return sealed;
}

function members(): discovery.QueryResult {
  const peer = new discovery.Peer();
  peer.setMembershipInfo(
    envelope((message) => {
      const member = new gossip.Member();
      member.setEndpoint('peer.a.example:7051');
      const time = new gossip.PeerTime();
      time.setIncNum(5);
      time.setSeqNum(9);
      const alive = new gossip.AliveMessage();
      alive.setMembership(member);
      alive.setTimestamp(time);
      message.setAliveMsg(alive);
    }),
  );
  peer.setStateInfo(
    envelope((message) => {
      const chaincode = new gossip.Chaincode();
      chaincode.setName('umlauf');
      const properties = new gossip.Properties();
      properties.setLedgerHeight(12);
      properties.addChaincodes(chaincode);
      const state = new gossip.StateInfo();
      state.setProperties(properties);
      message.setStateInfo(state);
    }),
  );
  const peers = new discovery.Peers();
  peers.addPeers(peer);
  const result = new discovery.PeerMembershipResult();
  result.getPeersByOrgMap().set('AMSP', peers).set('GoneMSP', new discovery.Peers());
  const answer = new discovery.QueryResult();
  answer.setMembers(result);
  return answer;
}

function orderers(...hosts: string[]): discovery.QueryResult {
  const endpoints = new discovery.Endpoints();
  for (const host of hosts) {
    const endpoint = new discovery.Endpoint();
    endpoint.setHost(host);
    endpoint.setPort(7050);
    endpoints.addEndpoint(endpoint);
  }
  const result = new discovery.ConfigResult();
  result.getOrderersMap().set('BMSP', endpoints);
  const answer = new discovery.QueryResult();
  answer.setConfigResult(result);
  return answer;
}

function refusal(reason: string): discovery.QueryResult {
  const error = new discovery.Error();
  error.setContent(reason);
  const answer = new discovery.QueryResult();
  answer.setError(error);
  return answer;
}

const PEER = {
  mspId: 'AMSP',
  endpoint: 'peer.a.example:7051',
  height: 12,
  chaincodes: ['umlauf'],
  heartbeat: '5.9',
};

describe('a peer that is asked for the nodes of its channel', () => {
  it('tells the peers that are alive', async () => {
    expect(await discoverPeers(await callTo(() => [members()]))).toEqual([PEER]);
  });

  it('tells the orderers beside them, in one answer', async () => {
    const call = await callTo(() => [members(), orderers('b.example', '::1')]);
    expect(await discoverNodes(call)).toEqual({
      peers: [PEER],
      orderers: [
        { mspId: 'BMSP', endpoint: 'b.example:7050' },
        { mspId: 'BMSP', endpoint: '[::1]:7050' },
      ],
    });
  });

  it('is asked about that channel, signed by whoever asks', async () => {
    const asked: unknown[] = [];
    const call = await callTo((request, signed) => {
      const queries = request.getQueriesList();
      asked.push(queries.map((query) => [query.getChannel(), query.hasPeerQuery(), query.hasConfigQuery()]));
      asked.push(Buffer.from(request.getAuthentication()?.getClientIdentity_asU8() ?? []).toString());
      asked.push(Buffer.compare(signed.getSignature_asU8(), signed.getPayload_asU8().slice(0, 3)));
      return [members(), orderers()];
    });
    await discoverNodes(call);
    expect(asked).toEqual([
      [
        ['cooperative', true, false],
        ['cooperative', false, true],
      ],
      'me',
      0,
    ]);
  });

  it('may refuse one of the questions', async () => {
    const call = await callTo(() => [members(), refusal('access denied')]);
    await expect(discoverNodes(call)).rejects.toThrow('discovery: access denied');
  });
});
