/** Deciding resolutions as soon as their outcome is settled or their deadline has passed. */
import type { Resolution, Role } from 'umlauf-chaincode/api';
import type { ReportedFact } from '../fabric/facts.js';
import { parsed, type Ledger } from '../ledger.js';
import { isProblem } from '../problem.js';
import type { Schedule } from './schedule.js';
import { delayAfterBallot, delayAfterDue } from './stagger.js';

interface Watched {
  /** Size of the roll, if this gateway saw voting open. */
  readonly voters?: number;
  readonly cast: Set<string>;
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

  /** Looks at a resolution that is said to be due. */
  due(id: string): void {
    this.#look(id, Date.now() + delayAfterDue(id, this.parts.memberId));
  }

  #opened({ id, data }: ReportedFact): void {
    const { voters } = data;
    this.#watched.set(id, { cast: new Set(), ...(typeof voters === 'number' ? { voters } : {}) });
    if (this.#watched.size > MOST_WATCHED) {
      const oldest = this.#watched.keys().next();
      if (!oldest.done) this.#watched.delete(oldest.value);
    }
    const deadlineMs = instantMs(data['deadline']);
    if (deadlineMs !== undefined) this.#look(id, deadlineMs + delayAfterDue(id, this.parts.memberId));
  }

  #cast({ id, data }: ReportedFact): void {
    const voter = typeof data['memberId'] === 'string' ? data['memberId'] : '';
    const watched = this.#watched.get(id) ?? { cast: new Set() };
    this.#watched.set(id, watched);
    watched.cast.add(voter);
    const own = voter === this.parts.memberId;
    const last = watched.voters !== undefined && watched.cast.size >= watched.voters;
    const delayMs = delayAfterBallot({ resolutionId: id, memberId: this.parts.memberId, own, last });
    this.#look(id, Date.now() + delayMs);
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
