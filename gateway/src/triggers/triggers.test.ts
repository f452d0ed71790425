import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FactType } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';
import { FakeLedger } from '../testing/fake-gateway.js';
import { startTriggers, type Triggers } from './triggers.js';

const SELF = 'itdz-berlin';
let ledger: FakeLedger;
let triggers: Triggers;
let resolution: Record<string, unknown>;
let points: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  ledger = new FakeLedger();
  points = [];
  resolution = {
    status: 'open',
    decidable: true,
    opening: { deadline: new Date(Date.now() + 3_600_000).toISOString() },
  };
  ledger.answer = (transaction) => (transaction === 'resolutions:get' ? resolution : { items: points });
  triggers = startTriggers({
    ledger,
    role: 'board',
    memberId: SELF,
    sweepMs: 60_000,
    logger: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await triggers.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function tell(type: FactType, data: object = {}, id = 'r-1'): Promise<void> {
  triggers.see({ type, id, data: { ...data }, transactionId: 'tx', blockNumber: 2n });
  await vi.advanceTimersByTimeAsync(0);
}
const deadline = (ms: number) => new Date(Date.now() + ms).toISOString();
const decided = () => ledger.submitted.filter(({ transaction }) => transaction === 'resolutions:decide');

describe('deciding', () => {
  it('is done at once by the gateway whose member cast the last ballot', async () => {
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) });
    await tell('ballot.cast', { memberId: 'other' });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(0);
    expect(decided()).toEqual([{ transaction: 'resolutions:decide', input: { id: 'r-1' }, role: 'board' }]);
  });

  it('is left to that gateway for a while, then done by the others', async () => {
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(200);
    await tell('ballot.cast', { memberId: 'other' });
    expect(decided()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(decided()).toHaveLength(1);
  });

  it('is not done when the outcome is still open', async () => {
    resolution = { ...resolution, decidable: false };
    await tell('resolution.opened', { voters: 9, deadline: deadline(3_600_000) });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ledger.evaluated.filter(({ transaction }) => transaction === 'resolutions:get')).toHaveLength(1);
    expect(decided()).toEqual([]);
  });

  it('follows an own ballot that is not simply in favour, however few have voted', async () => {
    await tell('resolution.opened', { voters: 9, deadline: deadline(3_600_000) });
    triggers.voting('r-1', true);
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(400);
    expect(decided()).toHaveLength(1);
  });

  it('does not look while votes in favour make no majority yet', async () => {
    await tell('resolution.opened', { voters: 9, deadline: deadline(3_600_000) });
    triggers.voting('r-1', false);
    await tell('ballot.cast', { memberId: 'other' });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(ledger.evaluated.filter(({ transaction }) => transaction === 'resolutions:get')).toEqual([]);
  });

  it('is not done any more once another did it', async () => {
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) });
    await tell('ballot.cast', { memberId: 'other' });
    await tell('resolution.decided');
    await vi.advanceTimersByTimeAsync(3_600_000 + 10_000);
    expect(ledger.evaluated.filter(({ transaction }) => transaction === 'resolutions:get')).toEqual([]);
    expect(decided()).toEqual([]);
  });

  it('follows the deadline, and the margin after it that the contract asks for', async () => {
    const from = deadline(66_000);
    resolution = { status: 'open', decidable: false, opening: { deadline: deadline(60_000) } };
    ledger.commit = () => {
      if (Date.now() < Date.parse(from)) throw new ProblemError('not-decidable', { from });
      return {};
    };
    await tell('resolution.opened', { voters: 9, deadline: deadline(60_000) });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(decided()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(decided()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(decided()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(decided()).toHaveLength(2);
  });

  it('takes it as done when it was decided already', async () => {
    ledger.commit = () => {
      throw new ProblemError('wrong-status', { resource: 'resolution', status: 'adopted' });
    };
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(decided()).toHaveLength(1);
  });
});

describe('the sweep', () => {
  it('finds what the events did not tell, again and again', async () => {
    points = [
      { kind: 'resolution-due', resolutionId: 'r-2' },
      { kind: 'ending-due', memberId: 'm-2' },
      { kind: 'opening-due', resolutionId: 'r-3' },
    ];
    await vi.advanceTimersByTimeAsync(63_500);
    const inputs = new Set(ledger.submitted.map((call) => JSON.stringify([call.transaction, call.input])));
    expect(inputs).toEqual(
      new Set(['["resolutions:decide",{"id":"r-2"}]', '["members:completeEnding",{"id":"m-2"}]']),
    );
    ledger.submitted.splice(0);
    await vi.advanceTimersByTimeAsync(63_500);
    expect(ledger.submitted.length).toBeGreaterThan(0);
  });

  it('goes on after a failure', async () => {
    ledger.answer = () => {
      throw new ProblemError('not-founded');
    };
    await vi.advanceTimersByTimeAsync(61_000);
    const before = ledger.evaluated.length;
    expect(before).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ledger.evaluated.length).toBeGreaterThan(before);
  });

  it('reads every page', async () => {
    ledger.answer = (_transaction, input) =>
      (input as { bookmark?: string }).bookmark === undefined
        ? { items: [], bookmark: 'next' }
        : { items: [{ kind: 'ending-due', memberId: 'm-9' }] };
    await vi.advanceTimersByTimeAsync(64_000);
    expect(ledger.submitted).toMatchObject([{ input: { id: 'm-9' } }]);
  });
});
