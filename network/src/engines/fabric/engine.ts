/** The consortium on real Hyperledger Fabric: every member its own organization, with its own peer and BFT ordering. */
import { addOrganization, type ChannelConfig } from 'umlauf-channel';
import type { EngineStarter } from '../../consortium/consortium.js';
import type { ChannelMember, Engine, PeerAddress } from '../../engine.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { updateConfiguration } from './configuration-update.js';
import { bringIntoForce } from './deployment.js';
import { openGenesis } from './genesis.js';
import type { Member } from './member.js';
import { openMembers, type FabricOptions, type Members } from './members.js';

/** Fewer tolerate no fault: BFT needs 3f + 1. */
const DEFAULT_ORDERERS = 4;

/** Starts real Fabric with default options. */
export const startFabricEngine: EngineStarter = fabricEngine();

/**
 * Starts real Fabric, or goes on where it stopped; what an earlier start left undone is done.
 * @throws UserError if Fabric isn't on this machine, or ports that others know are taken
 */
export function fabricEngine(options: FabricOptions = {}): EngineStarter {
  return async (context) => {
    const members = await openMembers(context, options);
    const engine = new FabricEngine(members, context.description.chaincode);
    try {
      const isNew = await engine.start(context.organizations, options.orderers ?? DEFAULT_ORDERERS);
      return { engine, isNew };
    } catch (error) {
      await engine.stop();
      throw error;
    }
  };
}

class FabricEngine implements Engine {
  readonly name = 'fabric';
  private genesis: Uint8Array = new Uint8Array();
  private joining: Promise<void> = Promise.resolve();
  private readonly listeners = new Set<() => void>();
  /** How many blocks there are, as far as any peer here has told. */
  private told = 0;

  constructor(
    private readonly here: Members,
    private readonly chaincode: string,
  ) {}

  /** @returns whether the channel is new */
  async start(organizations: readonly LocalOrganization[], orderers: number): Promise<boolean> {
    const all = organizations.map((organization) => this.here.member(organization));
    const founders = all.filter(({ organization }) => organization.member.start === 'founding');
    const { layout, channel } = this.here;
    const genesis = await openGenesis(layout.genesisBlock, channel, founders, orderers);
    this.genesis = genesis.block;
    // Services take longest to start, and on a new channel it is clear what they will run.
    if (genesis.isNew) for (const founder of founders) founder.serve(this.here.currentRelease());
    await Promise.all(
      all
        .filter((member) => founders.includes(member) || member.peer.exists)
        .map((member) => this.bringUp(member)),
    );
    this.here.step(`peers and orderers follow ${channel}`);
    const { organizations: onChannel } = await this.configuration();
    const members = this.running.filter(({ mspId }) => onChannel.has(mspId));
    const isNew = await bringIntoForce(members, this.chaincode, this.here);
    this.here.step(`${this.chaincode} is in force`);
    for (const member of all)
      if (onChannel.has(member.mspId) && !members.includes(member)) await this.bringIn(member);
    await this.ready(this.running.filter(({ mspId }) => onChannel.has(mspId)));
    return isNew;
  }

  async members(): Promise<readonly ChannelMember[]> {
    const { organizations } = await this.configuration();
    return [...organizations.values()].map(({ mspId, rootFingerprints, tlsRootFingerprints }) => ({
      mspId,
      fingerprints: { signing: rootFingerprints, tls: tlsRootFingerprints },
    }));
  }

  peer(mspId: string): PeerAddress | undefined {
    return this.running.find((member) => member.mspId === mspId)?.address;
  }

  /** One after the other: an update of the configuration makes the signatures on any other stale. */
  join(organization: LocalOrganization): Promise<void> {
    const joined = this.joining.then(() => this.joinNow(this.here.member(organization)));
    this.joining = joined.catch(() => undefined);
    return joined;
  }

  onBlock(listener: () => void): void {
    this.listeners.add(listener);
  }

  async stop(): Promise<void> {
    this.listeners.clear();
    await this.here.stop();
  }

  private async joinNow(member: Member): Promise<void> {
    const config = await this.configuration();
    if (!config.organizations.has(member.mspId)) {
      const desired = addOrganization(config.config, await member.publicPart(false));
      await updateConfiguration(config, desired, this.running);
      this.here.step(`${member.mspId} is on the channel`);
    }
    await this.bringIn(member);
    await this.ready([member]);
  }

  /** Starts the nodes of an organization on the channel, and has it approve the chaincode in force. */
  private async bringIn(member: Member): Promise<void> {
    const others = this.running.filter((each) => each !== member);
    await this.bringUp(member);
    await bringIntoForce([...others, member], this.chaincode, this.here);
  }

  private async bringUp(member: Member): Promise<void> {
    const served = member.servedPackage;
    if (served !== undefined) member.serve(this.here.release(served));
    await member.start();
    await member.join(this.genesis, Math.max(1, this.told));
    const follower = await member.administrator.follow();
    this.tell(follower.height);
    follower.onBlock(this.tell);
  }

  /** Waits until members' peers run the chaincode and know all peers here, so that their gateways find endorsers. */
  private async ready(members: readonly Member[]): Promise<void> {
    const mspIds = this.running.map(({ mspId }) => mspId);
    await Promise.all(
      members.map(async (member) => {
        await member.call(this.chaincode);
        this.here.step(`${member.peer.name} runs ${this.chaincode}`);
        await member.knows(mspIds, this.chaincode);
      }),
    );
  }

  /** Each block is told once, by whichever peer has it first. */
  private readonly tell = (height: number): void => {
    if (height <= this.told) return;
    this.told = height;
    for (const listener of this.listeners) listener();
  };

  /** Those whose nodes have been started here, in the order of the consortium file. */
  private get running(): Member[] {
    return this.here.all.filter(({ address }) => address !== undefined);
  }

  /** From the first peer that answers. */
  private async configuration(): Promise<ChannelConfig> {
    const attempts: unknown[] = [];
    for (const { administrator } of this.running) {
      try {
        return await administrator.configuration();
      } catch (error) {
        attempts.push(error);
      }
    }
    throw new AggregateError(attempts, 'no peer tells the configuration of the channel');
  }
}
