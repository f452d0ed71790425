/** What probes find out about a machine, a home and a network; checks judge it. */
import type { OpenPoint } from 'umlauf-chaincode/api';
import type { EngineName } from '../engine.js';

export interface MachineFacts {
  /** Such as `20.20.2`. */
  readonly nodeVersion: string;
  /** Undefined: no home yet. */
  readonly engine: EngineName | undefined;
  /** The version that was found, or why there is none (a line for each place). */
  readonly fabric: { readonly version: string } | { readonly missing: string };
  /** Free bytes where the home is. */
  readonly freeBytes: number;
}

export interface CertificateFact {
  readonly memberId: string;
  readonly name: string;
  readonly expires: Date;
}

/** A port that a member keeps, and that somebody else uses. */
export interface TakenPort {
  readonly memberId: string;
  readonly kind: string;
  readonly port: number;
}

export interface HomeFacts {
  readonly lock: { readonly pid: number; readonly alive: boolean } | undefined;
  /** The native processes that were started and not stopped. */
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly running: boolean }[];
  /** Looked for only while nothing runs. */
  readonly takenPorts: readonly TakenPort[];
  readonly certificates: readonly CertificateFact[];
  /** Members whose renewal of certificates was interrupted. */
  readonly unfinishedRenewals: readonly string[];
}

export interface NodeFact {
  readonly memberId: string;
  /** Undefined: it doesn't answer. */
  readonly height: number | undefined;
}

export interface PeerFact extends NodeFact {
  readonly mspId: string;
  /** MSP ids of the organizations of which it knows a peer; undefined where it can't be asked. */
  readonly knows?: readonly string[] | undefined;
  /** The chaincode package that its organization approved; undefined where it can't be asked. */
  readonly packageId?: string | undefined;
}

export interface GatewayFact {
  readonly memberId: string;
  readonly ready: boolean;
  readonly missing: readonly string[];
}

/** What another clock showed. */
export interface ClockFact {
  readonly name: string;
  /** Its time minus this machine's, in milliseconds; undefined: it didn't answer. */
  readonly aheadMs: number | undefined;
}

export interface NetworkFacts {
  readonly gateways: readonly GatewayFact[];
  readonly peers: readonly PeerFact[];
  readonly orderers: readonly NodeFact[];
  /** MSP ids of the channel's organizations; undefined where nobody tells. */
  readonly members: readonly string[] | undefined;
  readonly clocks: readonly ClockFact[];
  /** The youngest transaction's timestamp minus this machine's time, in milliseconds. */
  readonly newestBlockAheadMs: number | undefined;
  /** What of the chaincode is in force, undefined where nobody tells, and the label of the code that is here. */
  readonly chaincode:
    { readonly packageId: string | undefined; readonly unapproved: readonly string[] } | undefined;
  readonly ownLabel: string | undefined;
  /** What the register says of the network that it shouldn't have to; undefined where nobody tells. */
  readonly openPoints: readonly Pick<OpenPoint, 'kind' | 'memberId' | 'detail'>[] | undefined;
}
