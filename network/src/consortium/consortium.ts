/**
 * A running consortium on this machine: an engine, a gateway for each organization, and the rule that the network
 * follows the register: an organization joins the channel because a resolution admitted it.
 */
import { setMaxListeners } from 'node:events';
import { unlessAborted } from '../abort.js';
import { NotCoveredError } from '../channel-changes/cover.js';
import type { Progress } from '../control/operation.js';
import { startControl, type ControlServer } from '../control/server.js';
import type { Engine, EngineStarter, PeerAddress } from '../engine.js';
import { writeApplication } from '../home/applications.js';
import type { Home } from '../home/home.js';
import { openOrganizations, type LocalOrganization } from '../home/organizations.js';
import { openPorts, type Ports } from '../home/ports.js';
import { openTokenIssuer, type TokenIssuer } from '../home/tokens.js';
import { OPERATIONS } from '../operations/operations.js';
import type { GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import type { ConsortiumEvents } from './events.js';
import { Following } from './following.js';
import { foundationOf } from './foundation.js';
import { found } from './founding.js';
import { GatewaysThread } from './gateways-thread.js';
import { Gateways } from './gateways.js';
import { Infrastructure } from './infrastructure.js';
import { membersElsewhere, membersHere, type ConsortiumDescription } from './load.js';
import { Membership } from './membership.js';
import { Register } from './register.js';
import { Sequence } from './sequence.js';

export interface ConsortiumOptions {
  /** Leave the foundation to whoever calls. Default: false. */
  readonly unfounded?: boolean;
  /**
   * Leave it to an administrator (`org add`) to bring admitted members' organizations in: an alarm says that one
   * waits. Default: false, they join by themselves.
   */
  readonly manual?: boolean;
  /** Calls off the coming up: what was started is stopped again, at once. Afterwards it has no effect. */
  readonly signal?: AbortSignal;
}

interface BringUp extends ConsortiumOptions {
  readonly thread: GatewaysThread;
  readonly signal: AbortSignal;
}

interface Parts {
  readonly ports: Ports;
  readonly issuer: TokenIssuer;
  readonly manual: boolean;
  readonly thread: GatewaysThread;
}

/** The keys of the members that are here; those that are missing are made. Applicants get what they file with their application. */
async function openKeys(
  home: Home,
  description: ConsortiumDescription,
  tell: Pick<Required<ConsortiumEvents>, 'step' | 'alarm'>,
): Promise<LocalOrganization[]> {
  const organizations = await openOrganizations(home, membersHere(description), (text) => tell.alarm(text));
  tell.step(`keys of ${organizations.length} organizations`);
  for (const organization of organizations)
    if (organization.member.start === 'applicant') writeApplication(home, organization);
  return organizations;
}

export class Consortium {
  readonly gatewaysHere: Gateways;
  readonly register: Register;
  /** What runs here, as it is declared on the ledger. */
  readonly infrastructure: Infrastructure;
  /** Whose organizations are on the network. */
  readonly membership: Membership;
  private readonly following: Following;
  private readonly changes = new Sequence();
  private readonly alarms = new Set<string>();
  /** Whoever waits for a change that is under way. */
  private readonly listeners = new Set<Progress>();
  private control: ControlServer | undefined;
  private declaring: Promise<void> = Promise.resolve();
  private stopping = false;

  private constructor(
    readonly description: ConsortiumDescription,
    readonly home: Home,
    readonly organizations: readonly LocalOrganization[],
    readonly engine: Engine,
    private readonly events: ConsortiumEvents,
    parts: Parts,
  ) {
    this.gatewaysHere = new Gateways({
      ...parts,
      home,
      organizations,
      channel: description.channel,
      chaincode: description.chaincode,
      peer: (mspId) => engine.peer(mspId),
      onAdmitted: () => void this.following.follow(),
    });
    this.register = new Register(() => this.gateways);
    this.infrastructure = new Infrastructure({
      description,
      engine,
      isRunning: (gateway) => this.gateways.some(({ url }) => url === gateway.url),
      alarm: (text) => this.alarm(text),
    });
    this.membership = new Membership({
      listed: description.members,
      engine,
      gateways: this.gatewaysHere,
      register: this.register,
      joined: async (gateway, organization) => {
        await this.infrastructure.declare(gateway, organization);
        events.joined?.(gateway);
      },
    });
    this.following = new Following({
      disagreements: () => this.register.disagreements(),
      bringIn: parts.manual ? undefined : (memberId) => this.bringInAdmitted(memberId),
      withOthers: this.hasOthers,
      alarm: (text) => this.alarm(text),
    });
  }

  /**
   * Comes up or goes on where it stopped; ready when this returns. Whatever was started is stopped again on failure.
   * @throws the reason of the signal, if that is aborted meanwhile
   */
  static async start(
    home: Home,
    description: ConsortiumDescription,
    startEngine: EngineStarter,
    events: ConsortiumEvents = {},
    { signal, ...options }: ConsortiumOptions = {},
  ): Promise<Consortium> {
    signal?.throwIfAborted();
    const comingUp = new AbortController(); // of its own: once it is up, the signal must not cut off what is under way
    const abort = () => comingUp.abort(signal?.reason);
    setMaxListeners(0, comingUp.signal); // several organizations wait at once, each with a listener of its own
    signal?.addEventListener('abort', abort, { once: true });
    const thread = new GatewaysThread(); // loads its code while the network comes up
    try {
      const parts = { ...options, thread, signal: comingUp.signal };
      return await Consortium.bringUp(home, description, startEngine, events, parts);
    } catch (error) {
      await thread.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private static async bringUp(
    home: Home,
    description: ConsortiumDescription,
    startEngine: EngineStarter,
    events: ConsortiumEvents,
    { unfounded = false, manual = false, thread, signal }: BringUp,
  ): Promise<Consortium> {
    const ports = openPorts(home);
    const issuer = await openTokenIssuer(home);
    let told: Progress = {
      step: (text) => events.step?.(text),
      waits: (text) => events.waits?.(text),
      alarm: (text) => events.alarm?.(text),
    };
    const later: { gateways?: Gateways } = {};
    const opening = openKeys(home, description, told);
    const { engine, isNew } = await startEngine({
      ...{ home, ports, description, organizations: opening, signal },
      step: (text) => told.step(text),
      waits: (text) => told.waits(text),
      alarm: (text) => told.alarm(text),
      order: async () => later.gateways?.writeOnce(),
    });
    const organizations = await opening;
    // Where others sign on machines of their own, nobody joins by itself.
    const parts = { ports, issuer, manual: manual || membersElsewhere(description).length > 0, thread };
    const consortium = new Consortium(description, home, organizations, engine, events, parts);
    told = consortium;
    later.gateways = consortium.gatewaysHere;
    try {
      consortium.step(isNew ? 'channel and chaincode' : 'channel and chaincode, with the ledger as it was');
      await consortium.startGateways(signal);
      if (consortium.gateways.length > 0) await consortium.takePart(isNew, unfounded, signal);
      await unlessAborted(engine.settled(), signal);
      consortium.control = await startControl(home, consortium, OPERATIONS);
      consortium.gatewaysHere.publish();
      consortium.declaring = consortium.declareInfrastructure();
    } catch (error) {
      await consortium.stop();
      throw error;
    }
    return consortium;
  }

  /** Whether other members' parts run on other machines. */
  private get hasOthers(): boolean {
    return membersElsewhere(this.description).length > 0;
  }

  /** Every gateway that runs here, in the order of the consortium file. */
  get gateways(): readonly GatewayAccess[] {
    return this.gatewaysHere.all;
  }

  /** The gateway of one member. */
  gateway(memberId: string): GatewayAccess {
    return this.gatewaysHere.of(memberId);
  }

  /** How to reach a member's peer directly, without its gateway. */
  peer(memberId: string): PeerAddress {
    const peer = this.engine.peer(this.gateway(memberId).mspId);
    if (!peer) throw new UserError(`${memberId} has no peer here`);
    return peer;
  }

  /**
   * The organization of a listed member.
   * @throws UserError naming those that are listed
   */
  organization(memberId: string): LocalOrganization {
    const organization = this.organizations.find(({ member }) => member.id === memberId);
    if (!organization && membersElsewhere(this.description).some(({ id }) => id === memberId))
      throw new UserError(`the part of ${memberId} runs on another machine: this is to be done there`);
    if (!organization)
      throw new UserError(
        `${memberId} is not listed in the consortium file: its organization is not on this machine; these are: ` +
          this.organizations.map(({ member }) => member.id).join(', '),
      );
    return organization;
  }

  /** Settles once what runs here is declared on the ledger, or the consortium stops. */
  async declared(): Promise<void> {
    await this.declaring;
  }

  /** Changes the network, one change after the other; whoever waits is told the steps. */
  change<T>(progress: Progress, action: () => Promise<T>): Promise<T> {
    return this.changes.run(async () => {
      this.listeners.add(progress);
      try {
        return await action();
      } finally {
        this.listeners.delete(progress);
      }
    });
  }

  step(text: string, transactionId?: string): void {
    this.events.step?.(text, transactionId);
    for (const listener of this.listeners) listener.step(text);
  }

  waits(text: string): void {
    this.events.waits?.(text);
    for (const listener of this.listeners) listener.waits(text);
  }

  alarm(text: string): void {
    if (this.alarms.has(text)) return;
    this.alarms.add(text);
    this.events.alarm?.(text);
    for (const listener of this.listeners) listener.alarm(text);
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    this.gatewaysHere.withdraw();
    this.engine.endPatience();
    await this.control?.stop();
    await this.following.stop();
    await this.declaring;
    await this.changes.settled();
    await this.gatewaysHere.stopAll();
    await this.engine.stop();
  }

  private async startGateways(signal: AbortSignal): Promise<void> {
    const { organizations: onChannel } = await this.engine.configuration();
    const cutOff = await this.engine.cutOff();
    for (const mspId of onChannel.keys())
      if (!this.description.members.some((member) => member.mspId === mspId))
        this.alarm(
          `${mspId} is on the channel but not listed in the consortium file: its peer and gateway do not run here`,
        );
    for (const mspId of cutOff) this.alarm(cutOffText(mspId));
    const starts = await Promise.allSettled(
      this.organizations
        .filter(({ member }) => onChannel.has(member.mspId) && !cutOff.has(member.mspId))
        .map((organization) => this.gatewaysHere.start(organization, signal)),
    );
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  }

  /** What the members here do on the ledger when they come up. */
  private async takePart(isNew: boolean, unfounded: boolean, signal: AbortSignal): Promise<void> {
    this.step(`gateways of ${this.gateways.length} members`);
    const founded = !unfounded && (await unlessAborted(this.found(signal), signal));
    if (!isNew || !founded) await this.gatewaysHere.proveWriting(signal);
    if (this.hasOthers) await unlessAborted(this.membership.confirmHere(), signal);
    await unlessAborted(this.following.follow(), signal);
  }

  /**
   * What runs here, through each member's own gateway. Nobody waits for it, so it makes way for what users do meanwhile:
   * one member after the other, since on many peers each costs a second of their time.
   */
  private async declareInfrastructure(): Promise<void> {
    let members = 0;
    for (const gateway of this.gateways) {
      if (this.stopping) return;
      if (await this.infrastructure.declare(gateway, this.organization(gateway.memberId))) members += 1;
    }
    if (members > 0) this.step(`sites and nodes of ${members} members, declared on the ledger`);
  }

  /** Plays the foundation, in which every founder writes, unless it has been; answers whether it did. */
  private async found(signal: AbortSignal): Promise<boolean> {
    if (await this.register.read(foundationOf)) return false;
    const { description, organizations, gateways } = this;
    await found(
      { description, organizations, gateways },
      ({ text, transactionId }) => this.step(text, transactionId),
      { waits: (text) => this.waits(text), signal },
    );
    return true;
  }

  private async bringInAdmitted(memberId: string): Promise<void> {
    const organization = this.organizations.find(({ member }) => member.id === memberId);
    if (!organization) {
      this.alarm(
        `${memberId} is admitted but not listed in the consortium file: its organization can't join from here. ` +
          'Until it joins, its ballots cannot be cast: whatever needs every member on the roll, such as the next unanimous admission, is blocked.',
      );
      return;
    }
    try {
      await this.changes.run(() => this.membership.bringIn(organization));
    } catch (error) {
      if (!(error instanceof NotCoveredError)) throw error;
      this.alarm(`${error.message}: it is not added to the network`); // which trying again doesn't change
    }
  }
}

function cutOffText(mspId: string): string {
  return (
    `the members elsewhere have taken ${mspId} off the channel: its peer gets no blocks any more and its gateway stays ` +
    'down; what it has until then can still be read (umlauf ledger export)'
  );
}
