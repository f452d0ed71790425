/** Deciding resolutions as soon as their outcome is settled or their deadline has passed. */
import type { Resolution, Role } from 'umlauf-chaincode/api';
import type { ReportedFact } from '../fabric/facts.js';
import { parsed, type Ledger } from '../ledger.js';
import { isProblem } from '../problem.js';
import type { Schedule } from './schedule.js';
import { delayAfterBallot, delayAfterDue } from './stagger.js';

interface Watched {
  /** Size of the roll, if this gateway saw voting open. */
  voters?: number;
  readonly cast: Set<string>;
  /** The own member's vote isn't simply in favour. */
  settling?: boolean;
}

/** What {@link Decisions} work with. */
export interface DecisionParts {
  readonly ledger: Ledger;
  readonly schedule: Schedule;
  readonly role: Role;
  readonly memberId: string;
}

/** Resolutions watched at most; what is forgotten is found by the sweep. */
const MOST_WATCHED = 10_000;

const instantMs = (value: unknown): number | undefined => {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

/** Watches the resolutions that are open. */
export class Decisions {
  readonly #watched = new Map<string, Watched>();

  constructor(private readonly parts: DecisionParts) {}

  /** Takes note of a fact. */
  see(fact: ReportedFact): void {
    switch (fact.type) {
      case 'resolution.opened':
        this.#opened(fact);
        break;
      case 'ballot.cast':
        this.#cast(fact);
        break;
      case 'resolution.decided':
      case 'resolution.withdrawn':
        this.#forget(fact.id);
        break;
      default:
    }
  }

  /** Takes note that the own member is voting. */
  voting(id: string, settling: boolean): void {
    this.#watch(id).settling = settling;
  }

  /** Looks at a resolution that is said to be due. */
  due(id: string): void {
    this.#look(id, Date.now() + delayAfterDue(id, this.parts.memberId));
  }

  #opened({ id, data }: ReportedFact): void {
    const { voters } = data;
    if (typeof voters === 'number') this.#watch(id).voters = voters;
    const deadlineMs = instantMs(data['deadline']);
    if (deadlineMs !== undefined) this.#look(id, deadlineMs + delayAfterDue(id, this.parts.memberId));
  }

  #cast({ id, data }: ReportedFact): void {
    const voter = typeof data['memberId'] === 'string' ? data['memberId'] : '';
    const { cast, voters, settling } = this.#watch(id);
    cast.add(voter);
    const { memberId } = this.parts;
    const own = voter === memberId;
    const delayMs = delayAfterBallot({
      resolutionId: id,
      memberId,
      own,
      // Of the own ballot it isn't known either if it was cast past this gateway.
      settling: own && settling !== false,
      cast: cast.size,
      voters,
    });
    if (delayMs !== undefined) this.#look(id, Date.now() + delayMs);
  }

  #watch(id: string): Watched {
    const before = this.#watched.get(id);
    if (before) return before;
    const watched: Watched = { cast: new Set() };
    this.#watched.set(id, watched);
    if (this.#watched.size > MOST_WATCHED) {
      const oldest = this.#watched.keys().next();
      if (!oldest.done) this.#watched.delete(oldest.value);
    }
    return watched;
  }

  #forget(id: string): void {
    this.#watched.delete(id);
    this.parts.schedule.cancel(id);
  }

  #look(id: string, atMs: number): void {
    this.parts.schedule.atEarliest(id, atMs, () => this.#decideIfDue(id));
  }

  async #decideIfDue(id: string): Promise<void> {
    const { ledger, role } = this.parts;
    const bytes = await ledger.evaluate('resolutions:get', { id }, role);
    const { status, decidable, opening } = parsed(bytes) as Resolution;
    if (status !== 'open' || !opening) {
      this.#forget(id);
      return;
    }
    const deadlineMs = Date.parse(opening.deadline);
    if (!decidable && Date.now() < deadlineMs) {
      this.#look(id, deadlineMs + delayAfterDue(id, this.parts.memberId));
      return;
    }
    try {
      await ledger.submit('resolutions:decide', { id }, role);
      this.#forget(id);
    } catch (error) {
      if (isProblem(error, 'wrong-status', 'unchanged')) {
        this.#forget(id);
        return;
      }
      // The clocks have to agree that the deadline has passed: the contract says when they will.
      const from = isProblem(error, 'not-decidable') ? instantMs(error.data['from']) : undefined;
      if (from === undefined) throw error;
      this.#look(id, Math.max(from, Date.now() + 1_000) + delayAfterDue(id, this.parts.memberId));
    }
  }
}
