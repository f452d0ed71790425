import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ChannelConfig } from 'umlauf-channel';
import { z } from 'zod';
import type { EngineContext } from '../../engine.js';
import { membersElsewhere } from '../../consortium/load.js';
import type { ListedMember } from '../../consortium/schema.js';
import { readJson } from '../../home/files.js';
import type { LocalOrganization } from '../../home/organizations.js';
import type { Patience } from '../../patience.js';
import { UserError } from '../../user-error.js';
import { dependencyFolders, shippedChaincode } from '../chaincode/code.js';
import { findRelease, makeRelease, type Release } from '../chaincode/release.js';
import { goDuration } from './go-duration.js';
import { Member } from './member.js';
import { findFabric } from './nodes/binaries.js';
import type { NodeContext } from './nodes/context.js';
import { fabricLayout, type FabricLayout } from './nodes/layout.js';
import { PeerNode } from './nodes/peer-node.js';
import { Supervisor } from './nodes/processes.js';

export interface FabricOptions {
  /** How many of the founders order, from the first on. Default: 4. */
  readonly orderers?: number;
  /**
   * How many of the founders run a chaincode service, from the first on; the others' peers use theirs in turn. It holds
   * for peers that are started for the first time. Default: every member runs its own; where more than eight are on this
   * machine, as many as it has processors, at least two.
   */
  readonly chaincodeServices?: number;
  /** Folder of a built chaincode package. Default: the one that ships with this project. */
  readonly chaincodeFolder?: string;
  /** Start again what has ended without being asked to. Default: true. */
  readonly restartEnded?: boolean;
}

const ChaincodeHost = z.object({ memberId: z.string() });

/** From here on the members' chaincode services take most of the time until all are up (18 on 2 processors: 8 of 16 s). */
const MANY_MEMBERS = 8;

/** Makes the parts of the members that are on this machine, and knows what they share. */
export class Members {
  private readonly made = new Map<string, Member>();
  private readonly impatience = new AbortController();
  private readonly dependencies: readonly string[];
  private readonly chaincodeFolder: string;

  constructor(
    readonly context: NodeContext,
    private readonly organizations: readonly LocalOrganization[],
    readonly options: FabricOptions,
    private readonly told: Pick<EngineContext, 'step' | 'waits' | 'order'>,
    /** Whose parts run on other machines. */
    private readonly elsewhere: readonly ListedMember[] = [],
  ) {
    this.chaincodeFolder = options.chaincodeFolder ?? shippedChaincode();
    this.dependencies = dependencyFolders(this.chaincodeFolder);
    const { signal } = context;
    const signals = [this.impatience.signal, ...(signal ? [signal] : [])];
    const signalOfAll = AbortSignal.any(signals);
    setMaxListeners(0, signalOfAll); // many wait at once
    this.patience = { waits: (text) => told.waits(text), signal: signalOfAll };
  }

  /** Tells of a step that has been done. */
  readonly step = (text: string): void => this.told.step(text);

  /** Has the channel order a transaction that changes nothing. */
  readonly order = async (): Promise<void> => this.told.order?.();

  /** Whether other members' parts run on other machines. */
  get hasOthers(): boolean {
    return this.elsewhere.length > 0;
  }

  /** What people call the members with these MSP ids. */
  names(mspIds: Iterable<string>): string {
    const listed = [...this.organizations.map(({ member }) => member), ...this.elsewhere];
    const name = (mspId: string) => listed.find((member) => member.mspId === mspId)?.id ?? mspId;
    return [...mspIds].map(name).join(', ');
  }

  get layout(): FabricLayout {
    return this.context.layout;
  }

  get channel(): string {
    return this.context.channel;
  }

  /** Aborted when coming up is called off. */
  get signal(): AbortSignal | undefined {
    return this.context.signal;
  }

  /** For what members on other machines have to do before it goes on here, however long that takes. */
  readonly patience: Patience;

  /** Ends all waiting for members on other machines, from now on. */
  endPatience(): void {
    this.impatience.abort(
      new UserError(
        'it stops before members on other machines have done their part: bring it up, and run it again',
      ),
    );
  }

  /** All that have been asked for, in that order. */
  get all(): Member[] {
    return [...this.made.values()];
  }

  /** Those whose nodes have been started here, in the order of the consortium file. */
  get running(): Member[] {
    return this.all.filter(({ address }) => address !== undefined);
  }

  /** The part of an organization by its MSP id; undefined if it isn't on this machine. */
  find(mspId: string): Member | undefined {
    const organization = this.organizations.find(({ material }) => material.mspId === mspId);
    return organization && this.member(organization);
  }

  /** The part of one organization; the same each time. */
  member(organization: LocalOrganization): Member {
    const { id } = organization.member;
    const member =
      this.made.get(id) ??
      new Member(organization, this.context, this.dependencies, () => this.chaincodeHost(organization));
    this.made.set(id, member);
    return member;
  }

  /** The release of the chaincode as it is built now, by default of the one that this network is made with. */
  currentRelease(folder = this.chaincodeFolder): Release {
    return makeRelease(folder, this.layout.chaincodes);
  }

  /** The release of a package that was approved earlier. */
  release(packageId: string): Release {
    return findRelease(packageId, this.layout.chaincodes);
  }

  /** The same; undefined if its code is not here any more, as it was. */
  releaseIfAny(packageId: string): Release | undefined {
    try {
      return this.release(packageId);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /**
   * The channel's configuration: the latest that any peer here has. The peer of an organization that was taken off the
   * channel never gets the block that says so, and goes on telling what was before it.
   * @throws AggregateError if none answers
   */
  async configuration(): Promise<ChannelConfig> {
    const answers = await Promise.allSettled(
      this.running.map(({ administrator }) => administrator.configuration()),
    );
    const [latest] = answers
      .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      .sort((a, b) => b.sequence - a.sequence);
    if (latest) return latest;
    throw new AggregateError(
      answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : undefined)),
      `no peer here tells the configuration of ${this.channel}`,
    );
  }

  /** Stops all processes of this home. */
  async stop(): Promise<void> {
    this.close();
    await this.context.supervisor.stop();
  }

  /** Lets go of the processes, which go on running. */
  close(): void {
    for (const member of this.made.values()) member.close();
  }

  /** Whose chaincode service a member's peer uses, if not its own: a peer never forgets where it was at first. */
  private chaincodeHost(organization: LocalOrganization): Member | undefined {
    const { chaincodeHost } = this.layout.member(organization);
    const recorded = ChaincodeHost.safeParse(readJson(chaincodeHost)).data?.memberId;
    const host =
      recorded !== undefined || new PeerNode(organization, this.context).exists
        ? this.organizations.find(({ member }) => member.id === recorded)
        : this.hostInTurn(organization);
    if (recorded !== undefined && !host)
      throw new UserError(
        `${organization.member.id} uses the chaincode service of ${recorded}, which the consortium file no longer lists`,
      );
    return host && this.member(host);
  }

  /**
   * For a peer that has never been started: one of the first founders, but of those that have not left and don't use
   * another's service themselves. Who has yet to be admitted may never serve anybody.
   */
  private hostInTurn(organization: LocalOrganization): LocalOrganization | undefined {
    const { length } = this.organizations;
    const services =
      this.options.chaincodeServices ??
      (length > MANY_MEMBERS ? Math.max(2, availableParallelism()) : length);
    const hosts = this.organizations.filter((each) => this.canHost(each)).slice(0, services);
    if (services >= length || hosts.includes(organization)) return undefined;
    return hosts[this.organizations.indexOf(organization) % hosts.length];
  }

  private canHost(organization: LocalOrganization): boolean {
    const { left, chaincodeHost } = this.layout.member(organization);
    return organization.member.start !== 'applicant' && !existsSync(left) && !existsSync(chaincodeHost);
  }
}

/**
 * Finds Fabric, and prepares the members' parts of a home.
 * @throws UserError if Fabric isn't on this machine
 */
export async function openMembers(context: EngineContext, options: FabricOptions): Promise<Members> {
  const { home, ports, description, organizations } = context;
  const layout = fabricLayout(home);
  const node: NodeContext = {
    channel: description.channel,
    layout,
    ports,
    supervisor: new Supervisor(layout.processes, layout.logs, context.signal),
    signal: context.signal,
    binaries: await findFabric(),
    timeWindow: goDuration(description.bylaws.skew),
    channelPeers: description.members.length,
    peersHere: organizations.length,
  };
  return new Members(node, organizations, options, context, membersElsewhere(description));
}
