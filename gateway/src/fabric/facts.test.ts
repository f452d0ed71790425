import { describe, expect, it } from 'vitest';
import type { SeenTransaction } from './client.js';
import { factsOf, isKnown } from './facts.js';

const cast = { type: 'ballot.cast', id: 'r-1', data: { memberId: 'm-1' } };
const decided = { type: 'resolution.decided', id: 'r-1', data: {} };

const transaction = (
  payload: unknown,
  { name = 'umlauf.v1', chaincode = 'umlauf', ...rest }: Record<string, unknown> = {},
): SeenTransaction => ({
  transactionId: 'tx',
  position: 4,
  config: false,
  validationCode: 0,
  timestampMs: 7_000,
  content: () => ({
    proposalHash: '',
    result: new Uint8Array(),
    written: () => [],
    event: {
      chaincode: String(chaincode),
      name: String(name),
      payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    },
  }),
  ...rest,
});
const facts = (...transactions: SeenTransaction[]) => factsOf({ number: 3n, transactions }, 'umlauf');

describe('factsOf', () => {
  it('gives the facts of a block in their order with where and when they stand', () => {
    const where = { transactionId: 'tx', blockNumber: 3n, timestampMs: 7_000 };
    expect(facts(transaction([cast, decided]), transaction([cast], { position: 6 }))).toEqual([
      { ...cast, ...where, transaction: 4, index: 0 },
      { ...decided, ...where, transaction: 4, index: 1 },
      { ...cast, ...where, transaction: 6, index: 0 },
    ]);
  });

  it.each([
    transaction([cast], { name: 'other' }),
    transaction([cast], { chaincode: 'other' }),
    transaction([cast], { validationCode: 11 }),
    transaction([cast], { config: true }),
    transaction('not JSON'),
    transaction({ type: 'ballot.cast' }),
    transaction([{ ...cast, id: 7 }]),
    transaction([], {
      content: () => {
        throw new Error('the envelope holds no endorsed transaction');
      },
    }),
    transaction([], { content: () => ({ proposalHash: '', result: new Uint8Array(), written: () => [] }) }),
  ])('gives none of what is not the contracts’, or had no effect (%#)', (seen) => {
    expect(facts(seen)).toEqual([]);
  });

  it('gives those of types that this gateway does not know, which can be told apart', () => {
    const seen = facts(transaction([{ ...cast, type: 'unheard-of' }, decided]));
    expect(seen.map((fact) => [fact.type, fact.index, isKnown(fact)])).toEqual([
      ['unheard-of', 0, false],
      ['resolution.decided', 1, true],
    ]);
  });
});
