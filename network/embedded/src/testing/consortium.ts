/** Consortia for tests: certificates, genesis block, a running network, and unmodified clients. */
import { credentials, Client } from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import type { Gateway } from '@hyperledger/fabric-gateway';
import { msp } from '@hyperledger/fabric-protos';
import type { common } from '@hyperledger/fabric-protos';
import { createGenesisBlock, createOrganization, createSigner, publicOrganization } from 'umlauf-channel';
import type { ChannelOrganization, OrganizationMaterial, Signer } from 'umlauf-channel';
import { memoryStore, startNetwork } from '../index.js';
import type { EmbeddedNetwork, EmbeddedPeer, JoinOptions, Store } from '../index.js';

export const CHANNEL = 'test-channel';
export const CHAINCODE = 'probe';
export const PROBE_PATH = new URL('../../fixtures/ledger-probe/', import.meta.url).pathname;

const mspIdOf = (index: number): string => `Org${index}MSP`;

export async function organizations(count: number): Promise<OrganizationMaterial[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => organization(index + 1)));
}

export function organization(index: number): Promise<OrganizationMaterial> {
  return createOrganization({
    mspId: mspIdOf(index),
    domain: `org${index}.example`,
    hosts: ['localhost'],
    users: [
      {
        name: 'user',
        commonName: `user.org${index}`,
        organizationalUnits: [],
        attributes: { role: 'board' },
      },
    ],
  });
}

export function channelOrganization(material: OrganizationMaterial, port: number): ChannelOrganization {
  return {
    ...publicOrganization(material),
    peers: [{ host: 'localhost', port }],
    orderer: {
      host: 'localhost',
      port: port + 1,
      signingCertificate: material.orderer.signing.certificate,
      clientTlsCertificate: material.orderer.tls.certificate,
      serverTlsCertificate: material.orderer.tls.certificate,
    },
  };
}

export function genesis(members: readonly OrganizationMaterial[]): common.Block {
  return createGenesisBlock({
    channelId: CHANNEL,
    organizations: members.map((member, index) => channelOrganization(member, 7000 + 10 * index)),
  });
}

/** A running consortium. */
export interface Consortium {
  readonly members: OrganizationMaterial[];
  readonly genesisBlock: common.Block;
  readonly network: EmbeddedNetwork;
  readonly peers: Map<string, EmbeddedPeer>;
  /** A client of an organization, at its own peer unless another is named; signed with its user's key. */
  client(index: number, options?: ClientOptions): Gateway;
  peer(index: number): EmbeddedPeer;
  admins(): Map<string, Signer>;
  stop(): Promise<void>;
}

export interface ClientOptions {
  readonly peerIndex?: number;
  readonly signer?: Signer;
}

export const joinOptions = (member: OrganizationMaterial): JoinOptions => ({
  mspId: member.mspId,
  signing: member.peer.signing,
  tls: member.peer.tls,
  tlsRoots: [member.tlsCa.certificate],
});

export interface ConsortiumOptions {
  readonly count?: number;
  readonly members?: OrganizationMaterial[];
  readonly genesisBlock?: common.Block;
  readonly store?: Store;
}

/** Starts a network with all peers joined; nothing is deployed. */
export async function startConsortium(options: ConsortiumOptions = {}): Promise<Consortium> {
  const members = options.members ?? (await organizations(options.count ?? 4));
  const genesisBlock = options.genesisBlock ?? genesis(members);
  const network = await startNetwork({
    genesisBlock,
    store: options.store ?? memoryStore(),
    consenters: members.map(({ mspId, orderer }) => ({ mspId, signing: orderer.signing })),
  });
  const peers = new Map<string, EmbeddedPeer>();
  for (const member of members) peers.set(member.mspId, await network.joinPeer(joinOptions(member)));
  const open: { gateway: Gateway; client: Client }[] = [];
  const peer = (index: number): EmbeddedPeer => {
    const found = peers.get(mspIdOf(index));
    if (found === undefined) throw new Error(`no peer ${index}`);
    return found;
  };
  const material = (index: number): OrganizationMaterial => {
    const found = members.find(({ mspId }) => mspId === mspIdOf(index));
    if (found === undefined) throw new Error(`no organization ${index}`);
    return found;
  };
  return {
    members,
    genesisBlock,
    network,
    peers,
    peer,
    client: (index, { peerIndex = index, signer = userSigner(material(index)) } = {}) => {
      const created = gatewayClient(material(peerIndex), peer(peerIndex), signer);
      open.push(created);
      return created.gateway;
    },
    admins: () => new Map(members.map((member) => [member.mspId, createSigner(member.admin, member.mspId)])),
    stop: async () => {
      for (const { gateway, client } of open) {
        gateway.close();
        client.close();
      }
      await network.stop();
    },
  };
}

export function userSigner(member: OrganizationMaterial): Signer {
  const user = member.users.user;
  if (user === undefined) throw new Error('no user');
  return createSigner(user, member.mspId);
}

function gatewayClient(
  member: OrganizationMaterial,
  { endpoint }: EmbeddedPeer,
  signer: Signer,
): { gateway: Gateway; client: Client } {
  const client = new Client(
    `${endpoint.host}:${endpoint.port}`,
    credentials.createSsl(Buffer.from(member.tlsCa.certificate)),
    { 'grpc.max_receive_message_length': -1 },
  );
  const gateway = connect({
    client,
    identity: { mspId: signer.mspId, credentials: credentialsOf(signer) },
    // The signer hashes by itself.
    hash: hash.none,
    signer: (message) => Promise.resolve(signer.sign(message)),
  });
  return { gateway, client };
}

function credentialsOf(signer: Signer): Uint8Array {
  return msp.SerializedIdentity.deserializeBinary(signer.identity).getIdBytes_asU8();
}

/** Deploys the test chaincode with every organization's approval. */
export async function deployProbe(
  consortium: Consortium,
  definition: { version?: string; sequence?: number; endorsementPolicy?: Uint8Array } = {},
): Promise<string> {
  const { network } = consortium;
  const packageId = await network.installChaincode({ label: 'probe', path: PROBE_PATH });
  await network.deployChaincode({
    definition: { name: CHAINCODE, version: '1', sequence: 1, ...definition },
    packageId,
    admins: consortium.admins(),
  });
  return packageId;
}
