/**
 * What this gateway needs of Fabric, and nothing more: the seam between its rules and the client library.
 *
 * Tests put a fake here; {@link ./sdk-client.ts} puts the unmodified client library here.
 */
import type { Role } from 'umlauf-chaincode/api';
import type { DiscoveredNodes, DiscoveredPeer } from './discovery.js';
import type { TransactionContent } from './envelope.js';

/** One call of a chaincode. */
export interface Call {
  /** Absent: the chaincode that this gateway was made for. */
  readonly chaincode?: string;
  /** `<contract>:<transaction>`. */
  readonly transaction: string;
  readonly arguments: readonly (string | Uint8Array)[];
  /** Whose key signs; absent: any of the organization's. */
  readonly role?: Role | undefined;
}

/** How a call is evaluated. */
export interface EvaluateOptions {
  /** Whose peer answers. Default: the own one. */
  readonly mspId?: string | undefined;
  readonly deadlineMs?: number | undefined;
  /** Over a connection of its own, for an answer that may get it stuck; another organization's always is. */
  readonly aside?: boolean | undefined;
}

/** Where a transaction ended up. */
export interface CommitStatus {
  /** Fabric's TxValidationCode; 0 is valid. */
  readonly validationCode: number;
  readonly blockNumber: bigint;
}

/** An endorsed transaction. */
export interface Endorsed {
  /** Hands it to the orderers. Failing says nothing about the outcome. */
  submit(): Promise<void>;
}

/** A signed proposal. */
export interface Proposed {
  readonly transactionId: string;
  /** By which the transaction is known again in a block, see {@link TransactionContent}. */
  readonly proposalHash: string;
  endorse(): Promise<Endorsed>;
}

/** A transaction as a block shows it. */
export interface SeenTransaction {
  readonly transactionId: string;
  /** Place in its block, from 0; envelopes that can't be read count as well. */
  readonly position: number;
  /** Whether it is a new channel configuration. */
  readonly config: boolean;
  readonly validationCode: number;
  /** The transaction's timestamp, in milliseconds; chosen by its client. */
  readonly timestampMs: number;
  /** @throws {Error} for a configuration. */
  readonly content: () => TransactionContent;
}

/** A block. */
export interface SeenBlock {
  readonly number: bigint;
  readonly transactions: readonly SeenTransaction[];
}

/** Something that goes on until it is closed; iterating it throws when the connection breaks. */
export interface Stream<T> extends AsyncIterable<T> {
  close(): void;
}

/** Fabric, as one organization's gateway meets it: through its own peer only. */
export interface FabricClient {
  readonly mspId: string;
  /**
   * Asks one peer, by default the own organization's: its answer is the only one that the organization can trust.
   * @throws what the client library throws.
   */
  evaluate(call: Call, options?: EvaluateOptions): Promise<Uint8Array>;
  /** @param endorsers MSP ids that have to endorse; absent: the peer works them out. */
  propose(call: Call, endorsers?: readonly string[]): Proposed;
  /**
   * Waits until a transaction that this gateway submitted is committed at its own peer. Never for other ids: Fabric
   * answers for an id that never commits by waiting to the deadline.
   */
  commitStatus(transactionId: string, role: Role | undefined, deadlineMs?: number): Promise<CommitStatus>;
  /** Blocks from `startBlock` on, which must not be beyond the height. */
  blocks(startBlock: bigint): Promise<Stream<SeenBlock>>;
  /** The nodes of the channel that the own peer sees. */
  nodes(): Promise<DiscoveredNodes>;
  /** Of them the peers alone: a tenth of the bytes, without the certificates of all organizations. */
  peers(deadlineMs?: number): Promise<readonly DiscoveredPeer[]>;
  close(): void;
}
