import { describe, expect, it } from 'vitest';
import type { Bylaws } from '../bylaws';
import { Cooperative, DOCUMENT, admission, amendment, bylaws, exclusion } from '../../testing/cooperative';

const MINUTES = { ...DOCUMENT, name: 'Minutes.pdf' };

/** The shipped bylaws with another period of resignation, to tell the versions apart. */
const amended = (resignationPeriod: string, change: Partial<Bylaws> = {}): Bylaws =>
  bylaws(['alpha', 'bravo'], { resignationPeriod, ...change });

describe('the chair’s finding', () => {
  it('is recorded by a board-holding organization beside the resolution', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted();
    const finding = { id, date: '2026-03-02', minutes: MINUTES };
    const found = await cooperative.board('bravo').call('resolutions:finding', finding);
    expect(found.finding).toMatchObject({ date: '2026-03-02', minutes: MINUTES });
    expect((await cooperative.board('alpha').refused('resolutions:finding', finding)).code).toBe('unchanged');
    const other = { ...finding, minutes: { ...MINUTES, sha256: 'cd'.repeat(32) } };
    expect(await cooperative.board('alpha').refused('resolutions:finding', other)).toEqual({
      code: 'id-conflict',
      data: { resource: 'finding' },
    });
  });

  it('is refused before the decision, out of range, and to others', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const finding = { id, date: '2026-03-02', minutes: MINUTES };
    expect(await cooperative.board('alpha').refused('resolutions:finding', finding)).toEqual({
      code: 'wrong-status',
      data: { resource: 'resolution', status: 'open', allowed: ['adopted', 'rejected', 'lapsed'] },
    });
    await cooperative.vote(id, { alpha: 'no', bravo: 'no' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    cooperative.world.pass({ days: 30 });
    expect((await cooperative.board('charlie').refused('resolutions:finding', finding)).code).toBe(
      'organization-not-allowed',
    );
    for (const date of ['2026-03-01', '2026-04-02'])
      expect(await cooperative.board('alpha').refused('resolutions:finding', { ...finding, date })).toEqual({
        code: 'date-out-of-range',
        data: { from: '2026-03-02', until: '2026-04-01' },
      });
  });
});

describe('an amendment of the bylaws', () => {
  it('is decided at once and takes effect on registration', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    const decided = await cooperative.auditor('alpha').call('resolutions:get', { id });
    expect(decided.effectResults).toEqual([
      { index: 0, kind: 'amend-bylaws', decidedAt: '2026-03-02T09:00:00.000Z', effective: 'on-registration' },
    ]);
    expect((await cooperative.auditor('alpha').call('bylaws:get', {})).id).toBe('foundation');

    cooperative.world.pass({ days: 10 });
    const registered = await cooperative
      .board('bravo')
      .call('resolutions:register', { id, date: '2026-03-05' });
    expect(registered).toMatchObject({
      registration: { date: '2026-03-05' },
      effectResults: [{ effectiveAt: '2026-03-05', executed: { at: cooperative.world.instant } }],
    });
    expect(await cooperative.auditor('alpha').call('bylaws:get', {})).toMatchObject({
      id,
      status: 'in-force',
      base: 'foundation',
      effectiveFrom: '2026-03-05',
      bylaws: { resignationPeriod: 'P1Y' },
    });
    expect(await cooperative.auditor('alpha').call('bylaws:get', { version: 'foundation' })).toMatchObject({
      status: 'superseded',
      supersededAt: cooperative.world.instant,
    });
  });

  it('is answered by effective date', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    cooperative.world.pass({ days: 10 });
    await cooperative.board('bravo').call('resolutions:register', { id, date: '2026-03-05' });
    const at = async (date: string) =>
      (await cooperative.auditor('alpha').call('bylaws:get', { at: date })).id;
    expect([await at('2026-03-02'), await at('2026-03-04'), await at('2026-03-05')]).toEqual([
      'foundation',
      'foundation',
      id,
    ]);
    const auditor = cooperative.auditor('alpha');
    expect((await auditor.refused('bylaws:get', { at: '2026-03-01' })).code).toBe('not-found');
    expect((await auditor.refused('bylaws:get', { version: 'resolution-9' })).code).toBe('not-found');
  });

  it('flags a vote that was opened under other bylaws than those in force by effective date', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    cooperative.world.pass({ days: 10 });
    const between = await cooperative.opened();
    await cooperative.board('alpha').call('resolutions:register', { id, date: '2026-03-05' });
    const risks = async (which: string) =>
      (await cooperative.auditor('alpha').call('resolutions:get', { id: which })).risks.map(
        ({ code }) => code,
      );
    expect(await risks(between)).toContain('bylaws-differ-by-effective-date');
    expect(await risks(id)).not.toContain('bylaws-differ-by-effective-date');
  });

  it('registered after another on the same base fails, and the cooperative goes on', async () => {
    const cooperative = await Cooperative.founded();
    const first = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    const second = await cooperative.adopted(amendment('foundation', amended('P2Y')));
    await cooperative.board('alpha').call('resolutions:register', { id: second, date: '2026-03-02' });
    const failed = await cooperative
      .board('alpha')
      .call('resolutions:register', { id: first, date: '2026-03-02' });
    expect(failed).toMatchObject({
      status: 'adopted',
      registration: { date: '2026-03-02' },
      effectResults: [{ failed: 'base-not-in-force' }],
    });
    expect(failed.effectResults[0]).not.toHaveProperty('executed');
    expect((await cooperative.auditor('alpha').call('bylaws:get', {})).id).toBe(second);
    const third = await cooperative.adopted(amendment(second, amended('P3Y')));
    await cooperative.board('alpha').call('resolutions:register', { id: third, date: '2026-03-02' });
    expect((await cooperative.auditor('alpha').call('bylaws:get', {})).id).toBe(third);
  });

  it('whose base was replaced during its vote is adopted, its effect recorded as failed', async () => {
    const cooperative = await Cooperative.founded();
    const first = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    const id = await cooperative.opened(amendment('foundation', amended('P2Y')));
    await cooperative.board('alpha').call('resolutions:register', { id: first, date: '2026-03-02' });
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    const decided = await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(decided).toMatchObject({
      status: 'adopted',
      effectResults: [{ effective: 'on-registration', failed: 'base-not-in-force' }],
    });
    expect(cooperative.world.facts.at(-1)).toMatchObject({ type: 'effect.failed', id });
    expect(
      await cooperative.board('alpha').refused('resolutions:register', { id, date: '2026-03-02' }),
    ).toEqual({ code: 'effect-invalid', data: { index: 0, reason: 'base-not-in-force' } });
  });

  it('takes effect although a member that it names for the board has left meanwhile: nothing is bricked', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', bylaws(['charlie', 'delta'])));
    for (const memberId of ['charlie', 'delta']) {
      const excluding = await cooperative.adopted(exclusion(memberId));
      await cooperative.board('alpha').call('resolutions:dispatch', { id: excluding, date: '2026-03-02' });
    }
    await cooperative.board('alpha').call('resolutions:register', { id, date: '2026-03-02' });
    // None of the board-holding members can act: any other acts for them.
    const next = await cooperative.proposed();
    expect((await cooperative.board('bravo').call('resolutions:open', { id: next })).status).toBe('open');
  });

  it('is registered once, with its date between decision and today', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    const board = cooperative.board('alpha');
    expect((await board.refused('resolutions:register', { id, date: '2026-03-03' })).code).toBe(
      'date-out-of-range',
    );
    await board.call('resolutions:register', { id, date: '2026-03-02' });
    expect((await board.refused('resolutions:register', { id, date: '2026-03-02' })).code).toBe('unchanged');
    expect((await board.refused('resolutions:register', { id, date: '2026-03-01' })).code).toBe(
      'id-conflict',
    );
    const other = await cooperative.adopted();
    expect(await board.refused('resolutions:register', { id: other, date: '2026-03-02' })).toEqual({
      code: 'effect-invalid',
      data: { index: 0, reason: 'no-amendment' },
    });
  });

  it('may be registered by any member’s board when the board-holding ones leave it undone', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', amended('P1Y')));
    const register = { id, date: '2026-03-02' };
    expect(await cooperative.board('delta').refused('resolutions:register', register)).toEqual({
      code: 'reserved-for-board-holding',
      data: { act: 'register', from: '2026-03-16T09:00:00.000Z' },
    });
    cooperative.world.pass({ days: 14 });
    await cooperative.board('delta').call('resolutions:register', register);
  });
});

describe('an exclusion', () => {
  it('runs to the end of the financial year of the decision and leaves the member what it had until dispatch', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(exclusion('delta'));
    const decided = await cooperative.auditor('alpha').call('resolutions:get', { id });
    expect(decided).toMatchObject({
      effectResults: [{ kind: 'exclude', effective: 'financial-year-end', effectiveAt: '2026-12-31' }],
      risks: [{ code: 'circular-form-not-statutory' }, { code: 'recusal-disputed' }],
    });
    expect(await cooperative.status('delta')).toBe('ending');
    const { opening } = await cooperative
      .auditor('alpha')
      .call('resolutions:get', { id: await cooperative.opened() });
    expect(opening?.roll.map(({ memberId }) => memberId)).toContain('delta');
  });

  it('is dispatched once, with its date between decision and today', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(exclusion('delta'));
    const board = cooperative.board('alpha');
    const dispatch = { id, date: '2026-03-02', proof: { ...DOCUMENT } };
    expect((await board.refused('resolutions:dispatch', { ...dispatch, date: '2026-03-01' })).code).toBe(
      'date-out-of-range',
    );
    const dispatched = await board.call('resolutions:dispatch', dispatch);
    expect(dispatched.dispatch).toMatchObject({ date: '2026-03-02', proof: DOCUMENT });
    expect((await board.refused('resolutions:dispatch', dispatch)).code).toBe('unchanged');
    const delta = await cooperative.auditor('alpha').call('members:get', { id: 'delta' });
    expect(delta.exclusion?.dispatched).toMatchObject({ at: cooperative.world.instant });
    const other = await cooperative.adopted();
    expect(await board.refused('resolutions:dispatch', { id: other, date: '2026-03-02' })).toEqual({
      code: 'effect-invalid',
      data: { index: 0, reason: 'no-exclusion' },
    });
  });

  it('of a member that has left during the vote is adopted, its effect recorded as failed', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.resigned('delta');
    cooperative.world.now = Date.parse('2026-12-30T12:00:00.000Z');
    const id = await cooperative.opened(exclusion('delta'));
    cooperative.world.now = Date.parse('2027-01-01T12:00:00.000Z');
    await cooperative.board('alpha').call('members:completeEnding', { id: 'delta' });
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    expect(await cooperative.board('alpha').call('resolutions:decide', { id })).toMatchObject({
      status: 'adopted',
      effectResults: [{ kind: 'exclude', failed: 'member-is-former' }],
    });
  });

  it('cannot be decided twice', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.adopted(exclusion('delta'));
    expect(
      await cooperative
        .board('alpha')
        .refused('resolutions:propose', cooperative.proposal(exclusion('delta'))),
    ).toEqual({ code: 'effect-invalid', data: { index: 0, reason: 'already-excluded' } });
  });
});

describe('where one could block the rest', () => {
  it('an admitted member that never joins is excluded, and admissions go on without it', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    await cooperative.applied('south');
    const blocked = await cooperative.opened({ ...admission('south'), votingPeriod: 'PT1H' });
    await cooperative.vote(blocked, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    expect((await cooperative.board('alpha').refused('resolutions:decide', { id: blocked })).code).toBe(
      'not-decidable',
    );
    cooperative.world.pass({ seconds: 7200 });
    await cooperative.board('alpha').call('resolutions:decide', { id: blocked });
    expect(await cooperative.status('south')).toBe('rejected');

    const excluding = await cooperative.adopted(exclusion('north'));
    await cooperative.board('alpha').call('resolutions:dispatch', { id: excluding, date: '2026-03-02' });
    await cooperative.admitted('south');
    expect(await cooperative.status('south')).toBe('admitted');
  });

  it('board-holding organizations that do nothing are replaced in time', async () => {
    const cooperative = await Cooperative.founded();
    const proposal = cooperative.proposal(exclusion('alpha'));
    await cooperative.board('charlie').call('resolutions:propose', proposal);
    const { id } = proposal;
    await cooperative.received(id);
    cooperative.world.pass({ days: 14 });
    await cooperative.board('delta').call('resolutions:open', { id });
    await cooperative.vote(id, { bravo: 'yes', charlie: 'yes', delta: 'yes' });
    await cooperative.board('charlie').call('resolutions:decide', { id });
    cooperative.world.pass({ days: 14 });
    const dispatched = await cooperative
      .board('delta')
      .call('resolutions:dispatch', { id, date: '2026-03-17' });
    expect(dispatched.dispatch).toBeDefined();
  });

  it('board-holding organizations that have all left are replaced at once', async () => {
    const cooperative = await Cooperative.founded(5);
    for (const memberId of ['alpha', 'bravo']) await cooperative.resigned(memberId);
    cooperative.world.now = Date.parse('2027-01-01T12:00:00.000Z');
    const proposal = cooperative.proposal();
    await cooperative.board('echo').call('resolutions:propose', proposal);
    const { id } = proposal;
    await cooperative.board('delta').call('resolutions:open', { id });
    await cooperative.vote(id, { charlie: 'yes', delta: 'yes' });
    await cooperative.board('echo').call('resolutions:decide', { id });
    const finding = { id, date: '2027-01-01', minutes: MINUTES };
    expect((await cooperative.board('charlie').call('resolutions:finding', finding)).finding).toBeDefined();
  });

  it('an opponent that proposes an admission first does not keep others from proposing it', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    // As strict as can be, and never opened by its proposer.
    await cooperative
      .board('delta')
      .call('resolutions:propose', cooperative.proposal({ ...admission('north'), quorumPercent: 100 }));
    const id = await cooperative.adopted(admission('north'));
    expect(await cooperative.auditor('alpha').call('members:get', { id: 'north' })).toMatchObject({
      status: 'admitted',
      admission: { resolutionId: id },
    });
  });

  it('a departed member’s application can still be put to the vote by others', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    await cooperative.resigned('alpha');
    cooperative.world.now = Date.parse('2027-01-01T12:00:00.000Z');
    const proposal = cooperative.proposal(admission('north'));
    await cooperative.board('charlie').call('resolutions:propose', proposal);
    await cooperative.board('bravo').call('resolutions:open', { id: proposal.id });
    await cooperative.vote(proposal.id, { bravo: 'yes', charlie: 'yes', delta: 'yes' });
    const decided = await cooperative.board('delta').call('resolutions:decide', { id: proposal.id });
    expect(decided.status).toBe('adopted');
  });
});
