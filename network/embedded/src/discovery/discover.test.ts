/** What the probes don't show, since real Fabric would do it: the rest is held against its recorded answers. */
import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { discovery, gossip, peer } from '@hyperledger/fabric-protos';
import { createSigner, type Signer } from 'umlauf-channel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANNEL, startConsortium, userSigner, type Consortium } from '../testing/consortium.js';

let consortium: Consortium;
let client: discovery.DiscoveryClient;

beforeAll(async () => {
  consortium = await startConsortium({ count: 4 });
  const { host, port } = consortium.peer(1).endpoint;
  const roots = Buffer.from(consortium.members[0]!.tlsCa.certificate);
  client = new discovery.DiscoveryClient(`${host}:${port}`, credentials.createSsl(roots));
});

afterAll(async () => {
  client.close();
  await consortium.stop();
});

function ask(
  query: discovery.Query,
  signer: Signer = userSigner(consortium.members[0]!),
): Promise<discovery.QueryResult> {
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(signer.identity);
  const request = new discovery.Request();
  request.setAuthentication(authentication);
  request.addQueries(query);
  const signed = new discovery.SignedRequest();
  signed.setPayload(request.serializeBinary());
  signed.setSignature(signer.sign(signed.getPayload_asU8()));
  return new Promise((resolve, reject) => {
    client.discover(signed, (error: ServiceError | null, response) => {
      if (error) reject(error);
      else resolve(response!.getResultsList()[0]!);
    });
  });
}

function peersOf(channel = CHANNEL): discovery.Query {
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setPeerQuery(new discovery.PeerMembershipQuery());
  return query;
}

const found = (result: discovery.QueryResult) =>
  [...(result.getMembers()?.getPeersByOrgMap().entries() ?? [])].map(
    ([mspId, peers]) => [mspId, peers.getPeersList().length] as const,
  );

test('a peer that is down is not among those alive, its organization is', async () => {
  consortium.peer(3).stop();
  expect(found(await ask(peersOf()))).toEqual([
    ['Org1MSP', 1],
    ['Org2MSP', 1],
    ['Org3MSP', 0],
    ['Org4MSP', 1],
  ]);
  await consortium.peer(3).start();
  expect(found(await ask(peersOf())).every(([, count]) => count === 1)).toBe(true);
});

test('each answer is a newer sign of life', async () => {
  const heartbeat = async () => {
    const result = await ask(peersOf());
    const [other] = result.getMembers()!.getPeersByOrgMap().get('Org2MSP')!.getPeersList();
    const payload = other!.getMembershipInfo()!.getPayload_asU8();
    return gossip.GossipMessage.deserializeBinary(payload).getAliveMsg()!.getTimestamp()!.getSeqNum();
  };
  expect(await heartbeat()).toBeLessThan(await heartbeat());
});

test('what is not supported is refused by name', async () => {
  const endorsers = new discovery.Query();
  endorsers.setChannel(CHANNEL);
  endorsers.setCcQuery(new discovery.ChaincodeQuery());
  const filtered = peersOf();
  const filter = new discovery.PeerMembershipQuery();
  filter.setFilter(new peer.ChaincodeInterest());
  filtered.setPeerQuery(filter);
  const local = new discovery.Query();
  local.setLocalPeers(new discovery.LocalPeerQuery());
  const [own] = consortium.members;
  const refused = (name: string) => ({
    code: status.UNIMPLEMENTED,
    details: `discovery: ${name} are not supported by the embedded network`,
  });
  await expect(ask(endorsers)).rejects.toMatchObject(refused('queries for endorsers'));
  await expect(ask(filtered)).rejects.toMatchObject(refused('queries for peers with a filter'));
  await expect(ask(local, createSigner(own!.admin, own!.mspId))).rejects.toMatchObject(
    refused('queries for local peers'),
  );
});

test('a request that is no message is refused', async () => {
  const { host, port } = consortium.peer(1).endpoint;
  const roots = Buffer.from(consortium.members[0]!.tlsCa.certificate);
  const raw = new Client(`${host}:${port}`, credentials.createSsl(roots));
  const signed = new discovery.SignedRequest();
  signed.setPayload(Buffer.from([0xff, 0xff]));
  const answer = new Promise((resolve, reject) => {
    raw.makeUnaryRequest(
      '/discovery.Discovery/Discover',
      (message: discovery.SignedRequest) => Buffer.from(message.serializeBinary()),
      (bytes: Buffer) => bytes,
      signed,
      (error: ServiceError | null, response) => (error ? reject(error) : resolve(response)),
    );
  });
  await expect(answer).rejects.toMatchObject({
    code: status.UNKNOWN,
    details: expect.stringMatching(/^failed parsing request: /) as string,
  });
  raw.close();
});
