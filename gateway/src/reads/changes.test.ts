import { describe, expect, it } from 'vitest';
import type { SeenTransaction } from '../fabric/client.js';
import type { WrittenKey } from '../fabric/envelope.js';
import { changesOf } from './changes.js';

const ballot = (id: string): WrittenKey => ({
  namespace: 'umlauf',
  key: `\u0000ballot\u0000${id}\u0000m-1\u0000`,
});
const transaction = (written: WrittenKey[], rest: Partial<SeenTransaction> = {}): SeenTransaction => ({
  transactionId: 'tx',
  position: 0,
  config: false,
  validationCode: 0,
  timestampMs: 0,
  content: () => ({ proposalHash: '', result: new Uint8Array(), written: () => written }),
  ...rest,
});
const changes = (...transactions: SeenTransaction[]) => changesOf({ number: 3n, transactions }, 'umlauf');

describe('changesOf', () => {
  it('names the resolutions where ballots alone were written', () => {
    expect(changes(transaction([ballot('a')]), transaction([ballot('b')]))).toEqual(new Set(['a', 'b']));
  });

  it('sees nothing in what is invalid, or writes nothing', () => {
    expect(changes(transaction([ballot('a')], { validationCode: 11 }), transaction([]))).toEqual(new Set());
  });

  it.each([
    ['another key', transaction([{ namespace: 'umlauf', key: '\u0000resolution\u0000a\u0000' }])],
    ['a ballot and another key', transaction([ballot('a'), { namespace: 'umlauf', key: 'plain' }])],
    ["another chaincode's key", transaction([{ ...ballot('a'), namespace: '_lifecycle' }])],
    ['private data', transaction([{ namespace: 'umlauf' }])],
    ['a configuration', transaction([], { config: true })],
    ['what can’t be read', transaction([], { content: () => expect.fail() })],
  ])('takes %s for a change of everything', (_what, seen) => {
    expect(changes(transaction([ballot('a')]), seen)).toBe('everything');
  });
});
