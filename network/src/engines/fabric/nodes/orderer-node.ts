import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../../home/files.js';
import type { LocalOrganization } from '../../../home/organizations.js';
import { OrdererAdmin } from '../client/orderer-admin.js';
import { until } from '../wait.js';
import { LOOPBACK, nodeEnvironment, START_TIMEOUT_MS, type NodeContext } from './context.js';
import type { MemberLayout } from './layout.js';
import { ordererConfigFile } from './orderer-config.js';

const CATCH_UP_TIMEOUT_MS = 90_000;
/** Pause between two transactions that are ordered so that it notices what it lacks. */
const WAKE_MS = 1_500;

/** A member's orderer, if it has a place among the consenters. */
export class OrdererNode {
  readonly name: string;
  private readonly layout: MemberLayout;

  constructor(
    private readonly organization: LocalOrganization,
    private readonly context: NodeContext,
  ) {
    this.name = `${organization.member.id}.orderer`;
    this.layout = context.layout.member(organization);
  }

  /** Whether the member has been given a place. */
  get hasPlace(): boolean {
    return existsSync(this.configFile);
  }

  /** Takes a place, and answers the port: from now on its address and certificates stay as they are. */
  takePlace(): Promise<number> {
    return this.configure();
  }

  /** Has no place any more; what it ordered stays. */
  losePlace(): void {
    rmSync(this.configFile, { force: true });
  }

  /** Starts it, unless it runs. */
  async start(): Promise<void> {
    const { supervisor, binaries } = this.context;
    if (supervisor.isRunning(this.name)) return;
    await this.configure();
    supervisor.start({
      name: this.name,
      command: binaries.orderer,
      args: [],
      cwd: this.layout.directory,
      env: { FABRIC_CFG_PATH: this.layout.ordererConfig, ...nodeEnvironment(this.context) },
    });
  }

  /** Has it serve the channel, unless it does; waits until it is up. */
  async join(configBlock: Uint8Array): Promise<void> {
    await this.answers();
    await this.admin().join(this.context.channel, configBlock);
  }

  /** Waits until it can be told to serve a channel. */
  async answers(): Promise<void> {
    const admin = this.admin();
    await until(() => admin.channels(), {
      what: `${this.name} to answer`,
      deadlineMs: START_TIMEOUT_MS,
      signal: this.context.signal,
      everyMs: 50,
      giveUp: () => this.context.supervisor.checkRunning(this.name),
    });
  }

  /** Waits until it follows the channel, and has at least so many blocks. */
  follows(height: number): Promise<void> {
    return this.reached('follower', height);
  }

  /**
   * Waits until it takes part in ordering, and has at least so many blocks. A consenter that starts with all but the last
   * would wait for ever where nothing is ordered: the leader's heartbeats tell the last sequence that was decided, which
   * is the next one to a node that has just started (SmartBFT, bft/view.go and bft/util.go). One more lets it see that it
   * is behind, and fetch the blocks within ten seconds; two more, at once (bft/heartbeatmonitor.go).
   * @param order has the channel order something that changes nothing
   */
  takesPart(height: number, order: () => Promise<void>): Promise<void> {
    let woken = Date.now();
    return this.reached('consenter', height, async () => {
      if (Date.now() - woken < WAKE_MS) return;
      await order().catch(() => undefined); // the network may be busy with a change; what counts is the height
      woken = Date.now();
    });
  }

  /** @param behind called while it stands so, but lacks blocks */
  private async reached(
    relation: 'follower' | 'consenter',
    height: number,
    behind: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const admin = this.admin();
    await until(
      async () => {
        const found = await admin.status(this.context.channel);
        if (found.consensusRelation !== relation) return undefined;
        if (found.height >= height) return true;
        await behind();
        return undefined;
      },
      {
        what: `${this.name} to be a ${relation} with ${height} blocks`,
        deadlineMs: CATCH_UP_TIMEOUT_MS,
        signal: this.context.signal,
        everyMs: 100,
        giveUp: () => this.context.supervisor.checkRunning(this.name),
        progress: async () => (await admin.status(this.context.channel)).height,
      },
    );
  }

  /** How many blocks of the channel it has; 0 if it has no place. It must be up. */
  async height(): Promise<number> {
    return this.hasPlace ? (await this.admin().status(this.context.channel)).height : 0;
  }

  private get configFile(): string {
    return join(this.layout.ordererConfig, 'orderer.yaml');
  }

  private admin(): OrdererAdmin {
    const { member, material } = this.organization;
    return new OrdererAdmin({
      host: LOOPBACK,
      port: this.context.ports.kept(member, 'orderer-admin') ?? 0,
      tlsRootCertificates: material.tlsCa.certificate,
      certificate: material.orderer.tls.certificate,
      privateKey: material.orderer.tls.privateKey,
    });
  }

  /** Writes its configuration; answers the port under which the channel knows it. */
  private async configure(): Promise<number> {
    const { ports } = this.context;
    const { member, material } = this.organization;
    const port = await ports.choose(member, 'orderer', { fixed: true });
    const file = ordererConfigFile({
      mspId: material.mspId,
      listenHost: member.listen,
      listenPort: port,
      adminAddress: `${LOOPBACK}:${await ports.choose(member, 'orderer-admin')}`,
      operationsAddress: `${LOOPBACK}:${await ports.choose(member, 'orderer-operations')}`,
      crypto: this.layout.orderer,
      dataFolder: this.layout.ordererData,
    });
    writeAtomically(this.configFile, file);
    return port;
  }
}
