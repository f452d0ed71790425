/** A consortium on an embedded network in memory, on which a test plays members' offices; its blocks and its keys. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, type Contract, type Gateway } from '@hyperledger/fabric-gateway';
import { msp } from '@hyperledger/fabric-protos';
import type { InputOf, Role, SubmitName } from 'umlauf-chaincode/api';
import { ROLES } from 'umlauf-chaincode/api';
import { createGenesisBlock, createOrganization, createSigner, type Signer } from 'umlauf-channel';
import { memoryStore, startNetwork, type EmbeddedNetwork } from 'umlauf-embedded';
import { loadConsortium, type ConsortiumDescription } from '../../consortium/load.js';
import { channelOrganization } from '../../engines/channel-profile.js';
import { joinUpdate } from './join-update.js';
import type { NodeAddress } from '../../engines/fabric/client/connection.js';
import type { LocalOrganization } from '../../home/organizations.js';

const FIRST_PORT = 7050; // only named in the configuration; nothing listens there

/** Loads the shipped consortium, with periods of seconds and ordinary matters' ballots changeable. */
function testDescription(): ConsortiumDescription {
  const loaded = loadConsortium(fileURLToPath(new URL('../../../consortium.yaml', import.meta.url)));
  const { bylaws } = loaded;
  return {
    ...loaded,
    bylaws: {
      ...bylaws,
      matters: { ...bylaws.matters, ordinary: { ...bylaws.matters.ordinary, ballotsChangeable: true } },
    },
  };
}

export class TestRun {
  readonly #gateways = new Map<string, { gateway: Gateway; client: Client }>();

  private constructor(
    readonly description: ConsortiumDescription,
    readonly organizations: readonly LocalOrganization[],
    private readonly network: EmbeddedNetwork,
    private readonly packageId: string,
  ) {}

  static async start(description = testDescription()): Promise<TestRun> {
    const organizations = await Promise.all(description.members.map(issue));
    const founders = organizations.filter(({ member }) => member.start === 'founding');
    const network = await startNetwork({
      genesisBlock: createGenesisBlock({
        channelId: description.channel,
        organizations: founders.map((founder, index) =>
          channelOrganization(founder, FIRST_PORT + index, { port: FIRST_PORT + index }),
        ),
      }),
      store: memoryStore(),
      consenters: founders.map(({ material }) => ({
        mspId: material.mspId,
        signing: material.orderer.signing,
      })),
    });
    const path = dirname(createRequire(import.meta.url).resolve('umlauf-chaincode/package.json'));
    const packageId = await network.installChaincode({ label: 'umlauf', path });
    const run = new TestRun(description, organizations, network, packageId);
    for (const founder of founders) await run.joinPeer(founder);
    await network.deployChaincode({
      definition: { name: description.chaincode, version: '1', sequence: 1 },
      packageId,
      admins: new Map(founders.map(({ material }) => [material.mspId, adminOf(material)])),
    });
    return run;
  }

  /** All blocks so far, serialised. */
  blocks(): Uint8Array[] {
    return Array.from({ length: Number(this.network.height()) }, (_, number) => {
      const block = this.network.block(BigInt(number));
      if (!block) throw new Error(`no block ${number}`);
      return block.serializeBinary();
    });
  }

  organization(memberId: string): LocalOrganization {
    const found = this.organizations.find(({ member }) => member.id === memberId);
    if (!found) throw new Error(`no member ${memberId}`);
    return found;
  }

  signer(memberId: string, role: Role): Signer {
    const { material } = this.organization(memberId);
    const key = material.users[role];
    if (!key) throw new Error(`${memberId} has no ${role}`);
    return createSigner(key, material.mspId);
  }

  /** The contract as one office of a member calls it. */
  contract(memberId: string, role: Role): Contract {
    const name = `${memberId} ${role}`;
    const known = this.#gateways.get(name) ?? this.connect(memberId, this.signer(memberId, role));
    this.#gateways.set(name, known);
    return known.gateway.getNetwork(this.description.channel).getContract(this.description.chaincode);
  }

  /** Carries out an act and waits until it is committed as valid. */
  async act<N extends SubmitName>(memberId: string, role: Role, name: N, input: InputOf<N>): Promise<void> {
    await this.contract(memberId, role).submitTransaction(name, JSON.stringify(input));
  }

  /** Where a member's peer serves. */
  address(memberId: string): NodeAddress {
    const { material } = this.organization(memberId);
    const endpoint = this.network.peers.get(material.mspId)?.endpoint;
    if (!endpoint) throw new Error(`${memberId} has no peer`);
    return {
      endpoint: `${endpoint.host}:${endpoint.port}`,
      tlsRootCertificates: material.tlsCa.certificate,
    };
  }

  /** A member's organization joins the channel, with all founders' admins signing. */
  async join(memberId: string): Promise<void> {
    const organization = this.organization(memberId);
    const admins = this.organizations.filter(({ member }) => member.start === 'founding');
    const { material } = organization;
    await this.network.broadcast(
      joinUpdate(this.network.config, channelOrganization(organization, FIRST_PORT), admins),
    );
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!this.network.config.organizations.has(material.mspId)) return;
        stop();
        resolve();
      };
      const stop = this.network.onBlock(check);
      check();
    });
    await this.joinPeer(organization);
    await this.network.approve({
      mspId: material.mspId,
      admin: adminOf(material),
      definition: { name: this.description.chaincode, version: '1', sequence: 1 },
      packageId: this.packageId,
    });
  }

  async stop(): Promise<void> {
    for (const { gateway, client } of this.#gateways.values()) {
      gateway.close();
      client.close();
    }
    await this.network.stop();
  }

  private async joinPeer({ material }: LocalOrganization): Promise<void> {
    await this.network.joinPeer({
      mspId: material.mspId,
      signing: material.peer.signing,
      tls: material.peer.tls,
      tlsRoots: [material.tlsCa.certificate],
    });
  }

  private connect(memberId: string, signer: Signer): { gateway: Gateway; client: Client } {
    const { endpoint, tlsRootCertificates } = this.address(memberId);
    const client = new Client(endpoint, credentials.createSsl(Buffer.from(tlsRootCertificates)));
    const identity = msp.SerializedIdentity.deserializeBinary(signer.identity);
    const gateway = connect({
      client,
      identity: { mspId: signer.mspId, credentials: identity.getIdBytes_asU8() },
      hash: hash.none, // the signer hashes by itself
      signer: (message) => Promise.resolve(signer.sign(message)),
    });
    return { gateway, client };
  }
}

/** An organization for a listed member, with keys of its own. */
export async function issue(member: LocalOrganization['member']): Promise<LocalOrganization> {
  const material = await createOrganization({
    mspId: member.mspId,
    domain: `${member.id}.example`,
    hosts: ['localhost'],
    users: ROLES.map((role) => ({
      name: role,
      commonName: `${role}.${member.id}`,
      organizationalUnits: [],
      attributes: { 'umlauf.role': role },
    })),
  });
  return { member, material };
}

const adminOf = (material: LocalOrganization['material']): Signer =>
  createSigner(material.admin, material.mspId);
