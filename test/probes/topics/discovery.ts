/** What a peer tells of the channel's nodes, and whom. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { discovery, gossip, msp, peer as protos } from '@hyperledger/fabric-protos';
import { certificateDers, createSigner, type Signer } from 'umlauf-channel';
import { until } from '../../harness/until.js';
import { failure } from '../failure.js';
import type { Json } from '../json.js';
import { CHAINCODE, CHANNEL, mspIdOf, organization, ORGANIZATIONS } from '../networks/network.js';
import type { Topic } from '../probe.js';
import type { Stage } from '../stage.js';

type Shape = (query: discovery.Query) => void;

const peers: Shape = (query) => query.setPeerQuery(new discovery.PeerMembershipQuery());
const configuration: Shape = (query) => query.setConfigQuery(new discovery.ConfigQuery());
const local: Shape = (query) => query.setLocalPeers(new discovery.LocalPeerQuery());
const endorsers: Shape = (query) => query.setCcQuery(endorsersOf(CHAINCODE));

export const discoveries: Topic = {
  'the peers': async (stage) => {
    await everyoneKnown(stage);
    return members(await results(stage, [on(CHANNEL, peers)]));
  },
  'the peers, signed as they tell it': async (stage) => {
    await everyoneKnown(stage);
    return everyPeer(await results(stage, [on(CHANNEL, peers)])).map(([mspId, found]) =>
      signed(mspId, found),
    );
  },
  'the peers, as another peer sees them': async (stage) => {
    await everyoneKnown(stage, 3);
    return members(await results(stage, [on(CHANNEL, peers)], { at: 3 }));
  },
  'the configuration': async (stage) => {
    const [result] = await results(stage, [on(CHANNEL, configuration)]);
    const found = result!.getConfigResult()!;
    return {
      msps: [...found.getMspsMap().entries()]
        .map(([name, definition]) => `${name} ${definition.getRootCertsList().length}`)
        .sort(),
      orderers: [...found.getOrderersMap().entries()]
        .map(([mspId, endpoints]) => [mspId, ...endpoints.getEndpointList().map((it) => it.getHost())])
        .sort(),
    };
  },
  'several queries at once': async (stage) => {
    const found = await results(stage, [
      on(CHANNEL, configuration),
      on('elsewhere', peers),
      on(CHANNEL, peers),
    ]);
    return found.map(outcomeOf);
  },
  'no query': async (stage) => (await results(stage, [])).length,
  'a query without its kind': (stage) => answers(stage, [on(CHANNEL, () => undefined)]),
  'an unknown channel': (stage) => answers(stage, [on('elsewhere', peers)]),
  'without a channel, by a user': (stage) => answers(stage, [on('', local)]),
  'without a channel, the peers of a channel, by an administrator': (stage) =>
    answers(stage, [on('', peers)], { signer: stage.clients.admin(1) }),
  "without a channel, by another organization's administrator": (stage) =>
    answers(stage, [on('', local)], { signer: stage.clients.admin(2) }),
  'on a channel, the local peers': (stage) => answers(stage, [on(CHANNEL, local)]),
  "by another organization's user": (stage) =>
    answers(stage, [on(CHANNEL, peers)], { signer: stage.clients.user(2) }),
  'by a peer': (stage) => {
    const { signing } = stage.clients.material(1).peer;
    return answers(stage, [on(CHANNEL, peers)], { signer: createSigner(signing, mspIdOf(1)) });
  },
  'by a stranger': async (stage) =>
    answers(stage, [on(CHANNEL, peers)], {
      signer: createSigner((await organization(9)).users.user!, mspIdOf(9)),
    }),
  'by an impostor': async (stage) =>
    answers(stage, [on(CHANNEL, peers)], {
      signer: createSigner((await organization(1)).users.user!, mspIdOf(1)),
    }),
  'a forged signature': (stage) => {
    const honest = stage.clients.user(1);
    const signer = { ...honest, sign: () => honest.sign(Buffer.from('something else')) };
    return answers(stage, [on(CHANNEL, peers)], { signer });
  },
  'another TLS certificate than the one connected with': (stage) =>
    answers(stage, [on(CHANNEL, peers)], { tlsHash: createHash('sha256').digest() }),
  'no authentication': (stage) => {
    const request = new discovery.Request();
    request.addQueries(on(CHANNEL, peers));
    return failure(send(stage, 1, request, stage.clients.user(1)));
  },
  'no identity': (stage) => {
    const request = new discovery.Request();
    request.setAuthentication(new discovery.AuthInfo());
    request.addQueries(on(CHANNEL, peers));
    return failure(send(stage, 1, request, stage.clients.user(1)));
  },
  'endorsers of a chaincode': (stage) => failure(results(stage, [on(CHANNEL, endorsers)])),
};

function on(channel: string, shape: Shape): discovery.Query {
  const query = new discovery.Query();
  query.setChannel(channel);
  shape(query);
  return query;
}

function endorsersOf(chaincode: string): discovery.ChaincodeQuery {
  const call = new protos.ChaincodeCall();
  call.setName(chaincode);
  const interest = new protos.ChaincodeInterest();
  interest.addChaincodes(call);
  const query = new discovery.ChaincodeQuery();
  query.addInterests(interest);
  return query;
}

interface Asking {
  readonly at?: number;
  readonly signer?: Signer;
  readonly tlsHash?: Uint8Array;
}

async function results(
  stage: Stage,
  queries: discovery.Query[],
  { at = 1, signer = stage.clients.user(1), tlsHash }: Asking = {},
): Promise<discovery.QueryResult[]> {
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(signer.identity);
  if (tlsHash) authentication.setClientTlsCertHash(tlsHash);
  const request = new discovery.Request();
  request.setAuthentication(authentication);
  request.setQueriesList(queries);
  return send(stage, at, request, signer);
}

async function send(
  stage: Stage,
  at: number,
  request: discovery.Request,
  signer: Signer,
): Promise<discovery.QueryResult[]> {
  const payload = request.serializeBinary();
  const message = new discovery.SignedRequest();
  message.setPayload(payload);
  message.setSignature(signer.sign(payload));
  const bytes = await stage.clients.raw(at, '/discovery.Discovery/Discover', message);
  return discovery.Response.deserializeBinary(bytes).getResultsList();
}

const answers = async (stage: Stage, queries: discovery.Query[], asking?: Asking): Promise<Json> =>
  (await results(stage, queries, asking)).map(outcomeOf);

/** What an answer is, and an error's words. */
function outcomeOf(result: discovery.QueryResult): Json {
  const error = result.getError();
  if (error) return { error: error.getContent() };
  return result.hasMembers() ? 'peers' : result.hasConfigResult() ? 'configuration' : 'something else';
}

function everyPeer(
  found: readonly discovery.QueryResult[],
): (readonly [mspId: string, peer: discovery.Peer])[] {
  const all = found.flatMap((result) =>
    [...(result.getMembers()?.getPeersByOrgMap().entries() ?? [])].flatMap(([mspId, peers]) =>
      peers.getPeersList().map((peer) => [mspId, peer] as const),
    ),
  );
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}

const told = (envelope: gossip.Envelope | undefined): gossip.GossipMessage =>
  gossip.GossipMessage.deserializeBinary(envelope?.getPayload_asU8() ?? new Uint8Array());

const propertiesOf = (peer: discovery.Peer) => told(peer.getStateInfo()).getStateInfo()?.getProperties();

/** Waits until a peer has heard of all, with the chaincode and every block: gossip takes its time. */
async function everyoneKnown(stage: Stage, at = 1): Promise<void> {
  const height = await stage.height(at);
  await until(`the peer of ${mspIdOf(at)} to know all others`, async () => {
    const found = everyPeer(await results(stage, [on(CHANNEL, peers)], { at }));
    const current = found.filter(([, peer]) => {
      const properties = propertiesOf(peer);
      const names = properties?.getChaincodesList().map((chaincode) => chaincode.getName()) ?? [];
      return names.includes(CHAINCODE) && (properties?.getLedgerHeight() ?? 0) >= height;
    });
    return current.length === ORGANIZATIONS.length ? true : undefined;
  });
}

function members(found: readonly discovery.QueryResult[]): Json {
  const heights = new Set(everyPeer(found).map(([, peer]) => propertiesOf(peer)?.getLedgerHeight()));
  return {
    sameHeight: heights.size === 1,
    peers: everyPeer(found).map(([mspId, peer]) => {
      const alive = told(peer.getMembershipInfo());
      const state = told(peer.getStateInfo());
      return {
        mspId,
        endpoint: alive.getAliveMsg()!.getMembership()!.getEndpoint(),
        tags: [alive.getTag(), state.getTag()],
        leftChannel: propertiesOf(peer)!.getLeftChannel(),
        chaincodes: propertiesOf(peer)!
          .getChaincodesList()
          .map((chaincode) => `${chaincode.getName()} ${chaincode.getVersion()}`),
      };
    }),
  };
}

/** Whether what a peer tells is by its own certificate, and about itself. */
function signed(mspId: string, peer: discovery.Peer): Json {
  const { SerializedIdentity } = msp;
  const identity = SerializedIdentity.deserializeBinary(peer.getIdentity_asU8());
  const certificate = Buffer.from(identity.getIdBytes_asU8());
  const { publicKey } = new X509Certificate(certificate);
  const by = (envelope: gossip.Envelope | undefined): string => {
    const signature = envelope?.getSignature_asU8() ?? new Uint8Array();
    if (signature.length === 0) return 'nobody';
    return verify('sha256', envelope!.getPayload_asU8(), publicKey, signature) ? 'itself' : 'another';
  };
  const pkiId = createHash('sha256').update(mspId).update(certificate).digest();
  const state = told(peer.getStateInfo()).getStateInfo()!;
  const named = [told(peer.getMembershipInfo()).getAliveMsg()!.getMembership()!, state].map((it) =>
    pkiId.equals(it.getPkiId_asU8()),
  );
  const mac = createHash('sha256').update(pkiId).update(CHANNEL).digest();
  return {
    mspId: identity.getMspid() === mspId,
    certificates: certificateDers(certificate.toString()).length,
    membership: by(peer.getMembershipInfo()),
    state: by(peer.getStateInfo()),
    secret: peer.getMembershipInfo()!.hasSecretEnvelope(),
    named,
    channel: mac.equals(state.getChannelMac_asU8()),
  };
}
