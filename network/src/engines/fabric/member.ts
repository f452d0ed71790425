/**
 * One member's part of the network: its orderer if it has a place, its peer, its chaincode service, and what its
 * administrator does and signs. It knows its own keys and the others' public material only, so that in production each
 * member runs this on a machine of its own.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import {
  configUpdateEnvelope,
  createSigner,
  signConfigUpdate,
  type ChannelConfig,
  type ChannelOrganization,
  type Signer,
} from 'umlauf-channel';
import { z } from 'zod';
import { readJson, writeAtomically } from '../../home/files.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { channelOrganization } from '../channel-profile.js';
import { Administrator, orderersOf } from './administrator.js';
import { serviceAddress, socketAddress, type ServiceAddress } from '../chaincode/package.js';
import { codeHash, type Release } from '../chaincode/release.js';
import { socketFile } from './chaincode/server-command.js';
import { chaincodeService, serviceName } from './chaincode/service.js';
import type { NodeAddress } from './client/connection.js';
import {
  approveArgs,
  approvedPackage,
  installPackage,
  LIFECYCLE,
  type ChaincodeDefinition,
} from './client/lifecycle.js';
import { askOrderer, type OrdererAnswer } from './client/orderer-question.js';
import { joinChannel } from './client/system-chaincodes.js';
import type { UpdateSigner } from '../configuration-update.js';
import { START_TIMEOUT_MS, type NodeContext } from './nodes/context.js';
import type { MemberLayout } from './nodes/layout.js';
import { OrdererNode } from './nodes/orderer-node.js';
import { PeerNode } from './nodes/peer-node.js';
import { until } from './wait.js';

/** How often it is checked that a process that doesn't answer yet is still running. */
const LOOK_MS = 250;

/** What its service runs: the package in force, and the one that is to follow it. */
const ServedPackages = z.object({ packageId: z.string(), next: z.string().optional() });
type ServedPackages = z.infer<typeof ServedPackages>;

export class Member implements UpdateSigner {
  readonly mspId: string;
  readonly orderer: OrdererNode;
  readonly peer: PeerNode;
  private readonly layout: MemberLayout;
  private connected: Administrator | undefined;
  /** Those whose peers use its chaincode service. */
  private readonly guests = new Set<Member>();
  private hosting: { readonly host: Member | undefined } | undefined;

  /**
   * @param dependencies folders with the packages that the chaincode's code needs
   * @param chooseHost whose chaincode service its peer uses, if not its own (many members on one machine share some);
   *   asked once, for a peer that has yet to be started no earlier than it matters
   */
  constructor(
    readonly organization: LocalOrganization,
    private readonly context: NodeContext,
    private readonly dependencies: readonly string[],
    private readonly chooseHost: () => Member | undefined,
  ) {
    const { material } = organization;
    this.mspId = material.mspId;
    this.layout = context.layout.member(organization);
    this.orderer = new OrdererNode(organization, context);
    this.peer = new PeerNode(organization, context);
    if (this.peer.exists) this.findHost(); // which has to know its guests
  }

  private get host(): Member | undefined {
    return (this.hosting ?? this.findHost()).host;
  }

  private findHost() {
    const host = this.chooseHost();
    host?.guests.add(this);
    return (this.hosting = { host });
  }

  private get signer(): Signer {
    const { material } = this.organization;
    return createSigner(material.admin, material.mspId);
  }

  private get id(): string {
    return this.organization.member.id;
  }

  /** Its administrator at its peer. */
  get administrator(): Administrator {
    if (!this.connected) throw new Error(`${this.peer.name} has not been started`);
    return this.connected;
  }

  /** Its peer's address, once it has been started. */
  get address(): NodeAddress | undefined {
    return this.connected?.peer;
  }

  /** What the channel's configuration says of it. */
  async publicPart(withOrderer: boolean): Promise<ChannelOrganization> {
    const { port } = await this.peer.endpoint();
    const place = withOrderer ? { port: await this.orderer.takePlace() } : undefined;
    return channelOrganization(this.organization, port, place);
  }

  /** Whether it was taken off the channel: what it has stays, but is not started. */
  get hasLeft(): boolean {
    return existsSync(this.layout.left);
  }

  /** Whether it runs a chaincode service: for its own peer, or for others that were once told to use it. */
  get runsService(): boolean {
    return !this.host || this.isUsed;
  }

  /** Those whose peers use its chaincode service, itself not among them. */
  get users(): Member[] {
    return [...this.guests].filter((guest) => guest.peer.exists && !guest.hasLeft);
  }

  private get isUsed(): boolean {
    return this.users.length > 0;
  }

  /** Stops its processes for good, after it was taken off the channel; a chaincode service only if nobody else uses it. */
  async leave(): Promise<void> {
    writeAtomically(this.layout.left, '');
    this.close();
    const services = this.isUsed ? this.services() : [];
    await this.context.supervisor.stop(this.processes().filter((name) => !services.includes(name)));
    this.orderer.losePlace();
    await this.host?.releaseService();
  }

  /** Stops the service of one that has left, once nobody uses it. */
  private async releaseService(): Promise<void> {
    if (this.hasLeft && !this.isUsed) await this.context.supervisor.stop(this.services());
  }

  /** Stops its peer, which is started again with the certificates that it has then. */
  async stopPeer(): Promise<void> {
    this.close();
    await this.context.supervisor.stop([this.peer.name]);
  }

  /**
   * Starts its orderer anew, if it has one, with the certificates that it has now; returns when it orders again.
   * @param order has the channel order something that changes nothing
   */
  async restartOrderer(genesisBlock: Uint8Array, order: () => Promise<void>): Promise<void> {
    if (!this.orderer.hasPlace) return;
    const { height } = await this.administrator.follow();
    await this.context.supervisor.stop([this.orderer.name]);
    await this.orderer.start();
    await this.orderer.join(genesisBlock);
    await this.orderer.takesPart(height, order);
  }

  /** Starts its processes, and returns at once. */
  async start(): Promise<void> {
    rmSync(this.layout.left, { force: true });
    if (this.orderer.hasPlace) await this.orderer.start();
    if (this.host && !this.peer.exists)
      writeAtomically(this.layout.chaincodeHost, JSON.stringify({ memberId: this.host.id }));
    await this.peer.start(this.serviceAddress());
    this.connected ??= new Administrator(await this.peer.address(), this.context.channel, this.signer);
  }

  /**
   * Has its peer follow the channel, as soon as it is up.
   * @param height number of blocks that it must have: before the one that added it, it refuses its own administrator
   */
  async follow(genesisBlock: Uint8Array, height: number): Promise<void> {
    const { endorser } = this.administrator;
    const { channel, signal } = this.context;
    await until(() => endorser.connected(LOOK_MS), {
      what: `a connection to ${this.peer.name}`,
      deadlineMs: START_TIMEOUT_MS,
      signal,
      giveUp: () => this.peer.checkRunning(),
    });
    await until(() => joinChannel(endorser, channel, genesisBlock).then(() => true), {
      what: `${this.peer.name} to join ${channel}`,
      deadlineMs: START_TIMEOUT_MS,
      signal,
      giveUp: () => this.peer.checkRunning(),
    });
    const follower = await until(() => this.administrator.follow(), {
      what: `${this.peer.name} to follow ${channel}`,
      deadlineMs: START_TIMEOUT_MS,
      signal,
      everyMs: 50,
      progress: () => this.peer.height(), // a newcomer first fetches all blocks there are
      giveUp: () => this.peer.checkRunning(),
    });
    await follower.reached(height - 1);
  }

  /** The id of the package that its service ran last as the one in force. */
  get servedPackage(): string | undefined {
    return this.served?.packageId;
  }

  /** The id of the package that its service runs beside it, until that is in force. */
  get nextPackage(): string | undefined {
    return this.served?.next;
  }

  private get served(): ServedPackages | undefined {
    if (this.host) return this.host.served;
    return ServedPackages.safeParse(readJson(this.layout.chaincodeRecord)).data;
  }

  /** Whether its peer and its orderer are running. */
  get hasNodes(): boolean {
    return this.nodes().every((name) => this.context.supervisor.isRunning(name));
  }

  /** Whether all its processes are running that ran last. */
  isComplete(): boolean {
    const { supervisor } = this.context;
    // Nobody else looks after the service of a member that has left.
    const hosts = this.host?.hasLeft ? this.host.services() : [];
    return [...this.processes(), ...hosts].every((name) => supervisor.isRunning(name));
  }

  /** Has the chaincode service that its peer uses run a release as the one in force, unless it does. */
  serve(release: Release): void {
    this.run(release, ({ id }, next) => ({ packageId: id, ...(next === id ? {} : { next }) }));
  }

  /** Has it run a release beside the one in force, which it is to follow. */
  prepare(release: Release): void {
    this.run(release, ({ id }) => ({ packageId: this.servedPackage ?? id, next: id }));
  }

  /** Gives up what was to follow; its service ends with {@link retire}. */
  dropNext(): void {
    this.host?.dropNext();
    const { servedPackage } = this;
    if (this.runsService && servedPackage !== undefined) this.record({ packageId: servedPackage });
  }

  private run(
    release: Release,
    recorded: (served: Release['package'], next: string | undefined) => ServedPackages,
  ): void {
    this.host?.run(release, recorded);
    if (!this.runsService) return;
    const { supervisor } = this.context;
    this.record(recorded(release.package, this.nextPackage));
    const service = chaincodeService(this.id, this.layout, release, this.dependencies);
    if (!supervisor.isRunning(service.name)) rmSync(this.socket(release), { force: true }); // left by one that was killed
    supervisor.start(service);
  }

  /**
   * Starts its service anew, with the certificates that it has now, beside the one that runs: peers that are connected
   * stay with that until `retire` stops it. Returns when the new one listens.
   * @throws ProcessEndedError if it has ended
   */
  async renewService(release: Release): Promise<void> {
    const service = chaincodeService(this.id, this.layout, release, this.dependencies);
    const socket = () => statSync(this.socket(release), { throwIfNoEntry: false })?.ino;
    const before = socket();
    await this.context.supervisor.startBeside(service);
    await this.listening(service.name, () => socket() !== before);
  }

  /**
   * Waits until the service that its peer uses for a release can be reached.
   * @throws ProcessEndedError if it has ended
   */
  async serving(release: Release): Promise<void> {
    await this.host?.serving(release);
    if (!this.runsService) return;
    await this.listening(serviceName(this.id, release.code.hash), () => existsSync(this.socket(release)));
  }

  private async listening(name: string, does: () => boolean): Promise<void> {
    await until(() => Promise.resolve(does() || undefined), {
      what: `${name} to listen`,
      deadlineMs: START_TIMEOUT_MS,
      signal: this.context.signal,
      giveUp: () => this.context.supervisor.checkRunning(name),
    });
  }

  /** Stops its services of code that it ran before, and those that another has taken the place of. */
  async retire(): Promise<void> {
    if (this.host?.hasLeft) await this.host.retire();
    const { supervisor } = this.context;
    const needed = this.processes();
    const old = supervisor
      .list()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(serviceName(this.id, '')) && !needed.includes(name));
    await supervisor.stop(old);
  }

  /** Installs a package on its peer and approves a definition with it, unless that has been done. */
  async approve(definition: ChaincodeDefinition, release: Release): Promise<void> {
    const { endorser } = this.administrator;
    await installPackage(endorser, release.package);
    if ((await approvedPackage(endorser, this.context.channel, definition)) === release.package.id) return;
    await this.administrator.submit({
      chaincode: LIFECYCLE,
      args: approveArgs(definition, release.package.id),
    });
  }

  /** What each of the channel's orderers answers its administrator, by MSP id. */
  async askOrderers(config: ChannelConfig): Promise<Map<string, OrdererAnswer>> {
    const { channel } = this.context;
    const answers = await Promise.all(
      orderersOf(config).map(
        async (address) => [address.mspId, await askOrderer(address, channel, this.signer)] as const,
      ),
    );
    return new Map(answers);
  }

  /** Its administrator's signature on an update of the channel's configuration. */
  sign(update: Uint8Array): common.ConfigSignature {
    return signConfigUpdate(update, this.signer);
  }

  /** Sends an update of the channel's configuration with these signatures, and waits until it is in force. */
  submitUpdate(update: Uint8Array, signatures: readonly common.ConfigSignature[]): Promise<void> {
    return this.administrator.update(configUpdateEnvelope(update, signatures, this.signer));
  }

  private nodes(): string[] {
    return [this.peer.name, ...(this.orderer.hasPlace ? [this.orderer.name] : [])];
  }

  private processes(): string[] {
    return [...this.nodes(), ...(this.runsService ? this.services() : [])];
  }

  private services(): string[] {
    const packages = new Set([this.servedPackage, this.nextPackage].filter((each) => each !== undefined));
    return [...packages].map((packageId) => serviceName(this.id, codeHash(packageId)));
  }

  private record(served: ServedPackages): void {
    writeAtomically(this.layout.chaincodeRecord, JSON.stringify(served));
  }

  /** Where its service for a release listens. */
  private socket({ code }: Release): string {
    return join(this.layout.directory, socketFile(socketAddress(code.hash)) ?? '');
  }

  /** Where its peer finds the chaincode service that it uses. */
  private serviceAddress(): ServiceAddress {
    if (!this.host) return serviceAddress(this.organization.material.tlsCa.certificate);
    const { layout, organization } = this.host;
    return serviceAddress(
      organization.material.tlsCa.certificate,
      relative(this.layout.directory, layout.directory),
    );
  }

  /** Lets go of the processes, which go on running. */
  close(): void {
    this.connected?.close();
    this.connected = undefined;
  }
}
