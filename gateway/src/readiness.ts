/**
 * Whether this gateway can do its work.
 *
 * A removed organization doesn't know it: its peer never receives the block that removes it and keeps answering from
 * stale data (measured on Fabric 3.1.5). So it takes proof from outside: another member's peer, asked through the own
 * one, that still accepts this organization and isn't ahead of the own peer for longer than a moment.
 */
import type { Blocks } from './fabric/blocks.js';
import type { FlatPolicy } from './fabric/channel-config.js';
import type { Channel } from './fabric/channel.js';
import type { DiscoveredPeer } from './fabric/discovery.js';
import { endorsersAway, satisfiable } from './fabric/endorsing-members.js';
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
  /** So many members' peers can't endorse that none of what falls under the channel's policy can be written. */
  | 'endorsers'
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
  /** MSP ids of members whose peers can't endorse now; the others suffice unless `endorsers` are missing. */
  readonly endorsersAway?: readonly string[];
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
  /** Judges who can endorse; absent: nobody does. */
  readonly endorsing?: {
    readonly chaincode: string;
    /** The peers that the own one takes for alive. */
    readonly peers: (deadlineMs: number) => Promise<readonly DiscoveredPeer[]>;
  };
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
  /** Organizations whose peers didn't answer when they were asked last. */
  readonly #silent = new Set<string>();

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
    this.#silent.clear();
  }

  async #check(): Promise<Readiness> {
    const { own, channel, lookup, blocks, readContract } = this.parts;
    const missing: Missing[] = [];
    let height: bigint;
    let members: readonly string[];
    let endorsement: FlatPolicy | undefined;
    try {
      [height, { mspIds: members, endorsement }] = await Promise.all([
        lookup.height(undefined, ASK_MS),
        channel.config(),
      ]);
    } catch {
      return { ready: false, missing: ['own-peer'] };
    }
    await readContract().catch(() => missing.push('chaincode'));
    if (!blocks.connected) missing.push('block-stream');
    if (!members.includes(own)) missing.push('membership');
    const others = members.filter((mspId) => mspId !== own);
    if (others.length > 0) missing.push(...(await this.#compare(height, others)));
    // Of an organization that is cut off, who else is away isn't known.
    const isCutOff = missing.some((each) => each === 'membership' || each === 'other-members');
    const away = endorsement && !isCutOff ? await this.#away(endorsement) : [];
    if (endorsement && !satisfiable(endorsement, away)) missing.push('endorsers');
    return {
      ...{ ready: missing.length === 0, missing, height },
      ...(away.length > 0 ? { endorsersAway: away } : {}),
    };
  }

  /** Who of a policy can't endorse. Those that were silent may be back: before too few are left, they are asked again. */
  async #away(policy: FlatPolicy): Promise<readonly string[]> {
    const { own, endorsing } = this.parts;
    if (!endorsing) return [];
    const alive = await endorsing.peers(ASK_MS).catch(() => undefined);
    const away = () =>
      endorsersAway(policy, { own, chaincode: endorsing.chaincode, alive, silent: this.#silent });
    if (!satisfiable(policy, away())) await Promise.allSettled([...this.#silent].map((id) => this.#ask(id)));
    return away();
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
    const [first, ...rest] = mspIds;
    if (first === undefined) return undefined;
    try {
      return await this.#ask(first);
    } catch {
      return Promise.any(rest.map((mspId) => this.#ask(mspId))).catch(() => undefined);
    }
  }

  async #ask(mspId: string): Promise<{ readonly mspId: string; readonly height: bigint }> {
    try {
      const height = await this.parts.lookup.height(mspId, ASK_MS);
      this.#silent.delete(mspId);
      return { mspId, height };
    } catch (error) {
      this.#silent.add(mspId);
      throw error;
    }
  }
}
