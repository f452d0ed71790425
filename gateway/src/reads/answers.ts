/**
 * Answers that needn't be asked for twice.
 *
 * An answer is never older than the blocks that have reached this gateway: a block drops what it changed, and an evaluation
 * that it comes into isn't kept, since nobody can tell on which side of the block the peer made it. That rests on Fabric: a
 * peer delivers a block only after its state and history are committed (`blockAPIsRWLock` of its ledger), so whatever is
 * asked after the block shows it.
 */
import { createHash } from 'node:crypto';
import type { Blocks } from '../fabric/blocks.js';
import type { Changes } from './changes.js';
import { ANY, ballotsIn, nameOf, standsUntil, type Question } from './question.js';

/** JSON, and what tells it from other answers. */
export interface Answer {
  readonly bytes: Buffer;
  /** Weak, see {@link etagOf}. */
  readonly etag: string;
}

interface Kept {
  readonly answer: Answer;
  readonly ballots: string | undefined;
  readonly untilMs: number;
  readonly size: number;
}

interface Pending {
  readonly answer: Promise<Answer>;
  readonly ballots: string | undefined;
}

/** An entry's share of the maps, roughly. */
const ENTRY_BYTES = 400;
/** One answer takes no more than this share of the room. */
const LARGEST_SHARE = 1 / 8;

/**
 * Of the content, not of the block: it stays the same across blocks that change nothing, across restarts and at every
 * member's gateway, since contracts answer canonical JSON. Weak, since compression changes the bytes (RFC 9110, 8.8.1).
 */
export function etagOf(bytes: Uint8Array): string {
  return `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

function answerOf(bytes: Uint8Array): Answer {
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), etag: etagOf(bytes) };
}

/** Keeps answers within a bound of memory; those that were asked for least recently go first. */
export class Answers {
  readonly #kept = new Map<string, Kept>();
  readonly #byBallots = new Map<string, Set<string>>();
  readonly #pending = new Map<string, Pending>();
  #size = 0;

  /**
   * @param blocks Whether all blocks that the peer is known to have were seen here, and more would come.
   * @param capacity In bytes; 0 keeps nothing.
   */
  constructor(
    private readonly blocks: Pick<Blocks, 'current'>,
    private readonly capacity: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Bytes that are taken, keys included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Answers from what is kept, or has it evaluated.
   * @throws what the evaluation throws; that is never kept.
   */
  async ask(question: Question, evaluate: () => Promise<Uint8Array>): Promise<Answer> {
    if (this.capacity === 0 || !this.blocks.current) return answerOf(await evaluate());
    const name = nameOf(question);
    const kept = this.#kept.get(name);
    if (kept && this.now() < kept.untilMs) {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept.answer;
    }
    const pending = this.#pending.get(name);
    return pending ? pending.answer : this.#begin(name, question, evaluate);
  }

  /** A block was seen. @param changesOf What it changed, for which it has to be read. */
  see(changesOf: () => Changes): void {
    if (this.#kept.size === 0 && this.#pending.size === 0) return;
    const changes = changesOf();
    if (changes === 'everything') {
      this.forget();
      return;
    }
    if (changes.size === 0) return;
    for (const ballots of [...changes, ANY])
      for (const name of this.#byBallots.get(ballots) ?? []) this.#drop(name);
    for (const [name, { ballots }] of this.#pending)
      if (ballots !== undefined && (ballots === ANY || changes.has(ballots))) this.#pending.delete(name);
  }

  /** Forgets all, and keeps nothing of what is under way. */
  forget(): void {
    this.#kept.clear();
    this.#byBallots.clear();
    this.#pending.clear();
    this.#size = 0;
  }

  async #begin(name: string, question: Question, evaluate: () => Promise<Uint8Array>): Promise<Answer> {
    const askedMs = this.now();
    const pending: Pending = { answer: evaluate().then(answerOf), ballots: ballotsIn(question) };
    this.#pending.set(name, pending);
    // A block that came meanwhile has taken it away.
    const isUndisturbed = () => this.#pending.get(name) === pending;
    try {
      const answer = await pending.answer;
      if (isUndisturbed())
        this.#keep(name, pending.ballots, answer, standsUntil(question, answer.bytes, askedMs));
      return answer;
    } finally {
      if (isUndisturbed()) this.#pending.delete(name);
    }
  }

  #keep(name: string, ballots: string | undefined, answer: Answer, untilMs: number): void {
    this.#drop(name);
    const size = answer.bytes.length + 2 * name.length + ENTRY_BYTES;
    if (untilMs <= this.now() || size > this.capacity * LARGEST_SHARE) return;
    this.#kept.set(name, { answer, ballots, untilMs, size });
    this.#size += size;
    if (ballots !== undefined) {
      const names = this.#byBallots.get(ballots) ?? new Set();
      this.#byBallots.set(ballots, names.add(name));
    }
    for (const [oldest] of this.#kept) {
      if (this.#size <= this.capacity) return;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    if (!kept) return;
    this.#kept.delete(name);
    this.#size -= kept.size;
    if (kept.ballots === undefined) return;
    const names = this.#byBallots.get(kept.ballots);
    names?.delete(name);
    if (names?.size === 0) this.#byBallots.delete(kept.ballots);
  }
}
