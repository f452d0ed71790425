/**
 * Whether this gateway can do its work.
 *
 * A removed organization doesn't know it: its peer never receives the block that removes it and keeps answering from
 * stale data (measured on Fabric 3.1.5). So it takes proof from outside: another member's peer, asked through the own
 * one, that still accepts this organization and isn't ahead of the own peer for longer than a moment.
 */
import type { Blocks } from './fabric/blocks.js';
import type { Channel } from './fabric/channel.js';
import type { LedgerLookup } from './fabric/transactions.js';

/** What can be missing. */
export type Missing =
  /** A read through the own peer failed. */
  | 'own-peer'
  /** The chaincode doesn't answer at the own peer. */
  | 'chaincode'
  /** The stream of blocks is not open. */
  | 'block-stream'
  /** The organization isn't in the channel's configuration. */
  | 'membership'
  /** No other member's peer answers this organization: nothing shows that the own peer isn't cut off. */
  | 'other-members'
  /** Another member's peer has blocks that don't arrive here. */
  | 'blocks'
  /** The audit log can't be written: nothing may be written to the ledger. */
  | 'audit'
  /** The journal could not be written when that was tried last: writes with a key are refused. */
  | 'journal'
  /** A certificate of its own has expired. */
  | 'certificates';

/** Answer of `GET /health/ready`. */
export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly Missing[];
  /** Height of the own peer, if it answered. */
  readonly height?: bigint;
  /** Which of its organization's peers it uses, counted from 1, if it knows several. */
  readonly peer?: number;
  /** Issuers that couldn't be asked for their keys: some of their tokens can't be judged; all others can. */
  readonly issuersAway?: readonly string[];
}

/**
 * Adds what doesn't depend on the network. An issuer that is away doesn't make the gateway unready: whoever has a token
 * with a known key, or one of another issuer, is served.
 * @param local Whether that is in order.
 */
export function complete(
  readiness: Readiness,
  local: Readonly<Record<'audit' | 'journal' | 'certificates', boolean>>,
  issuersAway: readonly string[],
): Readiness {
  const lacking = (['audit', 'journal', 'certificates'] as const).filter((each) => !local[each]);
  return {
    ...readiness,
    ...(lacking.length > 0 ? { ready: false, missing: [...readiness.missing, ...lacking] } : {}),
    ...(issuersAway.length > 0 ? { issuersAway } : {}),
  };
}

/** What readiness is judged by. */
export interface ReadinessParts {
  readonly own: string;
  readonly channel: Channel;
  readonly lookup: LedgerLookup;
  readonly blocks: Pick<Blocks, 'connected' | 'reached'>;
  /** Reads through the contracts. */
  readonly readContract: () => Promise<unknown>;
}

const ASK_MS = 2_000;
const CATCH_UP_MS = 2_000;
const READY_REMEMBERED_MS = 1_000;
/** Shorter: who waits for readiness asks often. */
const MISSING_REMEMBERED_MS = 50;

/** Judges readiness, and remembers the answer for a moment: it needs no token. */
export class ReadinessCheck {
  #latest: { until: number; readonly answer: Promise<Readiness> } | undefined;
  #turn = 0;

  constructor(private readonly parts: ReadinessParts) {}

  check(): Promise<Readiness> {
    if (!this.#latest || Date.now() >= this.#latest.until) {
      const latest = { until: Infinity, answer: this.#check() };
      const remember = (ms: number) => (latest.until = Date.now() + ms);
      latest.answer.then(
        ({ ready }) => remember(ready ? READY_REMEMBERED_MS : MISSING_REMEMBERED_MS),
        () => remember(0),
      );
      this.#latest = latest;
    }
    return this.#latest.answer;
  }

  /** Looks anew when it is asked next: another peer is used. */
  forget(): void {
    this.#latest = undefined;
  }

  async #check(): Promise<Readiness> {
    const { own, channel, lookup, blocks, readContract } = this.parts;
    const missing: Missing[] = [];
    let height: bigint;
    let members: readonly string[];
    try {
      [height, { mspIds: members }] = await Promise.all([lookup.height(undefined, ASK_MS), channel.config()]);
    } catch {
      return { ready: false, missing: ['own-peer'] };
    }
    await readContract().catch(() => missing.push('chaincode'));
    if (!blocks.connected) missing.push('block-stream');
    if (!members.includes(own)) missing.push('membership');
    const others = members.filter((mspId) => mspId !== own);
    if (others.length > 0) missing.push(...(await this.#compare(height, others)));
    return { ready: missing.length === 0, missing, height };
  }

  /** Compares heights with one other member's peer, and with a second before one alone makes this one look cut off. */
  async #compare(height: bigint, others: readonly string[]): Promise<Missing[]> {
    this.#turn += 1;
    const start = this.#turn % others.length;
    const inTurn = [...others.slice(start), ...others.slice(0, start)];
    const first = await this.#heightOf(inTurn);
    if (!first) return ['other-members'];
    if (await this.#caughtUp(first.height, height)) return [];
    const second = await this.#heightOf(inTurn.filter((mspId) => mspId !== first.mspId));
    return second && (await this.#caughtUp(second.height, height)) ? [] : ['blocks'];
  }

  async #caughtUp(elsewhere: bigint, height: bigint): Promise<boolean> {
    return elsewhere <= height || (await this.parts.blocks.reached(elsewhere - 1n, CATCH_UP_MS));
  }

  /** The height of the first organization's peer; if that doesn't answer, of whichever answers first. */
  async #heightOf(
    mspIds: readonly string[],
  ): Promise<{ readonly mspId: string; readonly height: bigint } | undefined> {
    const ask = async (mspId: string) => ({ mspId, height: await this.parts.lookup.height(mspId, ASK_MS) });
    const [first, ...rest] = mspIds;
    if (first === undefined) return undefined;
    try {
      return await ask(first);
    } catch {
      return Promise.any(rest.map(ask)).catch(() => undefined);
    }
  }
}
