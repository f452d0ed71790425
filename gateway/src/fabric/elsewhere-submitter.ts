/**
 * Endorsing and submitting what was signed elsewhere, until there is a true answer.
 *
 * Endorsers can be tried again and exchanged, for nobody signs who they are. A transaction is submitted as it is: whoever
 * signed it has to sign anew after a conflict.
 */
import { UNOBSERVED } from '../telemetry/observer.js';
import { isGrpcFailure } from './failure.js';
import { ordered, outcomeOf } from './attempt.js';
import { systemTime } from './budget.js';
import type { ElsewhereClient, SignedProposal, SignedTransaction } from './elsewhere-client.js';
import { endorseFailureOf } from './endorse-failure.js';
import type { EndorsementNeed } from './endorsers.js';
import { EndorsingAgain } from './endorsing-again.js';
import { ProblemError } from '../problem.js';
import {
  problemOf,
  WRITES_NOTHING,
  type Committed,
  type Submission,
  type SubmitterParts,
} from './submitter.js';
import type { LedgerTransaction } from './transactions.js';

type Act = Pick<Submission, 'transaction'>;

/** Submits for those who sign elsewhere. */
export class ElsewhereSubmitter {
  readonly #parts: Required<SubmitterParts>;

  constructor(
    private readonly elsewhere: Pick<ElsewhereClient, 'endorse' | 'submit'>,
    parts: SubmitterParts,
  ) {
    this.#parts = { time: systemTime, observer: UNOBSERVED, ...parts };
  }

  /**
   * Has a proposal endorsed.
   * @returns `common.Payload`.
   * @throws {ProblemError} the contract's own error, or why nobody endorses, as {@link Submitter.submit}; `unchanged` if it
   *   has been committed already: peers refuse its id then, in words that don't tell it from a failure of theirs.
   */
  async endorse(act: Act, need: EndorsementNeed, proposal: SignedProposal): Promise<Uint8Array> {
    const { endorsers, client, time } = this.#parts;
    const there = await this.#onLedger(proposal.transactionId);
    if (there) throw new ProblemError('unchanged', { resource: 'transaction' });
    // Nobody may evaluate it in another's name: those that keep silent for this act alone are not found.
    const endorsing = new EndorsingAgain(this.#parts, { transaction: WRITES_NOTHING, arguments: ['{}'] });
    for (;;) {
      const named = await endorsers.choose(need, endorsing.missed);
      const asked = time.now();
      try {
        const payload = await this.elsewhere.endorse(proposal, named);
        endorsers.succeeded(named ?? [], asked);
        return payload;
      } catch (error) {
        if (!isGrpcFailure(error)) throw error;
        const failure = endorseFailureOf(error, named, client.mspId);
        if (!(await endorsing.worthIt(failure, named, asked)))
          throw problemOf(failure, act, client.mspId, endorsing.missed);
      }
    }
  }

  /**
   * Submits, unless the ledger has it already: what was submitted before, here or elsewhere, is the same transaction.
   * @param onProposed Told before it is handed to the orderers.
   * @throws {ProblemError} `conflict`, `transaction-invalid`, `outcome-unknown`, … as {@link Submitter.submit}.
   */
  async submit(
    act: Act,
    transaction: SignedTransaction,
    onProposed?: Submission['onProposed'],
  ): Promise<Committed> {
    const { client, channel } = this.#parts;
    const there = await this.#onLedger(transaction.transactionId);
    const outcome = there ? outcomeOf(transaction, there) : await this.#ordered(transaction, onProposed);
    if (outcome.kind === 'committed') return outcome;
    // The threshold of its policy may have risen meanwhile.
    if (outcome.kind === 'invalid') channel.forget();
    throw problemOf(outcome, act, client.mspId);
  }

  /** Should the ledger not answer now, going on says more. */
  #onLedger(transactionId: string): Promise<LedgerTransaction | undefined> {
    const { lookup, patience } = this.#parts;
    return lookup.transaction(transactionId, patience.unreachableMs).catch(() => undefined);
  }

  async #ordered(transaction: SignedTransaction, onProposed: Submission['onProposed']) {
    await onProposed?.(transaction);
    return ordered(transaction, () => this.elsewhere.submit(transaction), undefined, this.#parts);
  }
}
