/** The embedded network: all organizations' peers and the orderers in this process. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import {
  addConsenter,
  addOrganization,
  configUpdateEnvelope,
  createGenesisBlock,
  createSigner,
  removeOrganization,
  replaceConsenterCertificates,
  signConfigUpdate,
  type ChannelConfig,
  type ChannelOrganization,
} from 'umlauf-channel';
import { levelStore, startNetwork, type EmbeddedNetwork, type Logger } from 'umlauf-embedded';
import type {
  CertificateRenewal,
  ChaincodeInForce,
  Engine,
  EngineContext,
  EngineStart,
  PeerAddress,
  StartedEngine,
} from '../engine.js';
import { writeAtomically } from '../home/files.js';
import type { LocalOrganization } from '../home/organizations.js';
import { channelOrganization, consenterCertificates, hasConsenterCertificates } from './channel-profile.js';
import { EmbeddedChaincode, loadShipped, type LoadingChaincode } from './embedded-chaincode.js';
import { genesisFile } from './genesis-file.js';
import { updateConfiguration, type UpdateSigner } from './configuration-update.js';

/** Founders that order: four consenters tolerate one fault (BFT). */
const CONSENTERS = 4;

/** Starts the embedded network in a home, or goes on with the ledger that it holds. */
export async function startEmbeddedEngine(start: EngineStart): Promise<StartedEngine> {
  const { home } = start;
  const logger = logFile(home.path('logs', 'network.log'), start.alarm);
  const isNew = !existsSync(genesisFile(home, 'embedded'));
  // It takes long to load, and on a new channel it is clear what will run.
  const loading = isNew ? loadShipped(home, logger) : undefined;
  try {
    const engine = await open({ ...start, organizations: await start.organizations }, logger, loading);
    return { engine, isNew };
  } catch (error) {
    await loading?.host.close();
    throw error;
  }
}

async function open(
  context: EngineContext,
  logger: Logger,
  loading: LoadingChaincode | undefined,
): Promise<EmbeddedEngine> {
  const { home, organizations } = context;
  const file = genesisFile(home, 'embedded');
  if (!existsSync(file)) writeAtomically(file, (await genesis(context)).serializeBinary());
  const network = await startNetwork({
    genesisBlock: common.Block.deserializeBinary(readFileSync(file)),
    store: await levelStore(home.path('ledger')),
    // Which of them order is the channel's configuration's matter.
    consenters: organizations.map(({ material }) => ({
      mspId: material.mspId,
      signing: material.orderer.signing,
    })),
    logger,
  });
  try {
    const engine = new EmbeddedEngine(network, context, loading);
    await engine.open();
    return engine;
  } catch (error) {
    await network.stop();
    throw error;
  }
}

async function genesis({ description, organizations, ports }: EngineContext): Promise<common.Block> {
  const founders = organizations.filter(({ member }) => member.start === 'founding');
  return createGenesisBlock({
    channelId: description.channel,
    organizations: await Promise.all(
      founders.map(async (founder, index) => {
        const port = await ports.choose(founder.member, 'peer');
        return channelOrganization(founder, port, index < CONSENTERS ? { port } : undefined);
      }),
    ),
  });
}

/** The network's own words and those of its chaincode; errors are told as well. */
function logFile(file: string, tell: (text: string) => void): Logger {
  mkdirSync(dirname(file), { recursive: true });
  const write = (message: string) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${message}\n`);
    } catch {
      // A full disk takes the log, not the network.
    }
  };
  return {
    debug: write,
    error: (message) => {
      write(message);
      tell(message);
    },
  };
}

class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  private readonly code: EmbeddedChaincode;

  constructor(
    private readonly network: EmbeddedNetwork,
    private readonly context: EngineContext,
    loading: LoadingChaincode | undefined,
  ) {
    this.code = new EmbeddedChaincode(network, context, loading);
  }

  /** Brings up the peers of all organizations of the channel that are on this machine, with the chaincode. */
  async open(): Promise<void> {
    await Promise.all(this.onChannel().map((organization) => this.joinPeer(organization)));
    await this.code.open(this.onChannel());
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  configuration(): Promise<ChannelConfig> {
    return Promise.resolve(this.network.config);
  }

  peer(mspId: string): PeerAddress | undefined {
    const endpoint = this.network.peers.get(mspId)?.endpoint;
    const organization = this.context.organizations.find(({ material }) => material.mspId === mspId);
    if (!endpoint || !organization) return undefined;
    return {
      endpoint: `${endpoint.host}:${endpoint.port}`,
      tlsRootCertificates: organization.material.tlsCa.certificate,
    };
  }

  /** The network runs the chaincode itself. */
  servesChaincode(): boolean {
    return false;
  }

  async join(organization: LocalOrganization): Promise<void> {
    const { material } = organization;
    const { config } = this.network;
    if (!config.organizations.has(material.mspId)) {
      await this.change(addOrganization(config.config, await this.publicPart(organization, false)));
      this.context.step(`${material.mspId} is on the channel`);
    }
    if (!this.network.peers.has(material.mspId)) await this.joinPeer(organization);
    await this.code.approve([organization]);
  }

  async addOrderer(organization: LocalOrganization): Promise<void> {
    const { mspId } = organization.material;
    const { config } = this.network;
    if (config.ordererOrganizations.has(mspId)) return;
    const { orderer, ...part } = await this.publicPart(organization, true);
    if (orderer) await this.change(addConsenter(config.config, { ...part, orderer }));
    this.context.step(`${mspId} orders on the channel`);
  }

  async remove(mspId: string): Promise<void> {
    const { config } = this.network;
    if (config.organizations.has(mspId)) await this.change(removeOrganization(config.config, mspId), mspId);
    this.network.removePeer(mspId);
    this.context.step(`${mspId} is off the channel`);
  }

  /** All are in this process: nobody is taken off from elsewhere. */
  cutOff(): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set());
  }

  /** There is nobody on another machine to wait for. */
  endPatience(): void {
    return;
  }

  chaincode(): Promise<ChaincodeInForce | undefined> {
    return Promise.resolve(this.code.inForce(this.onChannel()));
  }

  async deploy(): Promise<void> {
    await this.code.approve(this.onChannel());
    await this.code.callOnce(this.onChannel());
  }

  upgrade(folder?: string): Promise<boolean> {
    return this.code.upgrade(this.onChannel(), folder);
  }

  /** Orderers have no ports of their own here: the peer's stands for it. */
  async publicPart(organization: LocalOrganization, withOrderer: boolean): Promise<ChannelOrganization> {
    const port = await this.context.ports.choose(organization.member, 'peer');
    return channelOrganization(organization, port, withOrderer ? { port } : undefined);
  }

  async submitUpdate(update: common.Envelope): Promise<void> {
    const { sequence } = this.network.config;
    await this.network.broadcast(update);
    await this.configured(sequence + 1);
  }

  async renew(
    organization: LocalOrganization,
    { next, adopt, whileHeld }: CertificateRenewal,
  ): Promise<void> {
    const { mspId } = next;
    const { config } = this.network;
    if (config.ordererOrganizations.has(mspId) && !hasConsenterCertificates(config, next)) {
      this.network.addConsenter({ mspId, signing: next.orderer.signing });
      await this.change(replaceConsenterCertificates(config.config, mspId, consenterCertificates(next)));
      this.context.step(`the channel knows the orderer of ${mspId} by its new certificates`);
    }
    adopt();
    if (!this.network.peers.has(mspId)) return;
    await whileHeld(async () => {
      this.network.removePeer(mspId);
      await this.joinPeer(organization);
    });
    this.context.step(`the peer of ${mspId} has its new certificates`);
  }

  stop(): Promise<void> {
    return this.network.stop();
  }

  /** Has the members sign an update and see it through; one that leaves may not want to. */
  private change(desired: common.Config, leaving?: string): Promise<void> {
    const signers = this.onChannel().filter(({ material }) => material.mspId !== leaving);
    return updateConfiguration(
      this.network.config,
      desired,
      signers.map((organization) => this.updateSigner(organization)),
    );
  }

  private updateSigner({ material }: LocalOrganization): UpdateSigner {
    const signer = createSigner(material.admin, material.mspId);
    return {
      mspId: material.mspId,
      sign: (update) => signConfigUpdate(update, signer),
      submitUpdate: (update, signatures) =>
        this.submitUpdate(configUpdateEnvelope(update, signatures, signer)),
    };
  }

  private onChannel(): LocalOrganization[] {
    return this.context.organizations.filter(({ material }) =>
      this.network.config.organizations.has(material.mspId),
    );
  }

  /** Resolves when a configuration of at least this sequence is in force. */
  private configured(sequence: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.network.config.sequence < sequence) return;
        stop();
        resolve();
      };
      const stop = this.network.onBlock(look);
      look();
    });
  }

  private async joinPeer({ member, material }: LocalOrganization): Promise<void> {
    await this.network.joinPeer({
      mspId: material.mspId,
      signing: material.peer.signing,
      tls: material.peer.tls,
      tlsRoots: [material.tlsCa.certificate],
      host: member.host,
      port: await this.context.ports.choose(member, 'peer'),
    });
  }
}
