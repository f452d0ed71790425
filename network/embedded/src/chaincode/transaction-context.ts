/** What a peer remembers of a chaincode's running invocation (Fabric: TransactionContext). */
import type { UnpackedProposal } from '../endorsement/proposal.js';
import type { Simulator } from '../ledger/simulator.js';
import type { OpenQuery } from './queries.js';

/** What all chaincodes called in one simulation share. */
export interface Invocation {
  readonly transactionId: string;
  readonly channelId: string;
  readonly proposal: UnpackedProposal;
  /** Absent for `cscc` and `qscc`, which need none. */
  readonly simulator: Simulator | undefined;
}

export class TransactionContext {
  readonly queries = new Map<string, OpenQuery>();
  #nextQuery = 0;

  constructor(
    readonly invocation: Invocation,
    /** The chaincode whose state it sees. */
    readonly namespace: string,
  ) {}

  newQueryId(): string {
    this.#nextQuery += 1;
    return `${this.invocation.transactionId}-${this.#nextQuery}`;
  }

  async closeQueries(): Promise<void> {
    const open = [...this.queries.values()];
    this.queries.clear();
    await Promise.all(open.map(({ iterator }) => iterator.close()));
  }
}
