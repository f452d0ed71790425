/** What any one of the gateways has to do: each takes its turn, tries again after a failure, and stops once it is done. */
import { PROBLEMS, type Role, type SubmitName } from 'umlauf-chaincode/api';
import type { Ledger } from '../ledger.js';
import { isProblem } from '../problem.js';
import type { Schedule } from './schedule.js';
import { delayAfterFailure } from './stagger.js';
import type { Turns } from './turns.js';

/** What each kind of duty works with. */
export interface DutyParts {
  readonly ledger: Ledger;
  /** In which role to act: representative or board. */
  readonly role: Role;
  readonly duties: Duties;
  readonly turns: Turns;
}

/**
 * Does what is due if it still is.
 * @returns when to look again, in milliseconds since the epoch; `undefined` if there is nothing more to do.
 */
export type Duty = () => Promise<number | undefined>;

/** Does something that is as good if somebody else has done it, or if it is over. */
export async function submitUnlessDone(
  { ledger, role }: Pick<DutyParts, 'ledger' | 'role'>,
  transaction: SubmitName,
  id: string,
): Promise<void> {
  try {
    await ledger.submit(transaction, { id }, role);
  } catch (error) {
    if (!isProblem(error, 'unchanged', 'wrong-status')) throw error;
  }
}

/** Tries after which a duty is left to the next look through the open points. */
const MOST_FAILURES = 8;

/** The contract's own refusal stands until something else happens; whatever else went wrong may pass. */
const isAnswer = (error: unknown): boolean =>
  isProblem(error) && PROBLEMS[error.code].raisedBy === 'chaincode';

export class Duties {
  readonly #failures = new Map<string, number>();

  constructor(
    private readonly schedule: Schedule,
    private readonly turns: Turns,
  ) {}

  /** Has a duty done in this gateway's turn, unless it waits after a failure. */
  inTurn(key: string, duty: Duty): void {
    if (this.#failures.has(key)) return;
    this.atEarliest(key, Date.now() + this.turns.delayMs(key), duty);
  }

  /** Has a duty done at an instant, or at the one set before for this key if that is earlier. */
  atEarliest(key: string, atMs: number, duty: Duty): void {
    this.schedule.atEarliest(key, atMs, () => this.#do(key, duty));
  }

  /** Has a duty done at an instant, whatever was set before for this key. */
  at(key: string, atMs: number, duty: Duty): void {
    this.schedule.at(key, atMs, () => this.#do(key, duty));
  }

  /** It was done, by whomever. */
  done(key: string): void {
    this.#failures.delete(key);
    this.schedule.cancel(key);
  }

  async #do(key: string, duty: Duty): Promise<void> {
    let nextMs: number | undefined;
    try {
      nextMs = await duty();
    } catch (error) {
      this.#failed(key, duty, error);
      throw error;
    }
    this.#failures.delete(key);
    if (nextMs !== undefined) this.atEarliest(key, nextMs, duty);
  }

  #failed(key: string, duty: Duty, error: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    if (isAnswer(error) || failures > MOST_FAILURES) {
      this.#failures.delete(key);
      return;
    }
    this.#failures.set(key, failures);
    // In turn again: those who met in a conflict shouldn't meet again.
    this.at(key, Date.now() + delayAfterFailure(failures) + this.turns.delayMs(key), duty);
  }
}
