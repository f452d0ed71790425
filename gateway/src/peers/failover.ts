/**
 * Going to another peer of the own organization when the one in use can't be reached, or stands worse.
 *
 * Another one is taken only if it has every block that this gateway has told of: nobody is told older things by it. There is
 * no way back by itself, for each change ends calls that are under way: the one that was taken stays until it fails.
 */
import type { Time } from '../fabric/budget.js';
import type { PeerAddress, Peers } from '../fabric/connection.js';
import type { Standing } from './standing.js';

/** Between looks that calls ask for, when the last one found none: each asks all peers. */
const REST_MS = 1_000;
/** How long one that has fewer blocks than are known here may take to get them. */
const CATCH_UP_MS = 2_000;
const AGAIN_MS = 250;

/** What a {@link Failover} works with. */
export interface FailoverParts {
  readonly peers: () => Peers;
  /** Which of them is used, by its place among them. */
  readonly at: () => number;
  /** Asks a peer how it stands. Never rejects. */
  readonly standingOf: (peer: PeerAddress) => Promise<Standing>;
  /** Blocks that this gateway knows of. */
  readonly known: () => bigint;
  /** Uses another one from now on. @param abandoned Whether the one before doesn't answer. */
  readonly goTo: (at: number, abandoned: boolean) => void;
  readonly time: Pick<Time, 'now' | 'pause'>;
}

/** Chooses the peer of one gateway. */
export class Failover {
  #looking: Promise<void> | undefined;
  #restUntil = -Infinity;

  constructor(private readonly parts: FailoverParts) {}

  /** After a call that didn't reach the peer: resolves once another one is used, or none is better. Never rejects. */
  async unreached(): Promise<void> {
    if (this.parts.time.now() >= this.#restUntil) await this.look();
  }

  /** Asks all peers, and uses the best: the one in use if it is as good as any, else the first of the best. Never rejects. */
  look(): Promise<void> {
    if (this.parts.peers().length === 1) return Promise.resolve();
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { peers, at, goTo, time } = this.parts;
    const here = at();
    const inOrder = [...peers().entries()].sort(([a], [b]) => Number(b === here) - Number(a === here));
    // All at once, so that one that doesn't answer at all costs no more than its own time.
    const asked = inOrder.map(([place, peer]) => ({ place, worth: this.#worth(peer) }));
    let best = { place: here, worth: 0 };
    let answersHere = false;
    for (const { place, worth } of asked) {
      const found = await worth;
      if (place === here) answersHere = found > 0;
      if (found > best.worth) best = { place, worth: found };
      if (found === BEST) break;
    }
    if (best.worth === 0) this.#restUntil = time.now() + REST_MS;
    else if (best.place !== here) goTo(best.place, !answersHere);
  }

  /** 0: of no use. */
  async #worth(peer: PeerAddress): Promise<number> {
    const { standingOf, known, time } = this.parts;
    const until = time.now() + CATCH_UP_MS;
    for (;;) {
      const { answers, ready, height } = await standingOf(peer);
      if (!answers) return 0;
      if (height >= known()) return ready ? BEST : 1;
      if (time.now() >= until) return 0;
      await time.pause(AGAIN_MS);
    }
  }
}

/** Of a peer that lacks nothing. */
const BEST = 2;
