/** One proposal's way to a commit, with every way that it can end. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Time } from './budget.js';
import type { Blocks } from './blocks.js';
import type { Endorsed, FabricClient, Proposed } from './client.js';
import type { CommitWatch } from './commits.js';
import { endorseFailureOf, type EndorseFailure } from './endorse-failure.js';
import { isGrpcFailure } from './failure.js';
import type { Role } from 'umlauf-chaincode/api';
import { resultOf, settle, type Settled } from './settle.js';
import { submitFailureOf } from './submit-failure.js';
import type { Observer } from '../telemetry/observer.js';
import type { Committed, Patience, Submission } from './submitter.js';
import type { LedgerLookup } from './transactions.js';

/** How an attempt ended: nothing is handed to the orderers that isn't endorsed. */
export type AttemptOutcome = EndorseFailure | OrderOutcome;

/** How it ended for what is endorsed. */
export type OrderOutcome =
  | ({ readonly kind: 'committed' } & Committed)
  /** In a block, without effect. */
  | { readonly kind: 'invalid'; readonly transactionId: string; readonly validationCode: number }
  /** The orderers refused it. */
  | { readonly kind: 'denied' | 'not-sent' }
  /** Handed to the orderers; whether it commits couldn't be found out in time. */
  | { readonly kind: 'unknown'; readonly transactionId: string };

interface Parts {
  readonly client: FabricClient;
  readonly lookup: LedgerLookup;
  readonly blocks: Pick<Blocks, 'watch'>;
  readonly patience: Pick<Patience, 'settleMs'>;
  readonly time: Time;
  readonly observer: Observer;
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

    return ordered(proposed, () => endorsed.submit(), role, this.parts);
  }
}

/** What of a proposal its transaction is found and known by. */
type Known = Pick<Proposed, 'transactionId' | 'proposalHash'>;

/**
 * Hands an endorsed transaction to the orderers, and finds out what became of it.
 * @param role Whose key asks; absent: any.
 */
export async function ordered(
  proposed: Known,
  submit: () => Promise<void>,
  role: Role | undefined,
  parts: Parts,
): Promise<OrderOutcome> {
  const { transactionId } = proposed;
  const settled = () => settle(transactionId, role, parts.patience.settleMs, parts);
  const watch = parts.blocks.watch(transactionId);
  try {
    await submit();
  } catch (error) {
    watch.end();
    if (!isGrpcFailure(error)) throw error;
    const meaning = submitFailureOf(error);
    if (meaning !== 'doubt') return { kind: meaning };
    return outcomeOf(proposed, await settled());
  }
  const known = await parts.observer.step(
    'commit',
    async () => (await committed(transactionId, watch, role, parts)) ?? (await settled()),
    { 'umlauf.transaction.id': transactionId },
  );
  return outcomeOf(proposed, known);
}

async function committed(
  transactionId: string,
  watch: CommitWatch,
  role: Role | undefined,
  { client }: Parts,
): Promise<Settled | undefined> {
  const seen = await watch.seen;
  if (seen) return seen;
  try {
    await client.commitStatus(transactionId, role);
  } catch (error) {
    if (!isGrpcFailure(error)) throw error;
  }
  return undefined;
}

/** What became of a proposed transaction, as the ledger has it. */
export function outcomeOf(proposed: Known, settled: Settled): OrderOutcome {
  const { transactionId } = proposed;
  if (typeof settled === 'string') return { kind: 'unknown', transactionId };
  const { validationCode, blockNumber } = settled;
  if (validationCode !== StatusCode.VALID) return { kind: 'invalid', transactionId, validationCode };
  const result = resultOf(settled, proposed);
  return result
    ? { kind: 'committed', result, transactionId, blockNumber }
    : { kind: 'invalid', transactionId, validationCode: StatusCode.DUPLICATE_TXID };
}
