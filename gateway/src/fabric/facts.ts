/** What the contracts report in a block: one event a transaction, a list of facts. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import { EVENT_NAME, FACT_TYPES, type Fact, type FactType } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { SeenBlock, SeenTransaction } from './client.js';

const Facts = z.array(
  z.object({
    type: z.string(),
    id: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
);

/** Something reported, and where it stands. */
export interface SeenFact extends Omit<Fact, 'type'> {
  /** A newer chaincode may report types that this gateway doesn't know. */
  readonly type: string;
  readonly transactionId: string;
  readonly blockNumber: bigint;
  /** Place of the transaction in its block, from 0. */
  readonly transaction: number;
  /** Place among the facts of the transaction, from 0. */
  readonly index: number;
  /** The transaction's timestamp, in milliseconds. */
  readonly timestampMs: number;
}

/** A fact of a type that this gateway knows. */
export type ReportedFact = SeenFact & { readonly type: FactType };

/** Whether this gateway knows what a fact tells. */
export const isKnown = (fact: SeenFact): fact is ReportedFact =>
  FACT_TYPES.some((type) => type === fact.type);

function reported(transaction: SeenTransaction, chaincode: string): z.infer<typeof Facts> {
  if (transaction.config || transaction.validationCode !== StatusCode.VALID) return [];
  try {
    const { event } = transaction.content();
    if (event?.chaincode !== chaincode || event.name !== EVENT_NAME) return [];
    return Facts.safeParse(JSON.parse(Buffer.from(event.payload).toString('utf8'))).data ?? [];
  } catch {
    // No endorsed transaction, or what it reports isn't JSON: none of these contracts'.
    return [];
  }
}

/** The facts of a block, in their order. What the contracts didn't report, or reported without effect, isn't among them. */
export function factsOf({ number, transactions }: SeenBlock, chaincode: string): SeenFact[] {
  return transactions.flatMap((transaction) => {
    const { transactionId, position, timestampMs } = transaction;
    return reported(transaction, chaincode).map((fact, index) => ({
      ...fact,
      transactionId,
      blockNumber: number,
      transaction: position,
      index,
      timestampMs,
    }));
  });
}
