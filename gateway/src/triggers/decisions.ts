/** Deciding resolutions as soon as their outcome is settled or their deadline has passed. */
import type { Fact, Resolution } from 'umlauf-chaincode/api';
import { parsed } from '../ledger.js';
import { isProblem } from '../problem.js';
import type { Receipts } from './receipts.js';
import { delayAfterBallot } from './stagger.js';
import type { DutyParts } from './duties.js';

interface Watched {
  /** Size of the roll, if this gateway saw voting open. */
  voters?: number;
  readonly cast: Set<string>;
  /** The own member's vote isn't simply in favour. */
  settling?: boolean;
  /** When it looks at the latest, in milliseconds since the epoch, however many ballots follow. */
  lookBy?: number;
}

/** What {@link Decisions} work with. */
export interface DecisionParts extends DutyParts {
  readonly memberId: string;
  readonly receipts: Pick<Receipts, 'receive'>;
}

/** Resolutions watched at most; what is forgotten is found by the sweep. */
const MOST_WATCHED = 10_000;
/** How long a look gives way to further ballots, each of which is another gateway's to follow. */
const LONGEST_GIVING_WAY_MS = 10_000;
/** Before a look at what has just been written. */
const MOMENT_MS = 1_000;

const instantMs = (value: unknown): number | undefined => {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

const key = (id: string): string => `decision ${id}`;

/** Watches the resolutions that are open. */
export class Decisions {
  readonly #watched = new Map<string, Watched>();

  constructor(private readonly parts: DecisionParts) {}

  /** Takes note of a fact. */
  see(fact: Fact): void {
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
    this.parts.duties.inTurn(key(id), () => this.#decideIfDue(id));
  }

  #opened({ id, data }: Fact): void {
    const { voters } = data;
    if (typeof voters === 'number') this.#watch(id).voters = voters;
    const deadlineMs = instantMs(data['deadline']);
    if (deadlineMs !== undefined) this.#lookAt(id, deadlineMs + this.#turnMs(id));
  }

  #cast({ id, data }: Fact): void {
    const voter = typeof data['memberId'] === 'string' ? data['memberId'] : '';
    const watched = this.#watch(id);
    const { cast, voters, settling } = watched;
    cast.add(voter);
    const own = voter === this.parts.memberId;
    const delayMs = delayAfterBallot({
      turnMs: this.#turnMs(id),
      own,
      // Of the own ballot it isn't known either if it was cast past this gateway.
      settling: own && settling !== false,
      cast: cast.size,
      voters,
    });
    if (delayMs === undefined) return;
    const now = Date.now();
    // Whoever cast the newest ballot is the first to look: the looks that earlier ballots asked for give way.
    watched.lookBy ??= now + delayMs + LONGEST_GIVING_WAY_MS;
    const { duties } = this.parts;
    duties.at(key(id), Math.min(now + delayMs, watched.lookBy), () => this.#decideIfDue(id));
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
    this.parts.duties.done(key(id));
  }

  #lookAt(id: string, atMs: number): void {
    this.parts.duties.atEarliest(key(id), atMs, () => this.#decideIfDue(id));
  }

  #turnMs(id: string): number {
    return this.parts.turns.delayMs(key(id));
  }

  async #decideIfDue(id: string): Promise<number | undefined> {
    const { ledger, role, receipts } = this.parts;
    const watched = this.#watched.get(id);
    if (watched) delete watched.lookBy;
    const bytes = await ledger.evaluate('resolutions:get', { id }, role);
    const { status, decidable, deadline, receivedAt } = parsed(bytes) as Resolution;
    if (status !== 'open' || deadline === undefined) {
      this.#forget(id);
      return undefined;
    }
    const deadlineMs = Date.parse(deadline);
    if (!decidable && Date.now() < deadlineMs) return deadlineMs + this.#turnMs(id);
    if (!decidable && receivedAt === undefined) {
      // Without a receipt no deadline decides; it may move this one.
      await receipts.receive(id);
      return Date.now() + MOMENT_MS;
    }
    return this.#decide(id);
  }

  async #decide(id: string): Promise<number | undefined> {
    const { ledger, role } = this.parts;
    try {
      await ledger.submit('resolutions:decide', { id }, role);
      this.#forget(id);
      return undefined;
    } catch (error) {
      if (isProblem(error, 'wrong-status', 'unchanged')) {
        this.#forget(id);
        return undefined;
      }
      // The clocks have to agree that the deadline has passed: the contract says when they will.
      const from = isProblem(error, 'not-decidable') ? instantMs(error.data['from']) : undefined;
      if (from === undefined) throw error;
      return Math.max(from, Date.now() + MOMENT_MS) + this.#turnMs(id);
    }
  }
}
