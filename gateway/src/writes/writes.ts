/**
 * The writes that callers ask for, each with one true answer: a key of the caller's own makes a repeated request the same
 * one (draft-ietf-httpapi-idempotency-key-header), and what was under way when the gateway ended is settled before that
 * key gets an answer.
 *
 * A transaction that is not on the ledger may get there still. Asked again, the gateway then writes anew rather than
 * leaving the caller without an answer for good: the contracts see to it that the same act counts once, since whichever
 * comes second finds it recorded or reads a version that has changed.
 */
import type { SubmitName } from 'umlauf-chaincode/api';
import type { Time } from '../fabric/budget.js';
import type { Committed } from '../fabric/submitter.js';
import type { WriteRoute } from '../http/route.js';
import type { Answer, Entry } from '../journal/entry.js';
import { ProblemError, isProblem } from '../problem.js';
import type { Act } from './perform.js';
import { Work, type WorkParts } from './work.js';

/** By what a repeated request is known. */
export interface RequestKey {
  /** Of the caller and the key that it sent. */
  readonly id: string;
  /** Of method, path and body. */
  readonly fingerprint: string;
}

/** How a write is asked for. */
export interface Asked {
  readonly key?: RequestKey;
  /** Present if the caller would rather not wait longer than so many milliseconds. */
  readonly acceptAfterMs?: number;
}

/** What is answered. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly replayed: boolean }
  /** It will be done; the transaction tells what becomes of it. */
  | { readonly kind: 'accepted'; readonly transactionId: string };

/** What a {@link Writes} works with. */
export interface WritesParts extends WorkParts {
  readonly routes: ReadonlyMap<SubmitName, WriteRoute>;
  /** How long an answer is kept, in milliseconds. */
  readonly keepMs: number;
  readonly time: Time;
}

const PRUNE_MS = 60_000;
const RETRY_AFTER_SECONDS = 1;
const SETTLED_AT_ONCE = 16;
const UNREACHABLE_PAUSE_MS = 500;

/** The writes of one gateway. */
export class Writes {
  /** By the id of their entry; those without one yet by none. */
  readonly #underWay = new Map<string, Work | 'recovering'>();
  readonly #working = new Set<Promise<unknown>>();
  #pruning: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(private readonly parts: WritesParts) {}

  /**
   * Goes on with what an earlier run left, and forgets from time to time what has had its time. Resolves when every key of
   * the earlier run is known to be taken; what became of it is found out meanwhile.
   */
  async start(): Promise<void> {
    const { journal, time, logger } = this.parts;
    const prune = () => {
      journal.prune(time.now()).catch((error: unknown) => {
        logger.error({ err: error }, 'expired entries of the journal were not removed');
      });
    };
    prune();
    this.#pruning = setInterval(prune, PRUNE_MS).unref();
    const left = await journal.open();
    for (const { id } of left) this.#underWay.set(id, 'recovering');
    if (left.length > 0) logger.info({ writes: left.length }, 'settling what an earlier run left open');
    const queue = [...left];
    for (let lane = 0; lane < Math.min(SETTLED_AT_ONCE, left.length); lane += 1)
      this.#track(this.#recoverAll(queue));
  }

  /** Waits for what is under way, at most so long: the rest is in the journal. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#pruning);
    const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([Promise.allSettled(this.#working), late]);
  }

  /** The write that a transaction was proposed for, if it is still remembered. */
  of(transactionId: string): { readonly entry: Entry; readonly underWay: boolean } | undefined {
    const entry = this.parts.journal.entryOf(transactionId);
    return entry && { entry, underWay: this.#underWay.has(entry.id) };
  }

  /**
   * Does what is asked for, or answers what was answered before.
   * @throws {ProblemError} `request-in-progress`, `idempotency-key-reused`.
   */
  async ask(act: Act, { key, acceptAfterMs }: Asked): Promise<Outcome> {
    const known = key && this.#known(key);
    const current = key && this.#underWay.get(key.id);
    if (current) {
      const again = current !== 'recovering' && acceptAfterMs !== undefined && current.entry.accepted;
      if (again) return { kind: 'accepted', transactionId: await current.proposed };
      throw new ProblemError('request-in-progress', { retryAfter: RETRY_AFTER_SECONDS });
    }
    if (known?.answer && (known.answer.kind === 'written' || known.answer.final))
      return { kind: 'answered', answer: known.answer, replayed: true };
    const work = this.#begin(known ? { ...act, input: known.input } : act, {
      ...(known ?? this.#entry(act, key)),
      accepted: acceptAfterMs !== undefined,
    });
    return acceptAfterMs === undefined ? answeredBy(work) : this.#acceptedBy(work, acceptAfterMs);
  }

  #entry({ route: { transaction }, ...act }: Act, key: RequestKey | undefined): Entry {
    const expiresAt = this.parts.time.now() + this.parts.keepMs;
    const base = { ...act, transaction, accepted: false, expiresAt, proposals: [] };
    return key ? { ...base, id: key.id, fingerprint: key.fingerprint } : { ...base, id: '' };
  }

  #known({ id, fingerprint }: RequestKey): Entry | undefined {
    const current = this.#underWay.get(id);
    const entry = current && current !== 'recovering' ? current.entry : this.parts.journal.entry(id);
    if (!entry || entry.expiresAt <= this.parts.time.now()) return undefined;
    if (entry.fingerprint !== fingerprint) throw new ProblemError('idempotency-key-reused');
    return entry;
  }

  #begin(act: Act, { answer: _before, ...entry }: Entry): Work {
    const journalled = entry.id !== '' || entry.accepted;
    const work = new Work(act, entry, journalled, this.parts);
    if (entry.id !== '') this.#hold(entry.id, work);
    else if (journalled) void work.proposed.then(() => this.#hold(work.entry.id, work));
    this.#track(work.done);
    return work;
  }

  #hold(id: string, work: Work): void {
    this.#underWay.set(id, work);
    const release = () => {
      this.#underWay.delete(id);
    };
    work.done.then(release, release);
  }

  async #acceptedBy(work: Work, afterMs: number): Promise<Outcome> {
    const inTime = answeredBy(work);
    const accepted = async (): Promise<Outcome> => {
      const transactionId = await work.proposed;
      if (afterMs > 0) await this.parts.time.pause(afterMs);
      return { kind: 'accepted', transactionId };
    };
    return Promise.race([inTime, accepted()]);
  }

  async #recoverAll(queue: Entry[]): Promise<void> {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      try {
        await this.#recover(entry);
      } catch (error) {
        if (this.#stopping) return;
        this.parts.logger.error({ err: error }, 'a write that an earlier run left open was not settled');
      } finally {
        if (this.#underWay.get(entry.id) === 'recovering') this.#underWay.delete(entry.id);
      }
    }
  }

  /**
   * Finds out what became of a write. What its caller was told will be done is gone on with; any other is left to whoever
   * asks again.
   */
  async #recover(entry: Entry): Promise<void> {
    const { routes, journal, time } = this.parts;
    const route = routes.get(entry.transaction);
    // Nothing of it is known any more in this version.
    if (!route || entry.expiresAt <= time.now()) return journal.forget(entry);
    const committed = await this.#settled(entry);
    if (this.#stopping || !(committed || entry.accepted)) return;
    const { input, role, signed } = entry;
    await this.#begin({ route, input, role, ...(signed ? { signed } : {}) }, entry).done;
  }

  /** As {@link Settlement.of}, however long the own peer is away. */
  async #settled(entry: Entry): Promise<Committed | undefined> {
    const { settlement, time } = this.parts;
    while (!this.#stopping) {
      try {
        return await settlement.of(entry);
      } catch (error) {
        if (!isProblem(error, 'peer-unavailable')) throw error;
        await time.pause(UNREACHABLE_PAUSE_MS);
      }
    }
    return undefined;
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }
}

async function answeredBy(work: Work): Promise<Outcome> {
  return { kind: 'answered', answer: await work.done, replayed: false };
}
