/**
 * Who has to endorse what belongs to the own organization: pinned with its key, so it is learnt once for each resource.
 *
 * Another holding has a key of its own, also when a resource comes back to a member that held it before.
 */
import { Endorsement, type EvaluateName, type Fact } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { EndorsementNeed } from './fabric/endorsers.js';
import { ProblemError } from './problem.js';

/** The reading transaction that tells of something's owners, and its input. */
export interface Question {
  readonly transaction: EvaluateName;
  readonly input: unknown;
}

const Owned = z.object({ endorsements: z.array(Endorsement) });
const CHANNEL_POLICY: EndorsementNeed = { policy: 'channel' };

/** Resources remembered, at most. */
const REMEMBERED = 5_000;

const nameOf = ({ transaction, input }: Question): string => `${transaction} ${JSON.stringify(input)}`;

/** What this gateway knows of holdings. */
export class Holdings {
  readonly #needs = new Map<string, EndorsementNeed>();
  /** Counts what made it forget: what was asked for before isn't remembered after. */
  #forgotten = 0;

  /** @param read Answers a question, in JSON. */
  constructor(
    private readonly ownMspId: string,
    private readonly read: (question: Question) => Promise<unknown>,
  ) {}

  /** Takes note of a fact. */
  see({ type }: Pick<Fact, 'type'>): void {
    if (type === 'project.lead' || type.endsWith('.handed-over')) this.forget();
  }

  /** Facts may have been missed, or an endorsement that was enough before isn't. */
  forget(): void {
    this.#needs.clear();
    this.#forgotten += 1;
  }

  /**
   * Who has to endorse; what isn't there or isn't the own organization's falls under the channel's policy: it is created
   * by that, and the contract refuses the rest.
   * @param anew Whether what is remembered wasn't enough.
   * @throws what reading throws.
   */
  async need(question: Question, anew: boolean): Promise<EndorsementNeed> {
    const name = nameOf(question);
    const known = anew ? undefined : this.#needs.get(name);
    if (known) return known;
    const forgotten = this.#forgotten;
    const own = await this.#ask(question);
    if (!own) return CHANNEL_POLICY;
    const need: EndorsementNeed = { policy: 'owned', others: own.others, count: own.count };
    if (forgotten === this.#forgotten) this.#remember(name, need);
    return need;
  }

  async #ask(question: Question) {
    try {
      const { endorsements } = Owned.parse(await this.read(question));
      return endorsements.find(({ owner }) => owner === this.ownMspId);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  #remember(name: string, need: EndorsementNeed): void {
    this.#needs.set(name, need);
    if (this.#needs.size <= REMEMBERED) return;
    const oldest = this.#needs.keys().next();
    if (!oldest.done) this.#needs.delete(oldest.value);
  }
}
