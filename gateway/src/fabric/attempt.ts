/** One proposal's way to a commit, with every way that it can end. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Time } from './budget.js';
import type { Blocks } from './blocks.js';
import type { Endorsed, FabricClient, Proposed } from './client.js';
import type { CommitWatch } from './commits.js';
import { endorseFailureOf, type EndorseFailure } from './endorse-failure.js';
import { isGrpcFailure } from './failure.js';
import { resultOf, settle, type Settled } from './settle.js';
import { submitFailureOf } from './submit-failure.js';
import type { Committed, Patience, Submission } from './submitter.js';
import type { LedgerLookup } from './transactions.js';

/** How an attempt ended. */
export type AttemptOutcome =
  | ({ readonly kind: 'committed' } & Committed)
  /** In a block, without effect. */
  | { readonly kind: 'invalid'; readonly transactionId: string; readonly validationCode: number }
  /** Never handed to the orderers. */
  | EndorseFailure
  | { readonly kind: 'not-sent' }
  /** Handed to the orderers; whether it commits couldn't be found out in time. */
  | { readonly kind: 'unknown'; readonly transactionId: string };

interface Parts {
  readonly client: FabricClient;
  readonly lookup: LedgerLookup;
  readonly blocks: Pick<Blocks, 'watch'>;
  readonly patience: Pick<Patience, 'settleMs'>;
  readonly time: Time;
}

/** One attempt with one proposal. */
export class Attempt {
  constructor(
    private readonly parts: Parts,
    private readonly submission: Submission,
    private readonly named: readonly string[] | undefined,
  ) {}

  async run(): Promise<AttemptOutcome> {
    const { client } = this.parts;
    const { transaction, input, role } = this.submission;
    const proposed = client.propose({ transaction, arguments: [input], role }, this.named);

    let endorsed: Endorsed;
    try {
      // At the same time: what has to be noted before it is submitted mustn't take time of its own.
      [endorsed] = await Promise.all([proposed.endorse(), this.submission.onProposed?.(proposed)]);
    } catch (error) {
      if (!isGrpcFailure(error)) throw error;
      return endorseFailureOf(error, this.named, client.mspId);
    }

    const watch = this.parts.blocks.watch(proposed.transactionId);
    try {
      await endorsed.submit();
    } catch (error) {
      watch.end();
      if (!isGrpcFailure(error)) throw error;
      const meaning = submitFailureOf(error);
      if (meaning !== 'doubt') return { kind: meaning };
      return this.#outcome(proposed, await this.#settle(proposed));
    }
    return this.#outcome(proposed, await this.#committed(proposed, watch));
  }

  async #committed(proposed: Proposed, watch: CommitWatch): Promise<Settled> {
    const seen = await watch.seen;
    if (seen) return seen;
    try {
      await this.parts.client.commitStatus(proposed.transactionId, this.submission.role);
    } catch (error) {
      if (!isGrpcFailure(error)) throw error;
    }
    return this.#settle(proposed);
  }

  #settle({ transactionId }: Proposed): Promise<Settled> {
    return settle(transactionId, this.submission.role, this.parts.patience.settleMs, this.parts);
  }

  #outcome(proposed: Proposed, settled: Settled): AttemptOutcome {
    const { transactionId } = proposed;
    if (typeof settled === 'string') return { kind: 'unknown', transactionId };
    const { validationCode, blockNumber } = settled;
    if (validationCode !== StatusCode.VALID) return { kind: 'invalid', transactionId, validationCode };
    const result = resultOf(settled, proposed);
    return result
      ? { kind: 'committed', result, transactionId, blockNumber }
      : { kind: 'invalid', transactionId, validationCode: StatusCode.DUPLICATE_TXID };
  }
}
