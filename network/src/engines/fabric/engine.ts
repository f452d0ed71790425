/** The consortium on real Hyperledger Fabric: every member its own organization, with its own peer and BFT ordering. */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig, ChannelOrganization } from 'umlauf-channel';
import { unlessAborted } from '../../abort.js';
import type {
  CertificateRenewal,
  ChaincodeInForce,
  Engine,
  EngineStart,
  EngineStarter,
  PeerAddress,
} from '../../engine.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { UserError } from '../../user-error.js';
import {
  giveOrderer,
  prepareOrderer,
  putOnChannel,
  replaceConsenter,
  submitUpdate,
  takeOffChannel,
} from './changes.js';
import { catchUp } from './catch-up.js';
import { Changeover } from './changeover.js';
import { bringIn, bringIntoForce, describeInForce, followOthers, upgrade } from './deployment.js';
import { genesisConfig, openGenesis } from './genesis.js';
import type { Member } from './member.js';
import { openMembers, type FabricOptions, type Members } from './members.js';
import { standingOf, waitForEndorsers, waitForOrderers, waitForPlace } from './others.js';
import { callOnce, knowsEndorsers } from './readiness.js';
import { Watch } from './watch.js';

/** Starts real Fabric with default options. */
export const startFabricEngine: EngineStarter = fabricEngine();

/**
 * Starts real Fabric, or goes on where it stopped; what an earlier start left undone is done, and processes that it
 * left running are taken over.
 * @throws UserError if Fabric isn't on this machine, or ports that others know are taken; when the signal is aborted, its
 *   reason, at once
 */
export function fabricEngine(options: FabricOptions = {}) {
  return async (start: EngineStart): Promise<{ engine: FabricEngine; isNew: boolean }> => {
    const context = { ...start, organizations: await start.organizations };
    const engine = new FabricEngine(await openMembers(context, options), context.description.chaincode);
    try {
      return { engine, isNew: await unlessAborted(engine.start(context.organizations), context.signal) };
    } catch (error) {
      await engine.stop();
      throw error;
    }
  };
}

export class FabricEngine implements Engine {
  readonly name = 'fabric';
  private genesis: Uint8Array = new Uint8Array();
  private changing: Promise<unknown> = Promise.resolve();
  private watch: Watch | undefined;
  private acquainted: Promise<void> = Promise.resolve();
  /** How many blocks there are, as far as any peer here has told. */
  private told = 0;
  /** Whether what was in force before may still be running. */
  private changesOver = false;
  private readonly changeover = new Changeover(
    () => this.here.hasOthers && this.here.running.some(({ nextPackage }) => nextPackage !== undefined),
    () => this.changeOver(),
    (text) => this.here.patience.waits(text),
  );

  constructor(
    private readonly here: Members,
    private readonly chaincodeName: string,
  ) {}

  /**
   * @param organizations all that are on this machine
   * @returns whether the channel is new
   */
  async start(organizations: readonly LocalOrganization[]): Promise<boolean> {
    const { here, chaincodeName: chaincode } = this;
    const all = organizations.map((organization) => here.member(organization));
    const founders = all.filter(({ organization }) => organization.member.start === 'founding');
    const genesis = await openGenesis(
      here.layout.genesisBlock,
      here.channel,
      founders,
      here.options.orderers,
    );
    this.genesis = genesis.block;
    const first = genesisConfig(genesis.block);
    for (const founder of founders)
      if (!founder.peer.exists && first.ordererOrganizations.has(founder.mspId))
        await founder.orderer.takePlace();
    // Services take longest to start, and on a new channel it is clear what they will run.
    if (genesis.isNew) for (const founder of founders) founder.serve(here.currentRelease());
    const known = all.filter((member) => founders.includes(member) || member.peer.exists);
    const present = known.length > 0 ? known : await waitForPlace(all, first, here);
    await Promise.all(present.map((member) => (member.hasLeft ? member.leave() : this.startUp(member)))); // or finish leaving
    const staying = present.filter(({ hasLeft }) => !hasLeft);
    await Promise.all([this.startOrdering(staying), this.followFirst(staying)]);
    if (here.running.length === 0) throw new UserError(hasLeft(present, here));
    if ((await this.cutOff()).size === here.running.length) return false; // nothing new will ever come
    const onChannel = (await catchUp(here)).organizations;
    here.step(`peers and orderers follow ${here.channel}`);
    const [anyone] = here.running;
    if (anyone && here.hasOthers) await waitForOrderers(anyone, here);
    const isNew = await bringIntoForce(here.running, chaincode, here);
    here.step(`${chaincode} is in force`);
    for (const member of all)
      if (onChannel.has(member.mspId) && !here.running.includes(member)) await this.bringIn(member);
    await this.runChaincode(here.running);
    this.acquainted = this.acquaint(here.running, here.patience.signal);
    this.acquainted.catch(() => undefined); // whoever waits for it is told
    await this.retire(here.running); // what an upgrade left that was interrupted
    if (here.options.restartEnded ?? true)
      this.watch = new Watch(
        () => this.watched(),
        (text) => here.step(text),
      );
    this.changeover.start();
    return isNew;
  }

  settled(): Promise<void> {
    return this.acquainted;
  }

  configuration(): Promise<ChannelConfig> {
    return this.here.configuration();
  }

  async cutOff(): Promise<ReadonlySet<string>> {
    const { here } = this;
    if (!here.hasOthers || here.running.length === 0) return new Set();
    const config = await here.configuration();
    const standings = await Promise.all(
      here.running.map(async (member) => standingOf(await member.askOrderers(config))),
    );
    return new Set(
      here.running.flatMap(({ mspId }, index) => (standings[index] === 'refused' ? [mspId] : [])),
    );
  }

  peer(mspId: string): PeerAddress | undefined {
    return this.here.running.find((member) => member.mspId === mspId)?.address;
  }

  servesChaincode(mspId: string): boolean {
    return this.here.running.some((member) => member.mspId === mspId && member.runsService);
  }

  join(organization: LocalOrganization): Promise<void> {
    const member = this.here.member(organization);
    return this.exclusively(async () => {
      await this.bringIn(member, () => putOnChannel(member, this.here));
      await this.ready([member]);
    });
  }

  remove(mspId: string): Promise<void> {
    return this.exclusively(async () => {
      if ((await this.cutOff()).has(mspId)) await this.here.find(mspId)?.leave();
      else await takeOffChannel(mspId, this.here);
    });
  }

  addOrderer(organization: LocalOrganization): Promise<void> {
    return this.exclusively(() => giveOrderer(this.here.member(organization), this.here));
  }

  publicPart(organization: LocalOrganization, withOrderer: boolean): Promise<ChannelOrganization> {
    const member = this.here.member(organization);
    return withOrderer ? this.exclusively(() => prepareOrderer(member, this.here)) : member.publicPart(false);
  }

  submitUpdate(update: common.Envelope): Promise<void> {
    return this.exclusively(() => submitUpdate(update, this.here));
  }

  renew(organization: LocalOrganization, renewal: CertificateRenewal): Promise<void> {
    const member = this.here.member(organization);
    return this.exclusively(async () => {
      await replaceConsenter(member, renewal.next, this.here);
      renewal.adopt();
      await member.restartOrderer(this.genesis, this.here.order);
      await this.renewService(member, renewal);
      await renewal.whileHeld(async () => {
        await member.stopPeer();
        await member.retire();
        await this.bringUp(member);
        await this.ready(this.here.running);
      });
      this.here.step(`the nodes of ${member.mspId} have its new certificates`);
    });
  }

  endPatience(): void {
    this.here.endPatience();
  }

  chaincode(): Promise<ChaincodeInForce | undefined> {
    return describeInForce(this.here.running, this.chaincodeName, this.here);
  }

  deploy(): Promise<void> {
    return this.exclusively(async () => {
      const members = this.here.running;
      await bringIntoForce(members, this.chaincodeName, this.here);
      await this.ready(members);
      await this.retire(members);
    });
  }

  upgrade(folder?: string): Promise<boolean> {
    return this.exclusively(async () => {
      const members = this.here.running;
      const upgraded = await upgrade(members, this.chaincodeName, this.here, folder);
      if (upgraded) await this.ready(members);
      else await this.call(members);
      await this.retire(members);
      return upgraded;
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.watch?.stop(), this.changeover.stop()]);
    await this.here.stop();
  }

  /** One change after the other: an update of the configuration makes the signatures on any other stale. */
  private exclusively<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.changing.then(change);
    this.changing = changed.catch(() => undefined);
    return changed;
  }

  /**
   * Has an organization take part: starts its nodes, and has it approve and run the chaincode in force.
   * @param putOnChannel what has to come first, if it isn't on the channel
   */
  private async bringIn(
    member: Member,
    putOnChannel: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const others = this.here.running.filter((each) => each !== member);
    await bringIn(member, others, this.chaincodeName, this.here, async () => {
      await putOnChannel();
      await this.bringUp(member);
    });
  }

  /** Starts a member's chaincode service anew; all peers that use it change over while nobody calls them. */
  private async renewService(member: Member, { whileAllHeld }: CertificateRenewal): Promise<void> {
    const { servedPackage, nextPackage, users } = member;
    if (servedPackage === undefined || !member.runsService) return;
    await member.renewService(this.here.release(servedPackage));
    if (nextPackage !== undefined) await member.renewService(this.here.release(nextPackage));
    if (users.length === 0) return; // its own peer is started anew too
    const affected = this.here.running.filter((each) => each === member || users.includes(each));
    await whileAllHeld(async () => {
      await member.retire();
      await Promise.all(
        affected.map((each) => callOnce(each, this.here.channel, this.chaincodeName, this.here.signal)),
      );
    });
    this.here.step(`the chaincode service of ${member.mspId} has its new certificates`);
  }

  /**
   * Has the orderers serve the channel all at once: what one sends to another that has yet to join is lost, and with it the
   * first block, until they choose another leader after seconds.
   */
  private async startOrdering(members: readonly Member[]): Promise<void> {
    const orderers = members.flatMap(({ orderer }) => (orderer.hasPlace ? [orderer] : []));
    await Promise.all(orderers.map((orderer) => orderer.answers()));
    await Promise.all(orderers.map((orderer) => orderer.join(this.genesis)));
  }

  /**
   * Has the peers of a start follow the channel, one before all others. Peers that join at the same time dial each other
   * while either refuses who isn't on a channel that it knows; a message that is lost with such a connection is sent again
   * after 5 s only (gossip/discovery, sendUntilAcked). One that has joined takes all others in, and tells them of each other.
   */
  private async followFirst(members: readonly Member[]): Promise<void> {
    const [first, ...others] = members;
    if (first) await this.follow(first, 1);
    await Promise.all(others.map((member) => this.follow(member, 1)));
  }

  /** Starts a member's nodes, and returns at once. */
  private async startUp(member: Member): Promise<void> {
    const { servedPackage, nextPackage } = member;
    if (servedPackage !== undefined) member.serve(this.here.release(servedPackage));
    const next = nextPackage === undefined ? undefined : this.here.releaseIfAny(nextPackage);
    if (next) member.prepare(next);
    await member.start();
  }

  private async bringUp(member: Member): Promise<void> {
    await this.startUp(member);
    await Promise.all([this.startOrdering([member]), this.follow(member)]);
  }

  /** @param height number of blocks that its peer must have. Default: as many as any peer here has told of */
  private async follow(member: Member, height = Math.max(1, this.told)): Promise<void> {
    await member.follow(this.genesis, height);
    const follower = await member.administrator.follow();
    this.tell(follower.height);
    follower.onBlock(this.tell);
  }

  /** Has members run what they approved and members elsewhere have brought into force meanwhile, and nothing before it. */
  private async changeOver(): Promise<void> {
    const { here, chaincodeName: chaincode } = this;
    await this.exclusively(async () => {
      here.patience.signal?.throwIfAborted();
      const away = here.running.filter((member) => !member.isComplete());
      if (away.length > 0) throw new Error(`${here.names(away.map(({ mspId }) => mspId))} is not complete`);
      if (await followOthers(here.running, chaincode, here)) this.changesOver = true;
      if (!this.changesOver) return;
      await this.call(here.running, here.patience.signal);
      await this.retire(here.running);
      this.changesOver = false;
    });
  }

  private watched() {
    return this.here.running.map((member) => ({
      name: member.organization.member.id,
      isComplete: () => member.isComplete(),
      restore: () =>
        this.exclusively(async () => {
          if (!member.hasLeft) await this.bringUp(member);
        }),
    }));
  }

  /** Waits until members' peers run the chaincode and know all peers here, so that their gateways find every endorser. */
  private async ready(members: readonly Member[]): Promise<void> {
    await this.runChaincode(members);
    await this.acquaint(members);
  }

  /** Waits until members' peers run the chaincode, and those elsewhere that are needed do too. */
  private async runChaincode(members: readonly Member[]): Promise<void> {
    await this.call(members);
    if (!this.here.hasOthers) return;
    await Promise.all(members.map((member) => waitForEndorsers(member, this.chaincodeName, this.here)));
  }

  /** Waits until members' peers run the chaincode. */
  private async call(members: readonly Member[], signal = this.here.signal): Promise<void> {
    await Promise.all(
      members.map(async (member) => {
        await callOnce(member, this.here.channel, this.chaincodeName, signal);
        this.here.step(`${member.peer.name} runs ${this.chaincodeName}`);
      }),
    );
  }

  /** Waits until members' peers know all peers here. */
  private async acquaint(members: readonly Member[], signal = this.here.signal): Promise<void> {
    const { channel } = this.here;
    const mspIds = this.here.running.map(({ mspId }) => mspId);
    await Promise.all(
      members.map((member) => knowsEndorsers(member, channel, this.chaincodeName, mspIds, signal)),
    );
  }

  /** Stops services of code that is not in force: every peer has changed over, and runs nothing of it any more. */
  private async retire(members: readonly Member[]): Promise<void> {
    await Promise.all(members.map((member) => member.retire()));
  }

  private readonly tell = (height: number): void => {
    this.told = Math.max(this.told, height);
    this.changeover.onBlock();
  };
}

function hasLeft(members: readonly Member[], here: Members): string {
  return `${here.names(members.map(({ mspId }) => mspId))} was taken off ${here.channel}: nothing is to be run; what it has stays`;
}
