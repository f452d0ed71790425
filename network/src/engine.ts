/**
 * What runs the channel: the embedded network or real Fabric. Both run the same chaincode and the same gateways; what
 * differs is behind this interface.
 */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig, ChannelOrganization, OrganizationMaterial } from 'umlauf-channel';
import type { ConsortiumDescription } from './consortium/load.js';
import type { Home } from './home/home.js';
import type { LocalOrganization } from './home/organizations.js';
import type { Ports } from './home/ports.js';

/** What can run the channel. */
export const ENGINES = ['embedded', 'fabric'] as const;
export type EngineName = (typeof ENGINES)[number];

/** How a gateway reaches its organization's peer. */
export interface PeerAddress {
  /** `host:port` */
  readonly endpoint: string;
  /** PEM */
  readonly tlsRootCertificates: string;
}

/** What the channel has agreed to run. */
export interface ChaincodeInForce {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** As approved here; its label carries the hash of the code. */
  readonly packageId: string | undefined;
  /** MSP ids of the channel's organizations that haven't approved it. */
  readonly unapproved: readonly string[];
  /** What follows it as soon as enough members have approved it, where those here have already. */
  readonly next?: ChaincodeToFollow;
}

/** What members here have approved, and run beside the chaincode in force until a majority has. */
export interface ChaincodeToFollow {
  readonly version: string;
  readonly sequence: number;
  readonly packageId: string;
  /** MSP ids of the channel's organizations that haven't approved it yet. */
  readonly unapproved: readonly string[];
  /** How many organizations have to approve it. */
  readonly needed: number;
}

export interface Engine {
  readonly name: EngineName;
  /**
   * Settles once every peer that was started here can be asked to endorse through every other. Before, gateways may do
   * their work with those that are known.
   * @throws Error naming who isn't known to whom
   */
  settled(): Promise<void>;
  /** The channel's configuration in force. */
  configuration(): Promise<ChannelConfig>;
  /** Address of an organization's peer; undefined if none runs here. */
  peer(mspId: string): PeerAddress | undefined;
  /** Whether an organization runs a chaincode service of its own here. */
  servesChaincode(mspId: string): boolean;
  /**
   * Adds an organization to the channel (unless it is there), starts its peer, installs and approves the chaincode.
   * Running it again finishes what was interrupted. Whether the register covers it is for the caller to know.
   */
  join(organization: LocalOrganization): Promise<void>;
  /**
   * Gives an organization on the channel a place among the consenters. Running it again finishes what was interrupted.
   */
  addOrderer(organization: LocalOrganization): Promise<void>;
  /**
   * Takes an organization off the channel, a place among the consenters included, and stops what it runs here, if
   * anything. Its data stay. Running it again finishes what was interrupted. Whether the register lets it go is for the caller to know.
   */
  remove(mspId: string): Promise<void>;
  /**
   * What the channel's configuration is to say of an organization.
   * @param withOrderer with a place among the consenters: its orderer is then ready to take it
   */
  publicPart(organization: LocalOrganization, withOrderer: boolean): Promise<ChannelOrganization>;
  /** The chaincode in force on the channel; undefined before there is one. */
  chaincode(): Promise<ChaincodeInForce | undefined>;
  /**
   * Makes sure that every member here has installed and approved the chaincode in force and answers a first call.
   * @throws UserError if there is none in force and the code can't be found
   */
  deploy(): Promise<void>;
  /**
   * Brings built chaincode into force, if it is another than the one in force: installed, approved by each, committed,
   * called once by each. Old and new run side by side until every peer has changed over; then the old one ends.
   * Running it again finishes what was interrupted. Where members elsewhere have yet to approve it, it is what
   * {@link chaincode} tells as `next`; they bring it into force, and those here change over then.
   * @param folder of a built chaincode package. Default: the one that ships with this project
   * @returns whether it has come into force now
   */
  upgrade(folder?: string): Promise<boolean>;
  /** Sends a signed update of the channel's configuration, and waits until it is in force. */
  submitUpdate(update: common.Envelope): Promise<void>;
  /**
   * Changes an organization on the channel over to other certificates, its consenter's in the channel's configuration
   * included. Running it again finishes what was interrupted.
   */
  renew(organization: LocalOrganization, renewal: CertificateRenewal): Promise<void>;
  /**
   * MSP ids of organizations here that the members elsewhere have taken off the channel: their peers never get the block
   * that says so, and answer from what was before.
   */
  cutOff(): Promise<ReadonlySet<string>>;
  /** Ends whatever waits for members on other machines, for good: it is about to stop. */
  endPatience(): void;
  stop(): Promise<void>;
}

/** How an organization changes over to other certificates of the same authorities. */
export interface CertificateRenewal {
  readonly next: OrganizationMaterial;
  /** Makes them the organization's own, from which its nodes are started; before, they are known to the channel at most. */
  readonly adopt: () => void;
  /** Has nobody use the organization's peer through its gateway while it is exchanged. */
  readonly whileHeld: (exchange: () => Promise<void>) => Promise<void>;
  /** Has nobody use any peer here through a gateway while what several peers use is exchanged. */
  readonly whileAllHeld: (exchange: () => Promise<void>) => Promise<void>;
}

/** What an engine is started with. */
export interface EngineContext {
  readonly home: Home;
  readonly ports: Ports;
  readonly description: ConsortiumDescription;
  /** All that are on this machine, on the channel or not. */
  readonly organizations: readonly LocalOrganization[];
  /** Told of each step of coming up, of changes, and of what was started again. */
  readonly step: (text: string) => void;
  /** Told what is waited for, while members on other machines have something to do first. */
  readonly waits: (text: string) => void;
  /** Told of what needs a person. */
  readonly alarm: (text: string) => void;
  /**
   * Has the channel order a transaction that changes nothing, through a gateway that runs here; does nothing where there is
   * none yet.
   * @throws Error if none can
   */
  readonly order?: () => Promise<void>;
  /** Calls off the start, not what comes after it. An engine that waits for other processes gives up at once. */
  readonly signal?: AbortSignal | undefined;
}

export interface StartedEngine {
  readonly engine: Engine;
  /** Whether the channel was made just now. */
  readonly isNew: boolean;
}

/** What an engine's start is given at once; the keys of organizations may take a moment. */
export type EngineStart = Omit<EngineContext, 'organizations'> & {
  readonly organizations: EngineContext['organizations'] | Promise<EngineContext['organizations']>;
};

/** Starts or reopens the engine with the founders' organizations, and all others of the channel that are on this machine. */
export type EngineStarter = (start: EngineStart) => Promise<StartedEngine>;
