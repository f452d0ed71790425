/**
 * A running consortium on this machine: an engine, a gateway for each organization, and the rule that the network
 * follows the register: an organization joins the channel because a resolution admitted it.
 */
import { rmSync } from 'node:fs';
import type { Member, OpenPoint } from 'umlauf-chaincode/api';
import { startGateway, type RunningGateway } from 'umlauf-gateway';
import type { Engine, PeerAddress } from '../engine.js';
import { writeAtomically } from '../home/files.js';
import type { Home } from '../home/home.js';
import { writeApplication } from '../home/applications.js';
import { memberIdentity, openOrganizations, type LocalOrganization } from '../home/organizations.js';
import { openPorts, type Ports } from '../home/ports.js';
import { openTokenIssuer, type TokenIssuer } from '../home/tokens.js';
import { all, call, RestProblem, type GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import { foundationOf, playFoundation } from './foundation.js';
import type { ConsortiumDescription } from './load.js';

/** What is told while the consortium comes up and runs. */
export interface ConsortiumEvents {
  /** A step of coming up. */
  step?(text: string, transactionId?: string): void;
  /** A member's organization is on the network and its gateway answers. */
  joined?(gateway: GatewayAccess): void;
  /** Register and network disagree, or something else needs a person. */
  alarm?(text: string): void;
}

export interface ConsortiumOptions {
  /** Leave the foundation to whoever calls. */
  readonly unfounded?: boolean;
}

export interface StartedEngine {
  readonly engine: Engine;
  /** Whether the channel was made just now. */
  readonly isNew: boolean;
}

/** What an engine is started with. */
export interface EngineContext {
  readonly home: Home;
  readonly ports: Ports;
  readonly description: ConsortiumDescription;
  /** All that are on this machine, on the channel or not. */
  readonly organizations: readonly LocalOrganization[];
}

/** Starts or reopens the engine with the founders' organizations, and all others of the channel that are on this machine. */
export type EngineStarter = (context: EngineContext) => Promise<StartedEngine>;

const READY_MILLISECONDS = 60_000;
const READY_POLL_MILLISECONDS = 20;
const RETRY_MILLISECONDS = 2_000;
/** A day: tokens are valid for thirty. */
const RENEWAL_MILLISECONDS = 24 * 60 * 60 * 1000;

export class Consortium {
  private readonly running = new Map<string, { gateway: RunningGateway; access: GatewayAccess }>();
  private readonly alarms = new Set<string>();
  private following: Promise<void> = Promise.resolve();
  private followAgain = false;
  private retry: NodeJS.Timeout | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private ready = false;
  private stopping = false;

  private constructor(
    readonly description: ConsortiumDescription,
    private readonly home: Home,
    private readonly ports: Ports,
    private readonly issuer: TokenIssuer,
    private readonly organizations: readonly LocalOrganization[],
    private readonly engine: Engine,
    private readonly events: ConsortiumEvents,
  ) {}

  /** Comes up or goes on where it stopped; ready when this returns. Whatever was started is stopped again on failure. */
  static async start(
    home: Home,
    description: ConsortiumDescription,
    startEngine: EngineStarter,
    events: ConsortiumEvents = {},
    { unfounded = false }: ConsortiumOptions = {},
  ): Promise<Consortium> {
    const organizations = await openOrganizations(home, description.members);
    events.step?.(`keys of ${organizations.length} organizations`);
    for (const organization of organizations)
      if (organization.member.start === 'applicant') writeApplication(home, organization);
    const ports = openPorts(home);
    const issuer = await openTokenIssuer(home);
    const { engine, isNew } = await startEngine({ home, ports, description, organizations });
    const consortium = new Consortium(description, home, ports, issuer, organizations, engine, events);
    try {
      events.step?.(isNew ? 'channel and chaincode' : 'channel and chaincode, with the ledger as it was');
      await consortium.startGateways();
      events.step?.(`gateways of ${consortium.running.size} members`);
      if (!unfounded) await consortium.found();
      await consortium.follow();
      consortium.ready = true;
      consortium.writeEndpoints();
      consortium.renewal = setInterval(() => void consortium.renewTokens(), RENEWAL_MILLISECONDS);
    } catch (error) {
      await consortium.stop();
      throw error;
    }
    return consortium;
  }

  /** Every gateway that runs here, in the order of the consortium file. */
  get gateways(): readonly GatewayAccess[] {
    return this.organizations.flatMap(({ member }) => this.running.get(member.mspId)?.access ?? []);
  }

  /** The gateway of one member. */
  gateway(memberId: string): GatewayAccess {
    const access = this.gateways.find((gateway) => gateway.memberId === memberId);
    if (!access) throw new UserError(`${memberId} has no gateway here`);
    return access;
  }

  /** How to reach a member's peer directly, without its gateway. */
  peer(memberId: string): PeerAddress {
    const peer = this.engine.peer(this.gateway(memberId).mspId);
    if (!peer) throw new UserError(`${memberId} has no peer here`);
    return peer;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    clearInterval(this.renewal);
    rmSync(this.home.path('endpoints.json'), { force: true });
    await this.following.catch(() => undefined);
    await Promise.all([...this.running.values()].map(({ gateway }) => gateway.stop()));
    this.running.clear();
    await this.engine.stop();
  }

  private async startGateways(): Promise<void> {
    const onChannel = new Set((await this.engine.members()).map(({ mspId }) => mspId));
    for (const mspId of onChannel)
      if (!this.organizations.some(({ member }) => member.mspId === mspId))
        this.alarm(
          `${mspId} is on the channel but not listed in the consortium file: its peer and gateway do not run here`,
        );
    const starts = await Promise.allSettled(
      this.organizations
        .filter(({ member }) => onChannel.has(member.mspId))
        .map((organization) => this.startGateway(organization)),
    );
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  }

  private async startGateway({ member, material }: LocalOrganization): Promise<void> {
    const peer = this.engine.peer(member.mspId);
    if (!peer || this.running.has(member.mspId)) return;
    const { representative, board, auditor } = material.users;
    const gateway = await startGateway({
      memberId: member.id,
      mspId: member.mspId,
      channel: this.description.channel,
      chaincode: this.description.chaincode,
      listen: { host: '127.0.0.1', port: await this.ports.choose(member, 'gateway') },
      peer,
      identities: {
        ...(representative ? { representative } : {}),
        ...(board ? { board } : {}),
        ...(auditor ? { auditor } : {}),
      },
      tokens: { issuer: this.issuer.issuer, audience: member.id, jwks: this.issuer.jwks },
      onFact: ({ type }) => {
        if (type === 'member.admitted') void this.follow();
      },
    });
    try {
      await untilReady(gateway, member.id);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    const tokens = await this.issuer.tokens(member.id);
    this.running.set(member.mspId, {
      gateway,
      access: { memberId: member.id, mspId: member.mspId, url: gateway.url, tokens },
    });
  }

  private async found(): Promise<void> {
    if (await this.read(foundationOf)) return;
    const founders = this.organizations.filter(({ member }) => member.start === 'founding');
    await playFoundation(
      founders.map(({ member }) => this.gateway(member.id)),
      founders.map(memberIdentity),
      this.description.bylaws,
      ({ text, transactionId }) => this.events.step?.(text, transactionId),
    );
  }

  /** Reads through the first gateway that may and can: a former member's may not. */
  private async read<T>(reading: (gateway: GatewayAccess) => Promise<T>): Promise<T> {
    let refusal: unknown = new UserError('no gateway runs here');
    for (const gateway of this.gateways) {
      try {
        return await reading(gateway);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  /** Carries out what the register asks of the network. Calls meanwhile are gathered into one further round. */
  private follow(): Promise<void> {
    if (this.followAgain) return this.following;
    this.followAgain = true;
    this.following = this.following
      .catch(() => undefined)
      .then(async () => {
        this.followAgain = false;
        if (!this.stopping) await this.followOnce();
      })
      .catch((error: unknown) => this.tryAgain('following the register', error));
    return this.following;
  }

  private async followOnce(): Promise<void> {
    const points = await this.read((gateway) => all<OpenPoint>(gateway, 'auditor', '/open-points'));
    for (const { kind, memberId, detail } of points) {
      if (this.stopping) return;
      if (kind === 'organization-not-covered') this.alarm(detail);
      if (kind !== 'member-not-on-network' || memberId === undefined) continue;
      // One that can't join must not keep the others out.
      await this.admit(memberId).catch((error: unknown) => this.tryAgain(`bringing in ${memberId}`, error));
    }
  }

  private tryAgain(what: string, error: unknown): void {
    if (this.stopping) return;
    this.alarm(`${what} failed and is tried again: ${(error as Error).message}`);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.follow(), RETRY_MILLISECONDS);
  }

  private async admit(memberId: string): Promise<void> {
    const organization = this.organizations.find(({ member }) => member.id === memberId);
    if (!organization) {
      this.alarm(
        `${memberId} is admitted but not listed in the consortium file: its organization can't join from here. ` +
          'Until it joins, its ballots cannot be cast: whatever needs every member on the roll, such as the next unanimous admission, is blocked.',
      );
      return;
    }
    const { body: member } = await this.read((gateway) =>
      call<Member>(gateway, 'auditor', 'GET', `/members/${memberId}`),
    );
    const own = memberIdentity(organization);
    const sameRoots =
      member.mspId === own.mspId &&
      JSON.stringify(sorted(member.mspFingerprints)) === JSON.stringify(sorted(own.mspFingerprints));
    if (!sameRoots) {
      this.alarm(
        `${memberId} was admitted with other keys than its organization has here: it is not added to the network`,
      );
      return;
    }
    await this.engine.join(organization);
    await this.startGateway(organization);
    const access = this.gateway(memberId);
    try {
      await call(access, 'board', 'POST', `/members/${memberId}/joined`);
    } catch (error) {
      if (!(error instanceof RestProblem && error.is('unchanged'))) throw error;
    }
    this.writeEndpoints();
    this.events.joined?.(access);
  }

  private async renewTokens(): Promise<void> {
    for (const [mspId, { gateway, access }] of this.running)
      this.running.set(mspId, {
        gateway,
        access: { ...access, tokens: await this.issuer.tokens(access.memberId) },
      });
    this.writeEndpoints();
  }

  private alarm(text: string): void {
    if (this.alarms.has(text)) return;
    this.alarms.add(text);
    this.events.alarm?.(text);
  }

  private writeEndpoints(): void {
    if (!this.ready || this.stopping) return;
    writeAtomically(this.home.path('endpoints.json'), `${JSON.stringify(this.gateways, null, 2)}\n`);
  }
}

/** Waits until a gateway can do its work; a machine that has much to do may take a while. */
async function untilReady(gateway: RunningGateway, memberId: string): Promise<void> {
  const deadline = Date.now() + READY_MILLISECONDS;
  for (;;) {
    const { ready, missing } = await gateway.ready();
    if (ready) return;
    if (Date.now() > deadline)
      throw new UserError(`the gateway of ${memberId} does not become ready; missing: ${missing.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MILLISECONDS));
  }
}

function sorted({ signing, tls }: { signing: readonly string[]; tls: readonly string[] }) {
  return { signing: [...signing].sort(), tls: [...tls].sort() };
}
