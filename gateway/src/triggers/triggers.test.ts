import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FactType } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';
import { FakeLedger } from '../testing/fake-gateway.js';
import { placeOf } from './stagger.js';
import { startTriggers, type Triggers } from './triggers.js';

const SELF = 'itdz-berlin';
const OWN = 'ItdzBerlinMSP';
const OTHERS = Array.from({ length: 16 }, (_, index) => `Member${index}MSP`);
let ledger: FakeLedger;
let triggers: Triggers;
let resolution: Record<string, unknown>;
let points: unknown[];
let organizations: readonly string[];

beforeEach(() => {
  vi.useFakeTimers();
  ledger = new FakeLedger();
  points = [];
  organizations = [OWN];
  resolution = {
    status: 'open',
    decidable: true,
    deadline: new Date(Date.now() + 3_600_000).toISOString(),
    receivedAt: new Date().toISOString(),
  };
  ledger.answer = (transaction) => {
    if (transaction === 'resolutions:get') return resolution;
    return transaction === 'members:get' ? { status: 'ending' } : { items: points };
  };
  triggers = startTriggers({
    ledger,
    role: 'board',
    memberId: SELF,
    turns: { own: OWN, organizations: () => Promise.resolve(organizations) },
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
  triggers.see({ type, id, data: { ...data } });
  await vi.advanceTimersByTimeAsync(0);
}
const deadline = (ms: number) => new Date(Date.now() + ms).toISOString();
const submitted = (name: string) => ledger.submitted.filter(({ transaction }) => transaction === name);
const decided = () => submitted('resolutions:decide');
const received = () => submitted('resolutions:receive');
const looks = () => ledger.evaluated.filter(({ transaction }) => transaction === 'resolutions:get');
/** A subject on which the own gateway has this place among all. */
const subjectAt = (place: number, kind: string): string => {
  for (let index = 0; ; index += 1) {
    const id = `r-${index}`;
    if (placeOf(`${kind} ${id}`, OWN, organizations) === place) return id;
  }
};
async function withOrganizations(all: readonly string[]): Promise<void> {
  organizations = all;
  await tell('member.joined', {}, 'm-new');
  await vi.advanceTimersByTimeAsync(1);
}

/** Voting is opened, and received. */
async function opened(voters: number, ms: number, id = 'r-1'): Promise<void> {
  triggers.see({
    type: 'resolution.opened',
    id,
    data: { voters, deadline: deadline(ms) },
  });
  await tell('resolution.received', {}, id);
}

describe('deciding', () => {
  it('is done at once by the gateway whose member cast the last ballot', async () => {
    await opened(2, 3_600_000);
    await tell('ballot.cast', { memberId: 'other' });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(0);
    expect(decided()).toEqual([{ transaction: 'resolutions:decide', input: { id: 'r-1' }, role: 'board' }]);
  });

  it('is left to that gateway for a while, then done by the others', async () => {
    await opened(2, 3_600_000);
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(200);
    await tell('ballot.cast', { memberId: 'other' });
    expect(decided()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(decided()).toHaveLength(1);
  });

  it('is not done when the outcome is still open', async () => {
    resolution = { ...resolution, decidable: false };
    await opened(9, 3_600_000);
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks()).toHaveLength(1);
    expect(decided()).toEqual([]);
  });

  it('follows an own ballot that is not simply in favour, however few have voted', async () => {
    await opened(9, 3_600_000);
    triggers.voting('r-1', true);
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(400);
    expect(decided()).toHaveLength(1);
  });

  it('does not look while votes in favour make no majority yet', async () => {
    await opened(9, 3_600_000);
    triggers.voting('r-1', false);
    await tell('ballot.cast', { memberId: 'other' });
    await tell('ballot.cast', { memberId: SELF });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(looks()).toEqual([]);
  });

  it('is not done any more once another did it', async () => {
    await opened(2, 3_600_000);
    await tell('ballot.cast', { memberId: 'other' });
    await tell('resolution.decided');
    await vi.advanceTimersByTimeAsync(3_600_000 + 10_000);
    expect(looks()).toEqual([]);
    expect(decided()).toEqual([]);
  });

  it('follows the deadline, and the margin after it that the contract asks for', async () => {
    const from = deadline(66_000);
    resolution = { ...resolution, decidable: false, deadline: deadline(60_000) };
    ledger.commit = () => {
      if (Date.now() < Date.parse(from)) throw new ProblemError('not-decidable', { from });
      return {};
    };
    await opened(9, 60_000);
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

describe('deciding among many', () => {
  beforeEach(() => withOrganizations([OWN, ...OTHERS]));

  it('is done in turn: the first at once, the others only if nobody has by then', async () => {
    for (const place of [0, 1, 5]) {
      ledger.submitted.splice(0);
      await opened(17, 0, subjectAt(place, 'decision'));
      await vi.advanceTimersByTimeAsync(Math.max(0, 2_500 * place - 1));
      expect(decided()).toHaveLength(place === 0 ? 1 : 0);
      await vi.advanceTimersByTimeAsync(1);
      expect(decided()).toHaveLength(1);
    }
  });

  it('is not done by those whose turn comes after it was done', async () => {
    const id = subjectAt(16, 'decision');
    await opened(17, 0, id);
    await vi.advanceTimersByTimeAsync(30_000);
    await tell('resolution.decided', {}, id);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks()).toEqual([]);
    expect(decided()).toEqual([]);
  });

  it('gives way to the gateway of a newer ballot, but not for ever', async () => {
    const id = subjectAt(0, 'decision');
    await opened(99, 3_600_000, id);
    for (let cast = 0; cast < 50; cast += 1) await tell('ballot.cast', { memberId: `m-${cast}` }, id);
    await vi.advanceTimersByTimeAsync(1_400);
    await tell('ballot.cast', { memberId: 'm-50' }, id);
    await vi.advanceTimersByTimeAsync(1_400);
    expect(looks()).toEqual([]);
    for (let cast = 51; cast < 60; cast += 1) {
      await tell('ballot.cast', { memberId: `m-${cast}` }, id);
      await vi.advanceTimersByTimeAsync(1_400);
    }
    expect(decided()).toHaveLength(1);
  });

  it('is tried again after a failure, later each time', async () => {
    const id = subjectAt(1, 'decision');
    const tries: number[] = [];
    const start = Date.now();
    ledger.commit = () => {
      tries.push(Date.now() - start);
      throw new ProblemError('conflict', { transactionId: 'tx' });
    };
    await opened(17, 0, id);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(tries).toEqual([2_500, 7_000, 13_500, 24_000]);
  });

  it('is not tried again when the contract refuses', async () => {
    ledger.commit = () => {
      throw new ProblemError('organization-not-allowed');
    };
    await opened(17, 0, subjectAt(0, 'decision'));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(decided()).toHaveLength(1);
  });
});

describe('a receipt', () => {
  beforeEach(() => {
    delete resolution['receivedAt'];
    resolution['decidable'] = false;
  });
  const proposed = (awaitsReceipt: boolean) => tell('resolution.proposed', { awaitsReceipt });

  it('is recorded at once when voting is opened', async () => {
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) });
    expect(received()).toEqual([{ transaction: 'resolutions:receive', input: { id: 'r-1' }, role: 'board' }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(received()).toHaveLength(1);
  });

  it('is recorded of a proposal whose notice runs from it, at once', async () => {
    resolution['status'] = 'proposed';
    await proposed(true);
    expect(received()).toHaveLength(1);
  });

  it('of another proposal is left to the sweep', async () => {
    resolution['status'] = 'proposed';
    await proposed(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(received()).toEqual([]);
    points = [{ kind: 'receipt-due', resolutionId: 'r-1' }];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(received()).toHaveLength(1);
  });

  it('is left to those before, and to nobody once it is there', async () => {
    await withOrganizations([OWN, ...OTHERS]);
    const [second, third] = [subjectAt(1, 'receipt'), subjectAt(2, 'receipt')];
    for (const id of [second, third])
      await tell('resolution.opened', { voters: 17, deadline: deadline(3_600_000) }, id);
    await vi.advanceTimersByTimeAsync(2_400);
    expect(received()).toEqual([]);
    await tell('resolution.received', {}, third);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(received()).toMatchObject([{ input: { id: second } }]);
  });

  it('is not recorded again, and finding it recorded is as good', async () => {
    resolution['receivedAt'] = new Date().toISOString();
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) });
    expect(received()).toEqual([]);
    delete resolution['receivedAt'];
    ledger.commit = () => {
      throw new ProblemError('unchanged', { resource: 'receipt' });
    };
    await tell('resolution.opened', { voters: 2, deadline: deadline(3_600_000) }, 'r-2');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(received()).toHaveLength(1);
  });

  it('comes first where a deadline has passed without one', async () => {
    await tell('resolution.received');
    await tell('ballot.cast', { memberId: SELF });
    resolution['deadline'] = deadline(0);
    ledger.commit = (transaction) => {
      if (transaction === 'resolutions:receive')
        Object.assign(resolution, { receivedAt: deadline(0), deadline: deadline(20_000) });
      else resolution['status'] = 'rejected';
      return {};
    };
    await vi.advanceTimersByTimeAsync(15_000);
    expect([received().length, decided().length]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect([received().length, decided().length]).toEqual([1, 1]);
  });
});

describe('a resignation', () => {
  it('is received at once, and again by nobody', async () => {
    let member: object = { status: 'ending', resignation: { effectiveAt: '2026-12-31' } };
    ledger.answer = (transaction) => (transaction === 'members:get' ? member : { items: [] });
    await tell('member.resigned', {}, 'm-3');
    expect(submitted('members:receive')).toEqual([
      { transaction: 'members:receive', input: { id: 'm-3' }, role: 'board' },
    ]);
    member = { status: 'ending', resignation: { effectiveAt: '2026-12-31', received: {} } };
    await tell('member.resigned', {}, 'm-3');
    expect(submitted('members:receive')).toHaveLength(1);
  });

  it('is found by the sweep', async () => {
    ledger.answer = (transaction) =>
      transaction === 'members:get'
        ? { status: 'ending', resignation: {} }
        : { items: [{ kind: 'receipt-due', memberId: 'm-4' }] };
    await vi.advanceTimersByTimeAsync(61_000);
    expect(submitted('members:receive')[0]).toMatchObject({ input: { id: 'm-4' } });
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
        ? { items: [], bookmark: 'next', status: 'ending' }
        : { items: [{ kind: 'ending-due', memberId: 'm-9' }] };
    await vi.advanceTimersByTimeAsync(64_000);
    expect(ledger.submitted).toMatchObject([{ input: { id: 'm-9' } }]);
  });

  it('rests the longer the more there is to read', async () => {
    const evaluate = ledger.evaluate.bind(ledger);
    const sweeps = vi.spyOn(ledger, 'evaluate').mockImplementation(async (...call) => {
      await new Promise((resolve) => setTimeout(resolve, 650));
      return evaluate(...call);
    });
    const looked = () => sweeps.mock.calls.length;
    await vi.advanceTimersByTimeAsync(62_000);
    const first = looked();
    expect(first).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(138_000);
    expect(looked()).toBe(first);
    await vi.advanceTimersByTimeAsync(64_000);
    expect(looked()).toBeGreaterThan(first);
  });
});
