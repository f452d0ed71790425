/** The gateways of the organizations that are on this machine. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OrganizationMaterial } from 'umlauf-channel';
import { unlessAborted } from '../abort.js';
import type { PeerAddress } from '../engine.js';
import { writeAtomically } from '../home/files.js';
import type { Home } from '../home/home.js';
import type { LocalOrganization } from '../home/organizations.js';
import type { Ports } from '../home/ports.js';
import type { TokenIssuer } from '../home/tokens.js';
import type { GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import { JOURNAL, gatewayFolder, writeGatewayFiles } from './gateway-files.js';
import type { GatewaysThread, HostedGateway } from './gateways-thread.js';
import type { SentOptions } from './gateways-worker.js';
import { whileAllHeld } from './hold.js';

const READY_MILLISECONDS = 60_000;
const READY_POLL_MILLISECONDS = 20;
/** A day: tokens are valid for thirty. */
const RENEWAL_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface GatewaysOptions {
  readonly home: Home;
  readonly ports: Ports;
  readonly issuer: TokenIssuer;
  readonly channel: string;
  readonly chaincode: string;
  /** All that are on this machine, on the channel or not. */
  readonly organizations: readonly LocalOrganization[];
  /** How to reach an organization's peer; undefined if none runs here. */
  readonly peer: (mspId: string) => PeerAddress | undefined;
  /** Where they run; it ends with them. */
  readonly thread: GatewaysThread;
  /** Told when any gateway sees that a member was admitted. */
  readonly onAdmitted: () => void;
}

interface Running {
  readonly gateway: HostedGateway;
  readonly access: GatewayAccess;
}

export class Gateways {
  private readonly running = new Map<string, Running>();
  private published = false;
  private renewal: NodeJS.Timeout | undefined;

  constructor(private readonly options: GatewaysOptions) {}

  /** Those that run, in the order of the consortium file. */
  get all(): readonly GatewayAccess[] {
    return this.options.organizations.flatMap(({ member }) => this.running.get(member.mspId)?.access ?? []);
  }

  /** The gateway of one member. */
  of(memberId: string): GatewayAccess {
    const access = this.all.find((gateway) => gateway.memberId === memberId);
    if (!access) throw new UserError(`${memberId} has no gateway here`);
    return access;
  }

  has({ member }: LocalOrganization): boolean {
    return this.running.has(member.mspId);
  }

  /**
   * Starts a member's gateway, unless it runs or there is no peer for it; returns when it can do its work.
   * @param signal stops it again when aborted before
   */
  async start({ member, material }: LocalOrganization, signal?: AbortSignal): Promise<void> {
    const { home, channel, chaincode, ports, issuer, thread, onAdmitted } = this.options;
    const peer = this.options.peer(member.mspId);
    if (!peer || this.running.has(member.mspId)) return;
    const gatewayOptions: SentOptions = {
      memberId: member.id,
      mspId: member.mspId,
      channel,
      chaincode,
      listen: { host: '127.0.0.1', port: await ports.choose(member, 'gateway') },
      peer,
      identities: identitiesOf(material),
      tokens: { issuer: issuer.issuer, audience: member.id, jwks: issuer.jwks },
      public: true,
      journal: { folder: join(gatewayFolder(home, member.id), JOURNAL) },
    };
    writeGatewayFiles(home, gatewayOptions);
    const gateway = await thread.start(gatewayOptions, onAdmitted);
    try {
      await untilReady(gateway, member.id, signal);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    const tokens = await issuer.tokens(member.id);
    this.running.set(member.mspId, {
      gateway,
      access: { memberId: member.id, mspId: member.mspId, url: gateway.url, tokens },
    });
    this.write();
  }

  /**
   * Has every gateway write once, without effect on the cooperative.
   * @throws UserError naming the first that can't within a minute, and why
   */
  async proveWriting(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.running.values()].map((running) => writing(running, signal)));
  }

  /**
   * Has one of them write, without effect on the cooperative.
   * @throws UserError if none runs, or why the last of them can't
   */
  async writeOnce(): Promise<void> {
    let failure: unknown = new UserError('no gateway runs here');
    for (const running of this.running.values())
      try {
        await writing(running);
        return;
      } catch (error) {
        failure = error;
      }
    throw failure;
  }

  /**
   * Exchanges a member's certificates while no request of its gateway is under way: those that come wait until the
   * gateway signs with the new ones and can do its work again.
   * @param exchange brings up its peer with them; afterwards `organization` has them
   */
  async whileHeld(organization: LocalOrganization, exchange: () => Promise<void>): Promise<void> {
    const running = this.running.get(organization.member.mspId);
    if (!running) return exchange();
    const { gateway } = running;
    await gateway.whileHeld(async () => {
      await exchange();
      await gateway.renewIdentities(identitiesOf(organization.material));
      await untilReady(gateway, organization.member.id);
    });
  }

  /** Does something while no request of any gateway here is under way: those that come wait. */
  async whileAllHeld(work: () => Promise<void>): Promise<void> {
    await whileAllHeld(
      [...this.running.values()].map(({ gateway }) => gateway),
      work,
    );
  }

  /** Stops an organization's gateway, if it runs: what is under way is answered first. */
  async stop(mspId: string): Promise<void> {
    const running = this.running.get(mspId);
    this.running.delete(mspId);
    this.write();
    await running?.gateway.stop();
  }

  /** Tells in the home's `endpoints.json` where they are, from now on, and keeps the tokens in it valid. */
  publish(): void {
    this.published = true;
    this.write();
    this.renewal = setInterval(() => void this.renewTokens(), RENEWAL_MILLISECONDS);
  }

  /** They can't be counted on any more: others need not look for them. */
  withdraw(): void {
    this.published = false;
    clearInterval(this.renewal);
    rmSync(this.options.home.path('endpoints.json'), { force: true });
  }

  async stopAll(): Promise<void> {
    this.withdraw();
    await Promise.all([...this.running.values()].map(({ gateway }) => gateway.stop()));
    this.running.clear();
    await this.options.thread.end();
  }

  private async renewTokens(): Promise<void> {
    for (const [mspId, before] of [...this.running]) {
      const { gateway, access } = before;
      const tokens = await this.options.issuer.tokens(access.memberId);
      // It may have been stopped meanwhile.
      if (this.running.get(mspId) === before)
        this.running.set(mspId, { gateway, access: { ...access, tokens } });
    }
    this.write();
  }

  private write(): void {
    if (!this.published) return;
    writeAtomically(this.options.home.path('endpoints.json'), `${JSON.stringify(this.all, null, 2)}\n`);
  }
}

function identitiesOf({ users }: OrganizationMaterial) {
  const { representative, board, auditor } = users;
  return {
    ...(representative ? { representative } : {}),
    ...(board ? { board } : {}),
    ...(auditor ? { auditor } : {}),
  };
}

/** Waits until a gateway can do its work; a machine that has much to do may take a while. */
async function untilReady(gateway: HostedGateway, memberId: string, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_MILLISECONDS;
  for (;;) {
    const { ready, missing } = await gateway.ready();
    signal?.throwIfAborted();
    if (ready) return;
    if (Date.now() > deadline)
      throw new UserError(`the gateway of ${memberId} does not become ready; missing: ${missing.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MILLISECONDS));
  }
}

async function writing({ gateway, access }: Running, signal?: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(READY_MILLISECONDS);
  try {
    await unlessAborted(gateway.proveWriting(), signal ? AbortSignal.any([signal, late]) : late);
  } catch (error) {
    signal?.throwIfAborted();
    const reason = late.aborted ? `no answer in ${READY_MILLISECONDS / 1000} s` : (error as Error).message;
    throw new UserError(`the gateway of ${access.memberId} reads but can't write: ${reason}`);
  }
}
