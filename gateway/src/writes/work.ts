/** One write from its first proposal to its answer, every step of which the journal follows. */
import type { Logger } from 'pino';
import { PROBLEMS } from 'umlauf-chaincode/api';
import type { Time } from '../fabric/budget.js';
import type { Proposal } from '../fabric/submitter.js';
import type { Answer, Entry, Refused } from '../journal/entry.js';
import type { Journal } from '../journal/journal.js';
import { ProblemError, isProblem } from '../problem.js';
import { Unread, answered, perform, type Act, type PerformParts } from './perform.js';
import type { Settlement } from './settlement.js';

/** What the work is done with. */
export interface WorkParts {
  readonly perform: PerformParts;
  readonly journal: Journal;
  readonly settlement: Settlement;
  readonly logger: Logger;
  readonly time: Pick<Time, 'now'>;
}

/**
 * Whether a refusal is the cooperative's own answer, and not that of a network that couldn't do it just then. A clock that
 * was off is none: it may be right the next time.
 */
const isDefinite = ({ code }: ProblemError): boolean =>
  PROBLEMS[code].raisedBy === 'chaincode' && code !== 'timestamp-off';

/** A write under way. */
export class Work {
  /** Resolves with the answer. Rejects with what is no problem of the registry: a fault of this program. */
  readonly done: Promise<Answer>;
  /** Resolves with the first transaction's id once the journal has it. Never, if it doesn't get that far. */
  readonly proposed: Promise<string>;
  #entry: Entry;
  #tellProposed: (transactionId: string) => void = () => undefined;

  /**
   * @param entry As it stands in the journal, or is to: without an id it gets that of its first transaction.
   * @param journalled Whether the journal has to know each transaction before it is handed to the orderers.
   */
  constructor(
    private readonly act: Act,
    entry: Entry,
    private readonly journalled: boolean,
    private readonly parts: WorkParts,
  ) {
    this.#entry = entry;
    this.proposed = new Promise((resolve) => (this.#tellProposed = resolve));
    this.done = this.#run();
  }

  get entry(): Entry {
    return this.#entry;
  }

  async #run(): Promise<Answer> {
    try {
      return await this.#conclude(await this.#written());
    } catch (error) {
      if (!(error instanceof ProblemError)) throw await this.#gaveUp(error);
      return this.#refused(error);
    }
  }

  /** What was proposed in an earlier run is settled before anything else is proposed. */
  async #written() {
    const committed = await this.parts.settlement.of(this.#entry);
    return committed
      ? answered(this.act, committed, this.parts.perform)
      : perform(this.act, (proposal) => this.#note(proposal), this.parts.perform);
  }

  async #note(proposal: Proposal): Promise<void> {
    const id = this.#entry.id === '' ? `transaction-${proposal.transactionId}` : this.#entry.id;
    const { transactionId, proposalHash } = proposal;
    const noted = { transactionId, proposalHash, at: this.parts.time.now() };
    // What was signed elsewhere is submitted again as it is.
    const others = this.#entry.proposals.filter((other) => other.transactionId !== transactionId);
    this.#entry = { ...this.#entry, id, proposals: [...others, noted] };
    if (this.journalled) await this.#save({ sync: true });
    this.#tellProposed(this.#entry.proposals[0]?.transactionId ?? proposal.transactionId);
  }

  async #conclude(answer: Answer): Promise<Answer> {
    this.#entry = { ...this.#entry, answer };
    if (!this.journalled) return answer;
    const saved = this.#save({ sync: answer.kind === 'refused' });
    // What is on the ledger is told by the ledger again, if need be; a refusal is told by nothing else.
    await (answer.kind === 'written' ? this.#tried(saved) : saved);
    return answer;
  }

  async #refused(error: ProblemError): Promise<Answer> {
    const { code, data } = error;
    const refused: Refused = { kind: 'refused', code, data, final: isDefinite(error) };
    if (error instanceof Unread || isProblem(error, 'outcome-unknown')) {
      // Left open: what became of it is looked up when it is asked for again.
      await this.#tried(this.#save({ sync: true }));
      return refused;
    }
    if (refused.final || this.#entry.accepted) return this.#conclude(refused);
    await this.#release();
    return refused;
  }

  async #gaveUp(error: unknown): Promise<unknown> {
    // What was handed to the orderers stays open; nothing is known of a fault of this program.
    if (this.#entry.proposals.length === 0) await this.#release();
    return error;
  }

  /** Nothing of it had or will have an effect: its key is free again. */
  async #release(): Promise<void> {
    if (this.journalled) await this.#tried(this.parts.journal.forget(this.#entry));
  }

  async #tried(change: Promise<void>): Promise<void> {
    await change.catch((error: unknown) => {
      this.parts.logger.error({ err: error }, 'the journal could not be written');
    });
  }

  async #save(options: { readonly sync: boolean }): Promise<void> {
    try {
      await this.parts.journal.save(this.#entry, options);
    } catch (error) {
      throw new ProblemError('journal-unavailable', {}, { cause: error });
    }
  }
}
