/** The peers of the channel as gossip tells them to each other: alive, where, with how many blocks and what chaincode. */
import { createHash } from 'node:crypto';
import { discovery, gossip, msp } from '@hyperledger/fabric-protos';
import type { EndorsingPeer } from '../gateway/endorsing-peer.js';
import type { GatewayContext } from '../gateway/gateway.js';

const { GossipMessage } = gossip;

/** What a peer can run, as it tells the others. */
export interface PublishedChaincode {
  readonly name: string;
  /** The sequence of its definition. */
  readonly version: string;
}

/** When this process began, and how often it has told of a peer since: what tells newer messages from older ones. */
const BEGUN = Date.now();
let told = 0;

export async function membershipResult(context: GatewayContext): Promise<discovery.PeerMembershipResult> {
  const result = new discovery.PeerMembershipResult();
  const byOrganization = result.getPeersByOrgMap();
  const members = context.config().organizations;
  for (const peer of context.peers().filter(({ mspId }) => members.has(mspId))) {
    const list = byOrganization.get(peer.mspId) ?? new discovery.Peers();
    byOrganization.set(peer.mspId, list);
    if (peer.isAvailable) list.addPeers(await described(peer, context));
  }
  return result;
}

async function described(
  peer: EndorsingPeer,
  { own, channelId, ledger }: GatewayContext,
): Promise<discovery.Peer> {
  const found = new discovery.Peer();
  found.setIdentity(peer.identity);
  // Of itself a peer tells without a signature.
  found.setMembershipInfo(envelope(alive(peer), peer === own ? undefined : peer));
  found.setStateInfo(envelope(await stateInfo(peer, channelId, ledger.height), peer));
  return found;
}

function alive(peer: EndorsingPeer): gossip.GossipMessage {
  const member = new gossip.Member();
  member.setEndpoint(peer.address);
  member.setPkiId(pkiId(peer));
  const content = new gossip.AliveMessage();
  content.setMembership(member);
  content.setTimestamp(time());
  const message = new GossipMessage();
  message.setTag(GossipMessage.Tag.EMPTY);
  message.setAliveMsg(content);
  return message;
}

async function stateInfo(
  peer: EndorsingPeer,
  channelId: string,
  height: number,
): Promise<gossip.GossipMessage> {
  const properties = new gossip.Properties();
  properties.setLedgerHeight(height);
  properties.setChaincodesList(
    (await peer.published()).map(({ name, version }) => {
      const chaincode = new gossip.Chaincode();
      chaincode.setName(name);
      chaincode.setVersion(version);
      return chaincode;
    }),
  );
  const content = new gossip.StateInfo();
  content.setTimestamp(time());
  content.setPkiId(pkiId(peer));
  content.setChannelMac(createHash('sha256').update(pkiId(peer)).update(channelId).digest());
  content.setProperties(properties);
  const message = new GossipMessage();
  message.setTag(GossipMessage.Tag.CHAN_OR_ORG);
  message.setStateInfo(content);
  return message;
}

function time(): gossip.PeerTime {
  told += 1;
  const moment = new gossip.PeerTime();
  moment.setIncNum(BEGUN);
  moment.setSeqNum(told);
  return moment;
}

/** By what gossip knows a peer: the hash of its MSP id and certificate. */
function pkiId({ identity }: EndorsingPeer): Uint8Array {
  const serialized = msp.SerializedIdentity.deserializeBinary(identity);
  return createHash('sha256').update(serialized.getMspid()).update(serialized.getIdBytes_asU8()).digest();
}

function envelope(message: gossip.GossipMessage, signer: EndorsingPeer | undefined): gossip.Envelope {
  const payload = message.serializeBinary();
  const signed = new gossip.Envelope();
  signed.setPayload(payload);
  if (signer) signed.setSignature(signer.sign(payload));
  return signed;
}
