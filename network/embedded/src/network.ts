/**
 * The embedded network: one channel with its orderers and any number of organizations' peers in this process,
 * speaking Fabric's wire protocols to clients and to chaincode.
 */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import { Channel } from './channel.js';
import { ChaincodePackages, packageId } from './chaincode/packages.js';
import { serviceHost } from './chaincode/service-host.js';
import { workerHost } from './chaincode/worker-host.js';
import { TransientStore } from './endorsement/transient-store.js';
import { CommitNotifier } from './gateway/commit-status.js';
import type { LedgerView } from './ledger/view.js';
import { approve, commit, hasApproved } from './lifecycle/administration.js';
import { organizationApprovals } from './lifecycle/approvals.js';
import { lifecycleState, readDefinition } from './lifecycle/definition.js';
import type { ChaincodeDefinition } from './lifecycle/definition.js';
import { approvedPackage } from './lifecycle/directory.js';
import type {
  ApproveOptions,
  CommitOptions,
  DeployOptions,
  InstallOptions,
  JoinOptions,
  Logger,
  NetworkOptions,
  ServiceOptions,
} from './network-options.js';
import { ConsenterKeys, type ConsenterOptions } from './ordering/consenter-keys.js';
import { Orderer } from './ordering/orderer.js';
import { MemberPeer } from './peer/member-peer.js';
import type { EmbeddedPeer } from './peer/peer.js';
import type { Store } from './store/store.js';

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
  readonly #consenters = new ConsenterKeys();

  /** Use `startNetwork`. */
  constructor(options: NetworkOptions, channel: Channel, transient: TransientStore) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#channel = channel;
    this.#transient = transient;
    this.#commits = new CommitNotifier(channel.ledger);
    for (const consenter of options.consenters) this.#consenters.add(consenter);
    this.#orderer = new Orderer({
      config: () => channel.config,
      consenters: () => this.#consenters.quorum(channel.config),
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
    return this.#read((view) => readDefinition(name, lifecycleState(view)));
  }

  /** Whether an organization has approved the committed definition of a chaincode. */
  hasApproved(name: string, mspId: string): boolean {
    const approvals = this.#read((view) => organizationApprovals(name, this.config, view));
    return approvals?.get(mspId) === true;
  }

  /** The package that an organization approved for a sequence, `undefined` if it approved none. */
  approvedPackage(name: string, sequence: number, mspId: string): string | undefined {
    return this.#read((view) => approvedPackage(name, sequence, mspId, view));
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

  /** An organization's peer ends for good, if it is here: it was taken off the channel. */
  removePeer(mspId: string): void {
    this.#peers.get(mspId)?.close();
    this.#peers.delete(mspId);
  }

  /** Signs blocks with one more consenter's key: before the configuration update that names its certificate. */
  addConsenter(options: ConsenterOptions): void {
    this.#consenters.add(options);
  }

  /**
   * The orderers' Broadcast: the message is in the queue when it resolves.
   * @throws BroadcastError with Fabric's status and wording
   */
  broadcast(envelope: common.Envelope): Promise<void> {
    return Promise.resolve().then(() => this.#orderer.broadcast(envelope));
  }

  /** Installs a package; the same label and files give the same id. */
  async installChaincode(options: InstallOptions): Promise<string> {
    const { label, path, mspIds, dependencies = [], loaded } = options;
    const id = options.packageId ?? (await packageId(label, path));
    if (this.#packages.get(id) !== undefined) return id;
    const host =
      loaded ??
      workerHost({
        path,
        packageId: id,
        dependencies,
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

  /** Has a package's code loaded now rather than at the first call. @throws Error if it can't be. */
  async startChaincode(id: string): Promise<void> {
    const installed = this.#packages.get(id);
    if (installed === undefined) throw new Error(`${id} is not installed`);
    (await installed.host.connect()).close();
  }

  /** Ends a package that no definition in force means any more: what it runs is answered first. */
  async uninstallChaincode(id: string): Promise<void> {
    await Promise.all([...this.#peers.values()].map((member) => member.retire(id)));
    await this.#packages.remove(id);
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
  async approve({ mspId, admin, definition, packageId: id }: ApproveOptions): Promise<void> {
    await approve(definition, id, admin, this.#peer(mspId).context);
  }

  /** Commits a definition that enough organizations have approved. */
  async commit({ mspId, admin, definition }: CommitOptions): Promise<void> {
    await commit(definition, admin, this.#peer(mspId).context);
  }

  /** Has every organization approve that hasn't yet, then the first one commit. */
  async deployChaincode({ definition, packageId: id, admins }: DeployOptions): Promise<void> {
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

  #read<T>(from: (view: LedgerView) => T): T {
    const view = this.#channel.ledger.view();
    try {
      return from(view);
    } finally {
      view.close();
    }
  }

  #peer(mspId: string): MemberPeer {
    const found = this.#peers.get(mspId);
    if (found === undefined) throw new Error(`the peer of ${mspId} has not joined`);
    return found;
  }
}
