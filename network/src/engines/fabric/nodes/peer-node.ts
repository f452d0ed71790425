import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from 'umlauf-channel';
import { writeAtomically } from '../../../home/files.js';
import type { LocalOrganization } from '../../../home/organizations.js';
import { builderConfig, type ServiceAddress } from '../../chaincode/package.js';
import type { NodeAddress } from '../client/connection.js';
import { LOOPBACK, nodeEnvironment, type NodeContext } from './context.js';
import type { MemberLayout } from './layout.js';
import { BUILDER_CONFIG, peerConfigFile } from './peer-config.js';

/** A member's peer. */
export class PeerNode {
  readonly name: string;
  private readonly layout: MemberLayout;

  constructor(
    private readonly organization: LocalOrganization,
    private readonly context: NodeContext,
  ) {
    this.name = `${organization.member.id}.peer`;
    this.layout = context.layout.member(organization);
  }

  /** Whether it has been started on this machine before. */
  get exists(): boolean {
    return existsSync(this.configFile);
  }

  /** Where the other organizations' peers find it. */
  async endpoint(): Promise<Endpoint> {
    const { member } = this.organization;
    const { ports, supervisor } = this.context;
    const running = supervisor.isRunning(this.name) ? ports.kept(member, 'peer') : undefined;
    return { host: member.host, port: running ?? (await ports.choose(member, 'peer', { fixed: true })) };
  }

  /** Where clients on this machine find it. */
  async address(): Promise<NodeAddress> {
    const { host, port } = await this.endpoint();
    return { endpoint: `${host}:${port}`, tlsRootCertificates: this.organization.material.tlsCa.certificate };
  }

  /**
   * Starts it, unless it runs.
   * @param service where it finds its organization's chaincode services
   */
  async start(service: ServiceAddress): Promise<void> {
    const { supervisor, binaries } = this.context;
    if (supervisor.isRunning(this.name)) return;
    await this.configure();
    supervisor.start({
      name: this.name,
      command: binaries.peer,
      args: ['node', 'start'],
      cwd: this.layout.directory,
      env: {
        FABRIC_CFG_PATH: this.layout.peerConfig,
        ...nodeEnvironment(this.context),
        [BUILDER_CONFIG]: builderConfig(service),
      },
    });
  }

  /** How many blocks of the channel it has, as it tells anyone who may read its metrics. */
  async height(): Promise<number> {
    const { channel, ports } = this.context;
    const port = ports.kept(this.organization.member, 'peer-operations') ?? 0;
    const answer = await fetch(`http://${LOOPBACK}:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const line = (await answer.text())
      .split('\n')
      .find((each) => each.startsWith(`ledger_blockchain_height{channel="${channel}"}`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  /**
   * @throws ProcessEndedError if it isn't running
   */
  checkRunning(): void {
    this.context.supervisor.checkRunning(this.name);
  }

  private get configFile(): string {
    return join(this.layout.peerConfig, 'core.yaml');
  }

  private async configure(): Promise<void> {
    const { ports, timeWindow, channelPeers, binaries } = this.context;
    const { member, material } = this.organization;
    const { host, port } = await this.endpoint();
    const file = peerConfigFile({
      id: this.name,
      mspId: material.mspId,
      listenAddress: `${member.listen}:${port}`,
      externalAddress: `${host}:${port}`,
      operationsAddress: `${LOOPBACK}:${await ports.choose(member, 'peer-operations')}`,
      crypto: this.layout.peer,
      dataFolder: this.layout.peerData,
      chaincodeBuilder: binaries.chaincodeBuilder,
      timeWindow,
      channelPeers,
    });
    writeAtomically(this.configFile, file);
  }
}
