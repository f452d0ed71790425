/** Finding out, by transaction id, what became of a write that was left open: by a crash, or in doubt. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Role } from 'umlauf-chaincode/api';
import type { Time } from '../fabric/budget.js';
import type { Committed, Proposal } from '../fabric/submitter.js';
import { resultOf, type Settled } from '../fabric/settle.js';
import type { Entry } from '../journal/entry.js';
import { ProblemError } from '../problem.js';

/** What a {@link Settlement} asks. */
export interface SettlementParts {
  readonly mspId: string;
  /** Asks the own peer for a transaction until it is there or time is up; at least once. */
  readonly settle: (transactionId: string, role: Role, withinMs: number) => Promise<Settled>;
  /** How long after its proposal a transaction is waited for. */
  readonly settleMs: number;
  readonly time: Pick<Time, 'now'>;
}

/** Settles writes. */
export class Settlement {
  constructor(private readonly parts: SettlementParts) {}

  /**
   * The transaction by which a write was committed; `undefined` if none is on the ledger with effect. One that isn't there
   * at all may still get there.
   * @throws {ProblemError} `peer-unavailable`: it can't be known now.
   */
  async of({ proposals, role }: Pick<Entry, 'proposals' | 'role'>): Promise<Committed | undefined> {
    const { settle, settleMs, time, mspId } = this.parts;
    for (const proposal of [...proposals].reverse()) {
      const leftMs = Math.max(0, proposal.at + settleMs - time.now());
      const settled = await settle(proposal.transactionId, role, leftMs);
      if (settled === 'unreachable') throw new ProblemError('peer-unavailable', { mspIds: [mspId] });
      const committed = settled === 'absent' ? undefined : committedAs(proposal, settled);
      if (committed) return committed;
    }
    return undefined;
  }
}

function committedAs(proposal: Proposal, settled: Exclude<Settled, string>): Committed | undefined {
  const { transactionId, validationCode, blockNumber } = settled;
  const result = validationCode === StatusCode.VALID ? resultOf(settled, proposal) : undefined;
  return result && { result, transactionId, blockNumber };
}
