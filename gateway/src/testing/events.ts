/** Blocks and events for tests: in block `n`, a fact each of the resources named. */
import type { SeenBlock } from '../fabric/client.js';
import { factsOf } from '../fabric/facts.js';
import { eventOf, type LedgerEvent } from '../events/ledger-event.js';

export const LEDGER = { channel: 'main', chaincode: 'umlauf' };

/** A block in which each transaction reports facts `ballot.cast` on resolutions. */
export function blockOf(number: number, ...transactions: (readonly string[])[]): SeenBlock {
  return {
    number: BigInt(number),
    transactions: transactions.map((ids, position) => ({
      transactionId: `tx-${number}-${position}`,
      position,
      config: false,
      validationCode: 0,
      timestampMs: Date.UTC(2021, 2, 1) + number * 1_000,
      content: () => ({
        proposalHash: '',
        written: () => [],
        result: new Uint8Array(),
        event: {
          chaincode: LEDGER.chaincode,
          name: 'umlauf.v1',
          payload: Buffer.from(JSON.stringify(ids.map((id) => ({ type: 'ballot.cast', id, data: {} })))),
        },
      }),
    })),
  };
}

/** The events of a block. */
export const eventsIn = (block: SeenBlock): LedgerEvent[] =>
  factsOf(block, LEDGER.chaincode).map((fact) => eventOf(fact, LEDGER));
