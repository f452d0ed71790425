import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../../home/files.js';
import type { LocalOrganization } from '../../../home/organizations.js';
import { OrdererAdmin } from '../client/orderer-admin.js';
import { until } from '../wait.js';
import { LOGGING, LOOPBACK, START_TIMEOUT_MS, type NodeContext } from './context.js';
import type { MemberLayout } from './layout.js';
import { ordererConfigFile } from './orderer-config.js';

/**
 * SmartBFT lets a consenter that is one block behind be for ten seconds before it fetches that block, and only where no
 * further one comes: measured on a busy machine, 10 to over 30 s.
 */
const CATCH_UP_TIMEOUT_MS = 90_000;

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
      env: { FABRIC_CFG_PATH: this.layout.ordererConfig, ...LOGGING },
    });
  }

  /** Has it serve the channel, unless it does; waits until it is up. */
  async join(configBlock: Uint8Array): Promise<void> {
    const admin = this.admin();
    await until(() => admin.channels(), {
      what: `${this.name} to answer`,
      deadlineMs: START_TIMEOUT_MS,
      signal: this.context.signal,
      everyMs: 50,
      giveUp: () => this.context.supervisor.checkRunning(this.name),
    });
    await admin.join(this.context.channel, configBlock);
  }

  /** Waits until it stands so to the channel, and has at least so many blocks. */
  async reached(relation: 'follower' | 'consenter', height: number): Promise<void> {
    const admin = this.admin();
    await until(
      async () => {
        const found = await admin.status(this.context.channel);
        return (found.consensusRelation === relation && found.height >= height) || undefined;
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
