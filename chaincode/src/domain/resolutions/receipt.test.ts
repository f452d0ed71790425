import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cooperative, bylaws } from '../../testing/cooperative';
import { MVCC_READ_CONFLICT, VALID } from '../../testing/fake-ledger';
import { SHORTEST_VOTING_IN_SKEWS } from '../bylaws';
import type { Opening } from '../resolution';
import { addDuration, instant, milliseconds } from '../time';
import { deadlineFrom } from './receipt';

const HOUR = 3600;
const VIRTUAL = { form: 'virtual', procedureBasis: undefined } as const;

/** Opened by alpha, whose envelope reaches the others only so many seconds later. */
async function heldOpening(cooperative: Cooperative, seconds: number): Promise<string> {
  const id = await cooperative.proposed({ votingPeriod: 'PT1H' });
  const opening = await cooperative.board('alpha').endorse('resolutions:open', { id });
  cooperative.world.pass({ seconds });
  expect(cooperative.world.commit(opening)).toBe(VALID);
  return id;
}

describe('the receipt of an opening', () => {
  it('changes nothing where it comes within the clocks’ tolerance', async () => {
    const cooperative = await Cooperative.founded();
    const id = await heldOpening(cooperative, 60);
    await cooperative.received(id);
    expect(await cooperative.auditor('alpha').call('resolutions:get', { id })).toMatchObject({
      opening: { deadline: '2026-03-02T10:00:00.000Z' },
      deadline: '2026-03-02T10:00:00.000Z',
      receivedAt: '2026-03-02T09:01:00.000Z',
      openingReceipt: { deadline: '2026-03-02T10:00:00.000Z', recorded: { mspId: 'bravo-msp' } },
    });
  });

  it('gives the members their whole period where it comes later', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const id = await heldOpening(cooperative, HOUR - 1);
    await cooperative.received(id);
    const received = await cooperative.auditor('alpha').call('resolutions:get', { id });
    expect(received).toMatchObject({
      opening: { deadline: '2026-03-02T10:00:00.000Z' },
      deadline: '2026-03-02T10:59:59.000Z',
      receivedAt: '2026-03-02T09:59:59.000Z',
    });
    expect(received.risks.map(({ code }) => code)).toContain('received-late');

    await cooperative.vote(id, { alpha: 'yes' });
    world.pass({ seconds: HOUR });
    await cooperative.vote(id, { bravo: 'no' });
    world.pass({ seconds: 1 });
    expect(
      await cooperative.representative('delta').refused('resolutions:vote', { id, choice: 'no' }),
    ).toEqual({ code: 'voting-closed', data: { deadline: '2026-03-02T10:59:59.000Z' } });
    world.now = Date.parse('2026-03-02T11:00:58.999Z');
    expect(await cooperative.board('alpha').refused('resolutions:decide', { id })).toEqual({
      code: 'not-decidable',
      data: { from: '2026-03-02T11:00:59.000Z' },
    });
    world.now += 1;
    expect((await cooperative.board('alpha').call('resolutions:decide', { id })).status).toBe('rejected');
  });

  it('is what a decision at the deadline and a vote after it need; a settled outcome does not', async () => {
    const cooperative = await Cooperative.founded();
    const id = await heldOpening(cooperative, HOUR - 1);
    const board = cooperative.board('alpha');
    await cooperative.vote(id, { alpha: 'yes' });
    expect((await board.refused('resolutions:decide', { id })).code).toBe('not-decidable');
    cooperative.world.pass({ seconds: 61 });
    const refusal = { code: 'not-received', data: { phase: 'opening' } };
    expect(await board.refused('resolutions:decide', { id })).toEqual(refusal);
    expect((await board.call('resolutions:get', { id })).decidable).toBe(false);
    expect(
      await cooperative.representative('bravo').refused('resolutions:vote', { id, choice: 'no' }),
    ).toEqual(refusal);

    const settled = await cooperative.proposed({ votingPeriod: 'PT1H' });
    await board.call('resolutions:open', { id: settled });
    await cooperative.vote(settled, { alpha: 'no', bravo: 'no' });
    expect((await board.call('resolutions:decide', { id: settled })).status).toBe('rejected');
  });

  it('comes once: the first counts, and the same again is harmless', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    await cooperative.board('alpha').call('resolutions:open', { id });
    const [first, held] = await Promise.all(
      ['charlie', 'delta'].map((memberId) =>
        cooperative.representative(memberId).endorse('resolutions:receive', { id }),
      ),
    );
    expect(cooperative.world.commit(first!)).toBe(VALID);
    expect(cooperative.world.commit(held!)).toBe(MVCC_READ_CONFLICT);
    expect(await cooperative.board('delta').refused('resolutions:receive', { id })).toEqual({
      code: 'unchanged',
      data: { resource: 'opening-receipt' },
    });
  });

  it('can be endorsed only once the opening is on the ledger', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    const opening = await cooperative.board('alpha').endorse('resolutions:open', { id });
    // Before, it is the proposal's; held back, it is invalid beside the opening.
    const before = await cooperative.board('alpha').endorse('resolutions:receive', { id });
    expect(before.result.phase).toBe('proposal');
    expect(cooperative.world.commit(opening)).toBe(VALID);
    expect(cooperative.world.commit(before)).toBe(MVCC_READ_CONFLICT);
  });

  it('is dated by the skew that was pinned, whatever bylaws allow since', async () => {
    const cooperative = await Cooperative.founded(4, { skew: 'PT3S' });
    const id = await cooperative.proposed({ votingPeriod: 'PT1H' });
    await cooperative.board('alpha').call('resolutions:open', { id });
    const back = { at: cooperative.world.now - 4_000 };
    expect(await cooperative.board('alpha').refused('resolutions:receive', { id }, back)).toMatchObject({
      code: 'timestamp-off',
    });
  });

  it('is refused once the resolution is decided or taken back, and where there is none', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    const decided = await cooperative.adopted();
    const withdrawn = await cooperative.proposed();
    await board.call('resolutions:withdraw', { id: withdrawn });
    for (const [id, status] of [
      [decided, 'adopted'],
      [withdrawn, 'withdrawn'],
    ] as const)
      expect(await board.refused('resolutions:receive', { id })).toMatchObject({
        code: 'wrong-status',
        data: { status, allowed: ['proposed', 'open'] },
      });
    expect((await board.refused('resolutions:receive', { id: 'nothing' })).code).toBe('not-found');
  });
});

describe('the receipt of a proposal', () => {
  it('is what the notice runs from', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const proposal = cooperative.proposal(VIRTUAL);
    const { id } = proposal;
    const held = await cooperative.board('charlie').endorse('resolutions:propose', proposal);
    world.pass({ days: 15 });
    world.commit(held);
    const board = cooperative.board('alpha');
    expect(await board.refused('resolutions:open', { id })).toEqual({
      code: 'not-received',
      data: { phase: 'proposal' },
    });
    await cooperative.received(id);
    expect(await board.refused('resolutions:open', { id })).toEqual({
      code: 'notice-running',
      data: { from: '2026-03-31T22:00:00.000Z' },
    });
    world.now = Date.parse('2026-03-31T22:00:00.000Z');
    const opened = await board.call('resolutions:open', { id });
    expect(opened).toMatchObject({
      status: 'open',
      proposalReceipt: { opensFrom: '2026-03-31T22:00:00.000Z' },
    });
    expect(opened.receivedAt).toBeUndefined();
    expect(opened.risks.map(({ code }) => code)).toContain('received-late');
  });

  it('is not needed where there is no notice', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    expect((await cooperative.board('alpha').call('resolutions:open', { id })).status).toBe('open');
  });

  it('keeps what was announced when a notice is shortened since', async () => {
    const notice = { ...bylaws([]).forms.circular!, noticePeriod: 'P7D' };
    const cooperative = await Cooperative.founded(4, {
      forms: { ...bylaws([]).forms, circular: notice },
    });
    const { world } = cooperative;
    const id = await cooperative.proposed();
    await cooperative.received(id);
    const shorter = { ...cooperative.bylaws, forms: bylaws([]).forms };
    const proposal = cooperative.proposal({
      matter: 'bylaws-amendment',
      effects: [{ kind: 'amend-bylaws', base: 'foundation', bylaws: shorter }],
    });
    await cooperative.board('alpha').call('resolutions:propose', proposal);
    await cooperative.received(proposal.id);
    world.pass({ days: 1 });
    expect(await cooperative.board('alpha').refused('resolutions:open', { id })).toEqual({
      code: 'notice-running',
      data: { from: '2026-03-09T23:00:00.000Z' },
    });
    expect(
      (await cooperative.board('alpha').call('resolutions:get', { id })).proposalReceipt?.opensFrom,
    ).toBe('2026-03-09T23:00:00.000Z');
  });

  it('is what the board-holding organizations’ time to act runs from, notice or not', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const proposal = cooperative.proposal();
    const { id } = proposal;
    const held = await cooperative.board('charlie').endorse('resolutions:propose', proposal);
    world.pass({ days: 20 });
    world.commit(held);
    const reserved = (from: string) => ({
      code: 'reserved-for-board-holding',
      data: { act: 'open', from },
    });
    expect(await cooperative.board('charlie').refused('resolutions:open', { id })).toEqual(
      reserved('2026-04-05T08:00:00.000Z'),
    );
    world.pass({ days: 1 });
    await cooperative.received(id);
    expect(await cooperative.board('charlie').refused('resolutions:open', { id })).toEqual(
      reserved('2026-04-06T08:00:00.000Z'),
    );
    world.pass({ days: 14 });
    expect((await cooperative.board('charlie').call('resolutions:open', { id })).status).toBe('open');
  });
});

describe('a decision', () => {
  it('needs no receipt: held back, it is invalid beside the one that the others make at once', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    const held = await cooperative.board('alpha').endorse('resolutions:decide', { id });
    await cooperative.representative('delta').call('resolutions:decide', { id });
    cooperative.world.pass({ days: 14 });
    expect(cooperative.world.commit(held)).toBe(MVCC_READ_CONFLICT);
  });
});

describe('the deadline in effect', () => {
  const ZONE = 'Europe/Berlin';
  const opening = (at: number, votingPeriod: string): Opening =>
    ({
      recorded: { at: instant(at) },
      skew: 'PT30S',
      deadline: addDuration(instant(at), votingPeriod, ZONE),
    }) as Opening;

  it('leaves every member its period, whenever the opening is dated and reaches the ledger', () => {
    const skewMs = 30_000;
    const offset = fc.integer({ min: -skewMs, max: skewMs });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 86_400_000 }),
        fc.integer({ min: 0, max: 40 * 86_400_000 }),
        offset,
        offset,
        fc.integer({ min: 1, max: 60 * 86_400 }).map((seconds) => `PT${seconds}S`),
        (endorsed, held, openedOff, receivedOff, votingPeriod) => {
          const start = Date.parse('2026-01-01T00:00:00.000Z') + endorsed;
          const committed = start + held;
          const pinned = opening(start + openedOff, votingPeriod);
          const deadline = deadlineFrom(instant(committed + receivedOff), pinned, votingPeriod, ZONE);
          // The decision's timestamp is at least two skews later, and may itself be ahead by one.
          const earliestDecision = milliseconds(deadline) + 2 * skewMs - skewMs;
          const period = milliseconds(addDuration(instant(0), votingPeriod, 'utc'));
          expect(earliestDecision - committed).toBeGreaterThanOrEqual(period - 2 * skewMs);
          expect(deadline >= pinned.deadline).toBe(true);
        },
      ),
    );
  });

  it('is never nearer to the receipt than 95 % of the period, nor than twice the skew less, whichever is more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -60, max: 60 * 86_400 }),
        fc.oneof(fc.integer({ min: 1, max: 3_600 }), fc.integer({ min: 1, max: 60 * 86_400 })),
        (after, seconds) => {
          const at = Date.parse('2026-01-01T00:00:00.000Z');
          const pinned = opening(at, `PT${seconds}S`);
          const receivedAt = at + after * 1000;
          const deadline = deadlineFrom(instant(receivedAt), pinned, `PT${seconds}S`, ZONE);
          const least = seconds * 1000 - Math.min(2 * 30_000, seconds * 50);
          expect(milliseconds(deadline) - receivedAt).toBeGreaterThanOrEqual(least);
        },
      ),
    );
  });

  it('lets no board-holding member adopt alone by holding back an opening with the shortest period', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed({ votingPeriod: 'PT90S' });
    const board = cooperative.board('alpha');
    const opening = await board.endorse('resolutions:open', { id });
    cooperative.world.pass({ seconds: 90 });
    const vote = { id, choice: 'yes' } as const;
    expect(cooperative.world.commit(opening)).toBe(VALID);
    await cooperative.representative('alpha').call('resolutions:vote', vote);
    await cooperative.received(id);
    cooperative.world.pass({ seconds: 85 });
    for (const memberId of ['bravo', 'charlie', 'delta'])
      await cooperative.representative(memberId).call('resolutions:vote', { id, choice: 'no' });
    expect((await board.call('resolutions:decide', { id })).status).toBe('rejected');
  });

  it('lets whoever votes by an honest clock vote for more than half of the shortest period', async () => {
    const SKEW_MS = 30_000;
    const PERIOD_MS = SHORTEST_VOTING_IN_SKEWS * SKEW_MS;
    const off = fc.integer({ min: -SKEW_MS, max: SKEW_MS });
    const held = fc.integer({ min: 0, max: 2 * PERIOD_MS });
    await fc.assert(
      fc.asyncProperty(held, off, off, async (heldMs, openedOff, receivedOff) => {
        const cooperative = await Cooperative.founded();
        const { world } = cooperative;
        const board = cooperative.board('alpha');
        const id = await cooperative.proposed({ votingPeriod: `PT${PERIOD_MS / 1000}S` });
        world.pass({ seconds: 60 });
        const opening = await board.endorse('resolutions:open', { id }, { at: world.now + openedOff });
        world.now += heldMs;
        expect(world.commit(opening)).toBe(VALID);
        await board.call('resolutions:receive', { id }, { at: world.now + receivedOff });
        world.now += PERIOD_MS / 2;
        await cooperative.vote(id, { bravo: 'no' });
      }),
      { numRuns: 50 },
    );
  });

  it('lets nobody decide before, however openings are dated, held back and received', async () => {
    const SKEW_MS = 30_000;
    const off = fc.integer({ min: -SKEW_MS, max: SKEW_MS });
    const seconds = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 3 * HOUR }));
    await fc.assert(
      fc.asyncProperty(seconds, seconds, off, off, async (held, delayed, openedOff, receivedOff) => {
        const cooperative = await Cooperative.founded();
        const { world } = cooperative;
        const board = cooperative.board('alpha');
        const id = await cooperative.proposed({ votingPeriod: 'PT1H' });
        world.pass({ seconds: 60 });
        const opening = await board.endorse('resolutions:open', { id }, { at: world.now + openedOff });
        world.pass({ seconds: held });
        world.commit(opening);
        const hadUntil = world.now + HOUR * 1000;
        await cooperative.vote(id, { alpha: 'yes' }).catch(() => undefined);
        world.pass({ seconds: delayed });
        await board.call('resolutions:receive', { id }, { at: world.now + receivedOff });

        const ahead = () => ({ at: world.now + SKEW_MS });
        world.now = Math.max(world.now, hadUntil - 2 * SKEW_MS - 1);
        if (world.now < hadUntil - 2 * SKEW_MS)
          expect((await board.refused('resolutions:decide', { id }, ahead())).code).toBe('not-decidable');
        world.now += (delayed + HOUR) * 1000 + 4 * SKEW_MS;
        expect((await board.call('resolutions:decide', { id }, ahead())).decision).toBeDefined();
      }),
      { numRuns: 25 },
    );
  });

  it('is never nearer than the pinned one, although months shrink', () => {
    const pinned = opening(Date.parse('2026-01-30T22:00:00.000Z'), 'P1M');
    expect(deadlineFrom('2026-01-31T01:00:00.000Z', pinned, 'P1M', ZONE)).toBe(pinned.deadline);
  });
});
