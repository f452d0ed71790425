/**
 * The embedded network: one channel with its orderers and any number of organizations' peers in this process,
 * speaking Fabric's wire protocols to clients and to chaincode.
 */
import type { common } from '@hyperledger/fabric-protos';
import { bftQuorum, createSigner } from 'umlauf-channel';
import type { BlockSigner, ChannelConfig, KeyPair, Signer } from 'umlauf-channel';
import { Channel } from './channel.js';
import { ChaincodePackages, packageId } from './chaincode/packages.js';
import { serviceHost } from './chaincode/service-host.js';
import { workerHost } from './chaincode/worker-host.js';
import { TransientStore } from './endorsement/transient-store.js';
import { CommitNotifier } from './gateway/commit-status.js';
import { approve, commit, hasApproved } from './lifecycle/administration.js';
import type { DefinitionInput } from './lifecycle/administration.js';
import { lifecycleState, readDefinition } from './lifecycle/definition.js';
import type { ChaincodeDefinition } from './lifecycle/definition.js';
import { Orderer } from './ordering/orderer.js';
import { MemberPeer } from './peer/member-peer.js';
import type { EmbeddedPeer } from './peer/peer.js';
import type { Store } from './store/store.js';

/** Where the network says what happens; all of it may be left out. */
export interface Logger {
  debug(message: string): void;
  error(message: string): void;
}

export interface NetworkOptions {
  /** Where the channel begins. A store that holds the channel already must have begun with the same block. */
  readonly genesisBlock: common.Block;
  /** Closed when the network stops. */
  readonly store: Store;
  /** The orderers' identities that this process plays; enough of them for the BlockValidation policy. */
  readonly consenters: readonly ConsenterOptions[];
  readonly logger?: Logger;
}

/** An orderer that this process plays. */
export interface ConsenterOptions {
  readonly mspId: string;
  readonly signing: KeyPair;
}

interface ConsenterKey {
  readonly mspId: string;
  readonly certificate: string;
  readonly signer: Signer;
}

const consenterKey = ({ mspId, signing }: ConsenterOptions): ConsenterKey => ({
  mspId,
  certificate: signing.certificate,
  signer: createSigner(signing, mspId),
});

export interface JoinOptions {
  readonly mspId: string;
  readonly signing: KeyPair;
  readonly tls: KeyPair;
  /** PEM */
  readonly tlsRoots: readonly string[];
  /** The name that the TLS certificate and clients use; default `localhost`. The port is bound on loopback. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface InstallOptions {
  readonly label: string;
  /** Folder of a built chaincode package with its package.json. */
  readonly path: string;
  /** Organizations whose peers have it; default: all, also those that join later. */
  readonly mspIds?: readonly string[];
}

export interface ServiceOptions {
  /** As the server names itself when it registers (fabric-shim: its ccid). */
  readonly packageId: string;
  /** `host:port` */
  readonly address: string;
  /** PEM of the TLS root of the server; without it the connection isn't encrypted. */
  readonly tlsRoot?: string;
  /** Organizations whose peers use it; default: all. */
  readonly mspIds?: readonly string[];
}

export async function startNetwork(options: NetworkOptions): Promise<EmbeddedNetwork> {
  const transient = new TransientStore();
  const channel = await Channel.open(options.genesisBlock, options.store, transient);
  return new EmbeddedNetwork(options, channel, transient);
}

export class EmbeddedNetwork {
  readonly #store: Store;
  readonly #logger: Logger | undefined;
  readonly #channel: Channel;
  readonly #transient: TransientStore;
  readonly #commits: CommitNotifier;
  readonly #packages = new ChaincodePackages();
  readonly #peers = new Map<string, MemberPeer>();
  readonly #orderer: Orderer;
  readonly #consenterKeys: ConsenterKey[];

  /** Use `startNetwork`. */
  constructor(options: NetworkOptions, channel: Channel, transient: TransientStore) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#channel = channel;
    this.#transient = transient;
    this.#commits = new CommitNotifier(channel.ledger);
    this.#consenterKeys = options.consenters.map(consenterKey);
    this.#orderer = new Orderer({
      config: () => channel.config,
      consenters: () => this.#consenters(),
      lastConfigBlock: () => channel.configBlock.getHeader()?.getNumber() ?? 0,
      lastHeader: () => channel.lastHeader,
      deliver: (block) => channel.deliver(block),
      onFailure: (error) => this.#logger?.error(`ordering stopped: ${String(error)}`),
    });
  }

  get channelId(): string {
    return this.#channel.ledger.channelId;
  }

  /** Number of blocks. */
  height(): bigint {
    return BigInt(this.#channel.ledger.height);
  }

  /** A block, `undefined` beyond the height. */
  block(number: bigint): common.Block | undefined {
    return this.#channel.ledger.block(Number(number));
  }

  /** The channel's configuration in force. */
  get config(): ChannelConfig {
    return this.#channel.config;
  }

  /** Calls back after each block; the function returned ends that. */
  onBlock(listener: () => void): () => void {
    return this.#channel.ledger.onCommit(listener);
  }

  /** The committed definition of a chaincode, `undefined` if there is none. */
  chaincodeDefinition(name: string): ChaincodeDefinition | undefined {
    const view = this.#channel.ledger.view();
    try {
      return readDefinition(name, lifecycleState(view));
    } finally {
      view.close();
    }
  }

  /** Whether an organization has approved the committed definition of a chaincode. */
  hasApproved(name: string, mspId: string): boolean {
    const committed = this.chaincodeDefinition(name);
    if (committed === undefined) return false;
    const { version, sequence, validationParameter } = committed;
    const definition = { name, version, sequence, endorsementPolicy: validationParameter };
    return hasApproved(definition, mspId, this.#peer(mspId).context);
  }

  /** The peers that have joined, by MSP id. */
  get peers(): ReadonlyMap<string, EmbeddedPeer> {
    return this.#peers;
  }

  /**
   * An organization's peer joins and serves on its port.
   * @throws Error if the channel's configuration doesn't have the organization, or its peer has joined already
   */
  async joinPeer(options: JoinOptions): Promise<EmbeddedPeer> {
    const { mspId } = options;
    if (!this.#channel.config.organizations.has(mspId)) {
      throw new Error(`organization ${mspId} is not a member of channel ${this.channelId}`);
    }
    if (this.#peers.has(mspId)) throw new Error(`the peer of ${mspId} has joined already`);
    const member = new MemberPeer(options, {
      channel: this.#channel,
      packages: this.#packages,
      transient: this.#transient,
      commits: this.#commits,
      peers: () => [...this.#peers.values()].map((joined) => joined.endorsing),
      broadcast: (envelope) => this.#orderer.broadcast(envelope),
    });
    this.#peers.set(mspId, member);
    try {
      await member.start();
    } catch (error) {
      this.#peers.delete(mspId);
      throw error;
    }
    this.#logger?.debug(`peer of ${mspId} on ${member.endpoint.host}:${member.endpoint.port}`);
    return member;
  }

  /** Plays one more orderer: before the configuration update that makes it a consenter. */
  addConsenter(options: ConsenterOptions): void {
    this.#consenterKeys.push(consenterKey(options));
  }

  /**
   * The orderers' Broadcast: the message is in the queue when it resolves.
   * @throws BroadcastError with Fabric's status and wording
   */
  broadcast(envelope: common.Envelope): Promise<void> {
    return Promise.resolve().then(() => this.#orderer.broadcast(envelope));
  }

  /** Installs a package; the same label and files give the same id. */
  async installChaincode({ label, path, mspIds }: InstallOptions): Promise<string> {
    const id = await packageId(label, path);
    if (this.#packages.get(id) !== undefined) return id;
    const host = workerHost({
      path,
      packageId: id,
      onOutput: (text) => this.#logger?.debug(`${label}: ${text.trimEnd()}`),
    });
    this.#packages.add({
      packageId: id,
      label,
      host,
      mspIds: mspIds === undefined ? undefined : new Set(mspIds),
    });
    return id;
  }

  /** Uses chaincode that runs as a server of its own. */
  useChaincodeService({ packageId: id, mspIds, ...service }: ServiceOptions): void {
    this.#packages.add({
      packageId: id,
      label: id.split(':', 1)[0] ?? id,
      host: serviceHost(service),
      mspIds: mspIds === undefined ? undefined : new Set(mspIds),
    });
  }

  /** One organization approves a definition, endorsed by its own peer. */
  async approve(options: {
    readonly mspId: string;
    readonly admin: Signer;
    readonly definition: DefinitionInput;
    readonly packageId: string;
  }): Promise<void> {
    await approve(options.definition, options.packageId, options.admin, this.#peer(options.mspId).context);
  }

  /** Commits a definition that enough organizations have approved. */
  async commit(options: {
    readonly mspId: string;
    readonly admin: Signer;
    readonly definition: DefinitionInput;
  }): Promise<void> {
    await commit(options.definition, options.admin, this.#peer(options.mspId).context);
  }

  /** Has every organization approve that hasn't yet, then the first one commit. */
  async deployChaincode(options: {
    readonly definition: DefinitionInput;
    readonly packageId: string;
    /** Admins by MSP id; their organizations' peers have joined. */
    readonly admins: ReadonlyMap<string, Signer>;
  }): Promise<void> {
    const { definition, packageId: id, admins } = options;
    const open = [...admins].filter(([mspId]) => !hasApproved(definition, mspId, this.#peer(mspId).context));
    await Promise.all(
      open.map(([mspId, admin]) => this.approve({ mspId, admin, definition, packageId: id })),
    );
    const [first] = admins;
    if (first === undefined) throw new Error('nobody to commit the definition');
    await this.commit({ mspId: first[0], admin: first[1], definition });
  }

  /** Orders what was accepted, then takes everything down and closes the store. */
  async stop(): Promise<void> {
    for (const member of this.#peers.values()) member.close();
    await this.#orderer.stop();
    await this.#packages.close();
    await this.#store.close();
  }

  #peer(mspId: string): MemberPeer {
    const found = this.#peers.get(mspId);
    if (found === undefined) throw new Error(`the peer of ${mspId} has not joined`);
    return found;
  }

  /** A quorum of the consenters of the configuration in force, of those whose keys this process holds. */
  #consenters(): BlockSigner[] {
    const { consenters } = this.#channel.config;
    const present = consenters.flatMap(({ id, mspId, certificate }) => {
      const key = this.#consenterKeys.find(
        (candidate) => candidate.mspId === mspId && candidate.certificate.trim() === certificate.trim(),
      );
      return key === undefined ? [] : [{ id, signer: key.signer }];
    });
    return present.slice(0, bftQuorum(consenters.length));
  }
}
