import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { FakeFabric } from '../testing/fake-fabric.js';
import { factFollower, factsOf, type ReportedFact } from './facts.js';
import { LedgerLookup } from './transactions.js';

/** The machine may be busy with other tests. */
const eventually = (check: () => void) => vi.waitFor(check, 10_000);

const event = (payload: unknown, eventName = 'umlauf.v1', blockNumber = 3n) => ({
  blockNumber,
  transactionId: 'tx',
  eventName,
  payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
});
const cast = { type: 'ballot.cast', id: 'r-1', data: { memberId: 'm-1' } };
const decided = { type: 'resolution.decided', id: 'r-1', data: {} };

describe('factsOf', () => {
  it('gives the facts in their order with where they stand', () => {
    expect(factsOf(event([cast, decided]))).toEqual([
      { ...cast, transactionId: 'tx', blockNumber: 3n },
      { ...decided, transactionId: 'tx', blockNumber: 3n },
    ]);
  });

  it.each([
    event([cast], 'other'),
    event('not JSON'),
    event({ type: 'ballot.cast' }),
    event([{ ...cast, id: 7 }]),
  ])('gives none of what is not the contracts’ (%#)', (seen) => {
    expect(factsOf(seen)).toEqual([]);
  });
});

it('passes over facts of types that it does not know, and those alone', () => {
  const facts = factsOf(event([{ ...cast, type: 'unheard-of' }, decided]));
  expect(facts.map(({ type }) => type)).toEqual(['resolution.decided']);
});

describe('factFollower', () => {
  it('begins with the next block and goes on where it stopped', async () => {
    const fabric = new FakeFabric();
    const lookup = new LedgerLookup(fabric, 'main');
    vi.spyOn(lookup, 'height').mockResolvedValue(5n);
    const seen: ReportedFact[] = [];
    const follower = factFollower(fabric, lookup, (fact) => seen.push(fact), pino({ level: 'silent' }));
    follower.start();
    await eventually(() => expect(fabric.eventStreams).toHaveLength(1));
    fabric.eventStreams[0]!.stream.push(event([cast], 'umlauf.v1', 6n));
    await eventually(() => expect(seen).toHaveLength(1));
    fabric.eventStreams[0]!.stream.close();
    await eventually(() => expect(fabric.eventStreams).toHaveLength(2));
    expect(fabric.eventStreams.map(({ startBlock }) => startBlock)).toEqual([5n, 6n]);
    await follower.stop();
  });
});
