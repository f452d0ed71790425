/** One proposal's way to a commit, with every way that it can end. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Time } from './budget.js';
import type { Blocks } from './blocks.js';
import type { CommitStatus, Endorsed, FabricClient } from './client.js';
import type { CommitWatch } from './commits.js';
import { endorseFailureOf, type EndorseFailure } from './endorse-failure.js';
import { isGrpcFailure } from './failure.js';
import { settle } from './settle.js';
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
    const { transactionId } = proposed;

    let endorsed: Endorsed;
    try {
      endorsed = await proposed.endorse();
    } catch (error) {
      if (!isGrpcFailure(error)) throw error;
      return endorseFailureOf(error, this.named, client.mspId);
    }

    const watch = this.parts.blocks.watch(transactionId);
    try {
      await endorsed.submit();
    } catch (error) {
      watch.end();
      if (!isGrpcFailure(error)) throw error;
      const meaning = submitFailureOf(error);
      if (meaning !== 'doubt') return { kind: meaning };
      return this.#outcome(transactionId, endorsed, await this.#settle(transactionId));
    }
    return this.#outcome(transactionId, endorsed, await this.#committed(transactionId, watch));
  }

  async #committed(transactionId: string, watch: CommitWatch): Promise<CommitStatus | undefined> {
    const seen = await watch.seen;
    if (seen) return seen;
    try {
      return await this.parts.client.commitStatus(transactionId, this.submission.role);
    } catch (error) {
      if (!isGrpcFailure(error)) throw error;
      return this.#settle(transactionId);
    }
  }

  #settle(transactionId: string): Promise<CommitStatus | undefined> {
    return settle(transactionId, this.submission.role, this.parts.patience.settleMs, this.parts);
  }

  #outcome(transactionId: string, { result }: Endorsed, status: CommitStatus | undefined): AttemptOutcome {
    if (!status) return { kind: 'unknown', transactionId };
    const { validationCode, blockNumber } = status;
    return validationCode === StatusCode.VALID
      ? { kind: 'committed', result, transactionId, blockNumber }
      : { kind: 'invalid', transactionId, validationCode };
  }
}
