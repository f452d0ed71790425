/** What is put up with from endorsers for one transaction: with none of it has anything been handed to the orderers. */
import { Budget, type Time } from './budget.js';
import type { AttemptOutcome } from './attempt.js';
import type { Call } from './client.js';
import type { Endorsers } from './endorsers.js';
import type { Silence } from './silence.js';
import type { Observer } from '../telemetry/observer.js';

/** Each round takes a whole deadline, of which a client waits for a few at most. */
const SILENT_ROUNDS = 2;

/** Between tries. */
export const PAUSES = { firstPauseMs: 50, longestPauseMs: 400 } as const;

interface Parts {
  readonly endorsers: Pick<Endorsers, 'setAside'>;
  readonly silence: Pick<Silence, 'among'>;
  readonly patience: { readonly lagMs: number; readonly unreachableMs: number };
  readonly time: Time;
  readonly observer: Pick<Observer, 'retried'>;
}

/**
 * Asking again those that differ, for one may be a block behind, and others in the place of those that can't be reached: at
 * once as long as each try shows some that weren't missed before, since there may be enough others; else for a while. Others
 * in the place of those that keep silent twice at most, and only if that shows after they were named.
 */
export class EndorsingAgain {
  readonly #missed = new Set<string>();
  #silentRounds = 0;
  readonly #budgets: Readonly<Record<'disagreement' | 'unreachable', Budget>>;

  /** @param call What stands for the transaction when endorsers are asked one by one. */
  constructor(
    private readonly parts: Parts,
    private readonly call: Call,
  ) {
    const { patience, time } = parts;
    this.#budgets = {
      disagreement: new Budget({ ...PAUSES, milliseconds: patience.lagMs }, time),
      unreachable: new Budget({ ...PAUSES, milliseconds: patience.unreachableMs }, time),
    };
  }

  /** MSP ids of those that could not be reached, or keep silent. */
  get missed(): ReadonlySet<string> {
    return this.#missed;
  }

  /**
   * Whether to try again: `true` once it is time to, `false` if that mends nothing or patience is used up.
   * @param named Those that were to endorse, if they were named.
   * @param asked When they were asked to.
   */
  async worthIt(
    outcome: AttemptOutcome,
    named: readonly string[] | undefined,
    asked: number,
  ): Promise<boolean> {
    switch (outcome.kind) {
      case 'disagreement':
        return this.#once('disagreement');
      case 'unreachable':
        this.parts.endorsers.setAside(outcome.mspIds);
        return this.#once('unreachable', outcome.mspIds);
      case 'silent':
        return this.#inPlaceOfSilent(named ?? [], asked);
      default:
        return false;
    }
  }

  async #inPlaceOfSilent(named: readonly string[], asked: number): Promise<boolean> {
    const { mspIds, isNews } = await this.parts.silence.among(named, this.call, asked);
    this.#misses(mspIds);
    this.#silentRounds += 1;
    // Where all answer alone, another call may have got the connection stuck: that is mended by now.
    const worth =
      mspIds.length === 0 ? this.#silentRounds === 1 : isNews && this.#silentRounds <= SILENT_ROUNDS;
    if (worth) this.parts.observer.retried('unreachable');
    return worth;
  }

  async #once(kind: 'disagreement' | 'unreachable', missed: readonly string[] = []): Promise<boolean> {
    const worth = this.#misses(missed) || (await this.#budgets[kind].next());
    if (worth) this.parts.observer.retried(kind);
    return worth;
  }

  /** Whether there are some among them that weren't missed before. */
  #misses(mspIds: readonly string[]): boolean {
    const { size } = this.#missed;
    for (const mspId of mspIds) this.#missed.add(mspId);
    return this.#missed.size > size;
  }
}
