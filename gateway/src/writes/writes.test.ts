import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settled } from '../fabric/settle.js';
import { ROUTES } from '../http/routes/index.js';
import type { WriteRoute } from '../http/route.js';
import { Journal } from '../journal/journal.js';
import { MemoryStorage } from '../journal/memory-storage.js';
import { ProblemError } from '../problem.js';
import { FakeTime } from '../testing/fake-fabric.js';
import { FakeLedger } from '../testing/fake-gateway.js';
import { Settlement } from './settlement.js';
import { Writes, type Outcome } from './writes.js';

const route = ROUTES.find(({ transaction }) => transaction === 'members:withdraw') as WriteRoute;
const act = { route, input: { id: 'm-1' }, role: 'board' } as const;
const key = { id: 'key-1', fingerprint: 'f' };
const HOUR = 3_600_000;

let journal: Journal;
let time: FakeTime;
let onLedger: Map<string, Settled>;
let ledger: FakeLedger;
beforeEach(() => {
  journal = new Journal(new MemoryStorage());
  time = new FakeTime();
  onLedger = new Map();
});

/** A gateway's writes; each with what the one before left in the journal, which ends as by kill -9. */
function start(): Writes {
  ledger = new FakeLedger();
  return new Writes({
    perform: {
      self: { memberId: 'itdz-berlin', mspId: 'ItdzBerlinMSP' },
      ledger,
      lookup: { transaction: () => Promise.resolve(undefined) },
      blocks: { last: 3n },
      lagMs: 0,
    },
    journal,
    settlement: new Settlement({
      mspId: 'ItdzBerlinMSP',
      settle: (id) => Promise.resolve(onLedger.get(id) ?? 'absent'),
      settleMs: 10_000,
      time,
    }),
    routes: new Map([[route.transaction, route]]),
    keepMs: HOUR,
    logger: pino({ level: 'silent' }),
    time,
  });
}

const committed = (transactionId: string, validationCode = 0, proposalHash = transactionId): void => {
  const content = () => ({
    proposalHash,
    result: Buffer.from('{"id":"m-1","of":"ledger"}'),
    written: () => [],
  });
  onLedger.set(transactionId, { transactionId, validationCode, blockNumber: 8n, timestampMs: 0, content });
};
/** Waits until nothing of the transaction `tx-1` is under way. */
const settled = (writes: Writes) => vi.waitFor(() => expect(writes.of('tx-1')?.underWay).toBe(false));
const never = () => new Promise<never>(() => undefined);
const bodyOf = (outcome: Outcome): unknown =>
  outcome.kind === 'answered' && outcome.answer.kind === 'written'
    ? JSON.parse(outcome.answer.body)
    : outcome;
/** Has the gateway end while a write is under way. */
async function crashedWith(
  transactionId: string,
  asked: Parameters<Writes['ask']>[1] = { key },
): Promise<void> {
  const writes = start();
  ledger.transactionIds = [transactionId];
  const proposed = new Promise<void>((resolve) => {
    ledger.commit = () => {
      resolve();
      return never();
    };
  });
  void writes.ask(act, asked);
  await proposed;
}

describe('a write with a key', () => {
  it('is done once, and its answer repeated', async () => {
    const writes = start();
    const first = await writes.ask(act, { key });
    expect(first).toMatchObject({ replayed: false, answer: { kind: 'written', blockNumber: '12' } });
    expect(await writes.ask(act, { key })).toEqual({ ...first, replayed: true });
    expect(await start().ask(act, { key })).toEqual({ ...first, replayed: true });
    expect(ledger.submitted).toEqual([]);
  });

  it('refuses another request under it, and a second one while the first is under way', async () => {
    const writes = start();
    let finish: (value: unknown) => void = () => undefined;
    ledger.commit = () => new Promise((resolve) => (finish = resolve));
    const first = writes.ask(act, { key });
    await expect(writes.ask(act, { key: { ...key, fingerprint: 'g' } })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    await expect(writes.ask(act, { key })).rejects.toMatchObject({
      code: 'request-in-progress',
      data: { retryAfter: 1 },
    });
    finish({ id: 'm-1' });
    await first;
    await expect(writes.ask(act, { key: { ...key, fingerprint: 'g' } })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect(ledger.submitted).toHaveLength(1);
  });

  it('notes the transaction before anything is submitted, and does nothing that it cannot note', async () => {
    const writes = start();
    journal.save = () => Promise.reject(new Error('disk full'));
    expect(await writes.ask(act, { key })).toMatchObject({
      answer: { kind: 'refused', code: 'journal-unavailable', final: false },
    });
  });

  it("repeats the cooperative's refusal", async () => {
    const writes = start();
    ledger.commit = () => {
      throw new ProblemError('target-claimed', { resolutionId: 'r-1' });
    };
    const refused = { kind: 'refused', code: 'target-claimed', data: { resolutionId: 'r-1' }, final: true };
    expect(await writes.ask(act, { key })).toEqual({ kind: 'answered', answer: refused, replayed: false });
    expect(await start().ask(act, { key })).toEqual({ kind: 'answered', answer: refused, replayed: true });
  });

  it.each([
    'peer-unavailable',
    'endorsement-failed',
    'conflict',
    'timestamp-off',
    'transaction-invalid',
  ] as const)('tries again what did not work just then: %s', async (code) => {
    const writes = start();
    ledger.commit = () => {
      throw new ProblemError(code);
    };
    expect(await writes.ask(act, { key })).toMatchObject({ answer: { code, final: false } });
    expect(await journal.open()).toEqual([]);
    ledger.commit = () => ({ id: 'm-1' });
    expect(await writes.ask(act, { key })).toMatchObject({ answer: { kind: 'written' }, replayed: false });
  });

  it('settles what was in doubt before it tries again', async () => {
    const writes = start();
    ledger.transactionIds = ['tx-1', 'tx-2'];
    ledger.commit = () => {
      throw new ProblemError('outcome-unknown', { transactionId: 'tx-1' });
    };
    expect(await writes.ask(act, { key })).toMatchObject({ answer: { code: 'outcome-unknown' } });
    committed('tx-1');
    const outcome = await writes.ask(act, { key });
    expect(outcome).toMatchObject({ answer: { transactionId: 'tx-1', blockNumber: '8' } });
    expect(bodyOf(outcome)).toEqual({ id: 'm-1', of: 'ledger' });
    expect(ledger.submitted).toHaveLength(1);
  });

  it('is forgotten in time', async () => {
    const writes = start();
    await writes.ask(act, { key });
    time.advance(HOUR);
    expect(await writes.ask(act, { key: { ...key, fingerprint: 'g' } })).toMatchObject({ replayed: false });
    expect(ledger.submitted).toHaveLength(2);
  });
});

describe('after a crash', () => {
  it('a key is answered with what was committed', async () => {
    await crashedWith('tx-1');
    committed('tx-1');
    const writes = start();
    await writes.start();
    await settled(writes);
    const outcome = await writes.ask(act, { key });
    expect(outcome).toMatchObject({ replayed: true, answer: { transactionId: 'tx-1', status: 200 } });
    expect(bodyOf(outcome)).toEqual({ id: 'm-1', of: 'ledger' });
    expect(ledger.submitted).toEqual([]);
  });

  it('a key gets no answer before that is settled', async () => {
    await crashedWith('tx-1');
    const writes = start();
    await writes.start();
    await expect(writes.ask(act, { key })).rejects.toMatchObject({ code: 'request-in-progress' });
    await expect(writes.ask(act, { key: { ...key, fingerprint: 'g' } })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    await writes.stop(1_000);
  });

  it('waits for a peer that is away, rather than writing anew', async () => {
    await crashedWith('tx-1');
    onLedger.set('tx-1', 'unreachable');
    const writes = start();
    const pauses: number[] = [];
    time.pause = (ms) => {
      pauses.push(ms);
      if (pauses.length === 3) committed('tx-1');
      return Promise.resolve();
    };
    await writes.start();
    await settled(writes);
    expect(pauses).toHaveLength(3);
    expect(await writes.ask(act, { key })).toMatchObject({ answer: { transactionId: 'tx-1' } });
    expect(ledger.submitted).toEqual([]);
  });

  it.each([
    ['is not on the ledger', () => undefined],
    ['was invalid', () => committed('tx-1', 11)],
    ['is another one under its id', () => committed('tx-1', 0, 'of somebody else')],
  ])('writes anew what %s, with the input of the first time', async (_what, arrange) => {
    await crashedWith('tx-1');
    arrange();
    const writes = start();
    await writes.start();
    await settled(writes);
    ledger.transactionIds = ['tx-2'];
    expect(await writes.ask({ ...act, input: { id: 'made-anew' } }, { key })).toMatchObject({
      replayed: false,
      answer: { transactionId: 'tx-2' },
    });
    expect(ledger.submitted).toMatchObject([{ input: act.input }]);
  });

  it('an accepted write is done', async () => {
    await crashedWith('tx-1', { acceptAfterMs: 0 });
    const writes = start();
    ledger.transactionIds = ['tx-2'];
    await writes.start();
    await settled(writes);
    expect(ledger.submitted).toMatchObject([
      { transaction: 'members:withdraw', input: { id: 'm-1' }, role: 'board' },
    ]);
    expect(writes.of('tx-1')).toMatchObject({
      underWay: false,
      entry: { answer: { kind: 'written', transactionId: 'tx-2' } },
    });
  });

  it('an accepted write that was committed is not done again', async () => {
    await crashedWith('tx-1', { acceptAfterMs: 0 });
    committed('tx-1');
    const writes = start();
    await writes.start();
    await settled(writes);
    expect(ledger.submitted).toEqual([]);
    expect(writes.of('tx-1')?.entry.answer).toMatchObject({ kind: 'written', transactionId: 'tx-1' });
  });
});

describe('a write that is accepted', () => {
  it('tells its first transaction at once, and how it ended later', async () => {
    const writes = start();
    ledger.transactionIds = ['tx-1'];
    let finish: (value: unknown) => void = () => undefined;
    ledger.commit = () => new Promise((resolve) => (finish = resolve));
    expect(await writes.ask(act, { acceptAfterMs: 0 })).toEqual({ kind: 'accepted', transactionId: 'tx-1' });
    expect(writes.of('tx-1')).toMatchObject({ underWay: true, entry: { accepted: true } });
    finish({ id: 'm-1' });
    await settled(writes);
    expect(writes.of('tx-1')).toMatchObject({ underWay: false, entry: { answer: { kind: 'written' } } });
  });

  it('is answered itself if that comes in time', async () => {
    const writes = start();
    time.pause = never;
    expect(await writes.ask(act, { acceptAfterMs: 5_000 })).toMatchObject({ kind: 'answered' });
  });

  it('is accepted again when it is repeated under its key', async () => {
    const writes = start();
    ledger.transactionIds = ['tx-1'];
    ledger.commit = never;
    const accepted = { kind: 'accepted', transactionId: 'tx-1' };
    expect(await writes.ask(act, { key, acceptAfterMs: 0 })).toEqual(accepted);
    expect(await writes.ask(act, { key, acceptAfterMs: 0 })).toEqual(accepted);
    await expect(writes.ask(act, { key })).rejects.toMatchObject({ code: 'request-in-progress' });
    expect(ledger.submitted).toHaveLength(1);
  });

  it('remembers why it did not work', async () => {
    const writes = start();
    ledger.transactionIds = ['tx-1'];
    ledger.commit = () => {
      throw new ProblemError('peer-unavailable', { mspIds: [] });
    };
    await writes.ask(act, { acceptAfterMs: 0 });
    await settled(writes);
    expect(writes.of('tx-1')?.entry.answer).toMatchObject({ kind: 'refused', code: 'peer-unavailable' });
  });
});

describe('a write without a key', () => {
  it('leaves nothing in the journal', async () => {
    const writes = start();
    await writes.ask(act, {});
    ledger.commit = () => {
      throw new ProblemError('target-claimed');
    };
    await writes.ask(act, {});
    expect(writes.of('f'.repeat(64))).toBeUndefined();
  });

  it('is remembered while it is in doubt', async () => {
    const writes = start();
    ledger.transactionIds = ['tx-1'];
    ledger.commit = () => {
      throw new ProblemError('outcome-unknown', { transactionId: 'tx-1' });
    };
    await writes.ask(act, {});
    expect(start().of('tx-1')).toMatchObject({ underWay: false, entry: { id: 'transaction-tx-1' } });
  });
});
