/** What the journal keeps of a write that somebody asked for. */
import type { ProblemCode, Role, SubmitName } from 'umlauf-chaincode/api';
import type { SignedTransaction } from '../fabric/elsewhere-client.js';
import type { Proposal } from '../fabric/submitter.js';
import type { ProblemData } from '../problem.js';

/** It is on the ledger: what was answered, or would have been. */
export interface Written {
  readonly kind: 'written';
  /** HTTP status. */
  readonly status: 200 | 201;
  /** Path of what was written. */
  readonly location: string;
  /** The transaction that recorded it. */
  readonly transactionId: string;
  /** The block of that transaction, if it could be found out. */
  readonly blockNumber?: string;
  /** JSON */
  readonly body: string;
}

/** It had no effect. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ProblemCode;
  readonly data: ProblemData;
  /** Whether the same is answered again, rather than tried again. */
  readonly final: boolean;
}

/** How a write ended. */
export type Answer = Written | Refused;

/** A transaction that was proposed, and when: Unix time in milliseconds. */
export interface NotedProposal extends Proposal {
  readonly at: number;
}

/** A write that somebody asked for. */
export interface Entry {
  /** Of the caller and its key; without a key, of the first transaction. */
  readonly id: string;
  readonly transaction: SubmitName;
  /** As it was signed: with what the gateway added, such as an id. */
  readonly input: unknown;
  /** Whose key signed. */
  readonly role: Role;
  /** What was signed elsewhere: submitted as it is, as often as need be. Absent: this gateway signs. */
  readonly signed?: SignedTransaction;
  /** Of method, path and body; absent if it came without a key. */
  readonly fingerprint?: string;
  /** Whether its caller was told that it will be done, and waits for no answer. */
  readonly accepted: boolean;
  /** Unix time in milliseconds. */
  readonly expiresAt: number;
  /** Every transaction that was proposed for it, in order. */
  readonly proposals: readonly NotedProposal[];
  /** Absent while it is not known how it ended. */
  readonly answer?: Answer;
}
