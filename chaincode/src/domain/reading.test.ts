import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputOf } from '../api/transactions';
import {
  Cooperative,
  admission,
  amendment,
  application,
  bylaws,
  exclusion,
  mspIdOf,
} from '../testing/cooperative';
import type { MemberRecord } from './member';
import { memberStatusAt } from './members/status';

/** Reads a list to its end in pages of this size, each of which must be full but the last. */
async function pages(
  cooperative: Cooperative,
  filter: InputOf<'members:list'>,
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  let bookmark: string | undefined;
  do {
    const page = await cooperative
      .auditor('alpha')
      .call('members:list', { ...filter, limit, ...(bookmark !== undefined && { bookmark }) });
    if (page.bookmark !== undefined) expect(page.items).toHaveLength(limit);
    else if (ids.length > 0) expect(page.items.length).toBeGreaterThan(0);
    ids.push(...page.items.map(({ id }) => id));
    bookmark = page.bookmark;
  } while (bookmark !== undefined);
  return ids;
}

/** Four founders, four applicants, one of each other status. */
async function register(): Promise<Cooperative> {
  const cooperative = await Cooperative.founded(5);
  await cooperative.joined('north');
  for (const [id, levels] of [
    ['south', ['municipal']],
    ['east', ['state', 'municipal']],
    ['west', ['federal']],
  ] as const)
    await cooperative.board('alpha').call('members:apply', application(id, { levels: [...levels] }));
  await cooperative.board('alpha').call('members:withdraw', { id: 'west' });
  const rejecting = await cooperative.opened(admission('east'));
  await cooperative.vote(rejecting, { alpha: 'no' });
  await cooperative.board('alpha').call('resolutions:decide', { id: rejecting });
  await cooperative.resigned('delta');
  return cooperative;
}

describe('the register', () => {
  it('is filtered by status and level in pages that are always full', async () => {
    const cooperative = await register();
    const by = (filter: InputOf<'members:list'>) => pages(cooperative, filter, 2);
    expect(await by({})).toEqual(
      ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'north', 'south', 'east', 'west'].sort(),
    );
    expect(await by({ status: 'admitted' })).toEqual(['alpha', 'bravo', 'charlie', 'echo', 'north']);
    expect(await by({ status: 'ending' })).toEqual(['delta']);
    expect(await by({ status: 'applied' })).toEqual(['south']);
    expect(await by({ status: 'rejected' })).toEqual(['east']);
    expect(await by({ status: 'withdrawn' })).toEqual(['west']);
    expect(await by({ status: 'former' })).toEqual([]);
    expect(await by({ level: 'municipal' })).toEqual(['east', 'south']);
    expect(await by({ level: 'municipal', status: 'applied' })).toEqual(['south']);
  });

  it('is paged the same whatever the size of the pages', async () => {
    const cooperative = await register();
    const whole = await pages(cooperative, { level: 'state' }, 200);
    for (const limit of [1, 2, 3, 6])
      expect(await pages(cooperative, { level: 'state' }, limit)).toEqual(whole);
  });

  it('answers who were the members on a day, and who had a status', async () => {
    const cooperative = await register();
    cooperative.world.now = Date.parse('2027-03-01T12:00:00.000Z');
    await cooperative.board('alpha').call('members:completeEnding', { id: 'delta' });
    const on = (at: string, filter: InputOf<'members:list'> = {}) => pages(cooperative, { at, ...filter }, 2);
    expect(await on('2026-03-01')).toEqual([]);
    expect(await on('2026-03-02')).toEqual(['alpha', 'bravo', 'charlie', 'delta', 'echo', 'north']);
    expect(await on('2026-12-31')).toContain('delta');
    expect(await on('2027-01-01')).not.toContain('delta');
    expect(await on('2026-12-31', { status: 'ending' })).toEqual(['delta']);
    expect(await on('2027-01-01', { status: 'former' })).toEqual(['delta']);
    expect(await on('2026-06-01', { status: 'applied' })).toEqual(['south']);
    expect(await on('2026-06-01', { status: 'withdrawn' })).toEqual(['west']);
    expect(await on('2026-06-01', { level: 'federal' })).toEqual([]);
  });

  it('refuses a bookmark that no such list answered', async () => {
    const cooperative = await register();
    const auditor = cooperative.auditor('alpha');
    const { bookmark } = await auditor.call('members:list', { limit: 1 });
    const elsewhere = Buffer.from('\u0000member\u0000alpha\u0000').toString('base64url');
    for (const forged of ['x', elsewhere, `${bookmark ?? ''}A`])
      for (const filter of [{}, { at: '2026-06-01' }])
        expect(await auditor.refused('members:list', { ...filter, bookmark: forged })).toEqual({
          code: 'invalid-input',
          data: {
            issues: [{ path: 'bookmark', message: 'must be a bookmark as this list answered it' }],
            more: 0,
          },
        });
    expect(
      (
        await auditor.refused('members:list', {
          status: 'applied',
          ...(bookmark !== undefined && { bookmark }),
        })
      ).code,
    ).toBe('invalid-input');
    expect((await auditor.refused('members:history', { id: 'north', bookmark: 'LTE' })).code).toBe(
      'invalid-input',
    );
  });

  it('keeps the history of a member, oldest first, in pages', async () => {
    const cooperative = await register();
    const auditor = cooperative.auditor('alpha');
    const all = await auditor.call('members:history', { id: 'north' });
    const status = ({ value }: { value: unknown }) => {
      const record = value as MemberRecord;
      return record.joined ? 'joined' : record.admission ? 'admitted' : 'applied';
    };
    expect(all.items.map(status)).toEqual(['applied', 'admitted', 'joined']);
    const first = await auditor.call('members:history', { id: 'north', limit: 2 });
    const second = await auditor.call('members:history', { id: 'north', limit: 2, bookmark: first.bookmark });
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second).not.toHaveProperty('bookmark');
  });
});

describe('resolutions', () => {
  it('are filtered by status and matter, in the order of their proposals', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const made: string[] = [];
    for (const make of [
      () => cooperative.adopted(),
      () => cooperative.opened({ matter: 'election' }),
      () => cooperative.proposed(),
      () => cooperative.opened(),
    ]) {
      made.push(await make());
      world.pass({ seconds: 1 });
    }
    const by = async (filter: InputOf<'resolutions:list'>) =>
      (await cooperative.auditor('delta').call('resolutions:list', filter)).items.map(({ id }) => id);
    expect(await by({})).toEqual(made);
    expect(await by({ status: 'open' })).toEqual([made[1], made[3]]);
    expect(await by({ status: 'open', matter: 'election' })).toEqual([made[1]]);
    expect(await by({ matter: 'ordinary' })).toEqual([made[0], made[2], made[3]]);
    expect(await by({ status: 'lapsed' })).toEqual([]);
  });

  it('keep everything that was recorded of them', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(amendment('foundation', bylaws(['alpha', 'charlie'])));
    await cooperative.board('alpha').call('resolutions:register', { id, date: '2026-03-02' });
    const { items } = await cooperative.auditor('alpha').call('resolutions:history', { id, limit: 200 });
    expect(items.map(({ part }) => part).sort()).toEqual(
      [
        ...['resolution', 'resolution', 'resolution'],
        ...['ballot', 'ballot', 'ballot', 'ballot'],
        ...['effect', 'effect'],
        'opening-receipt',
        'registration',
      ].sort(),
    );
  });

  it('answer a ballot only of a member on the roll', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const auditor = cooperative.auditor('alpha');
    expect(await auditor.call('resolutions:ballot', { id, memberId: 'bravo' })).toEqual({
      id: 'bravo',
      memberId: 'bravo',
      status: 'not-cast',
    });
    expect(await auditor.refused('resolutions:ballot', { id, memberId: 'nobody' })).toEqual({
      code: 'not-found',
      data: { resource: 'ballot' },
    });
    const proposed = await cooperative.proposed();
    expect(await auditor.call('resolutions:ballots', { id: proposed })).toEqual({ items: [] });
  });
});

describe('open points', () => {
  const points = async (cooperative: Cooperative) =>
    (await cooperative.auditor('alpha').call('members:openPoints', {})).items;

  it('are none where nothing waits', async () => {
    expect(await points(await Cooperative.founded())).toEqual([]);
  });

  it('name what waits and what disagrees, until it is settled', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const ids = async () => (await points(cooperative)).map(({ id }) => id);
    await cooperative.admitted('north');
    expect(await points(cooperative)).toMatchObject([
      { id: 'member-not-on-network.north', status: 'open', memberId: 'north', mspId: mspIdOf('north') },
    ]);
    world.organizations.set(mspIdOf('north'), true);
    await cooperative.board('alpha').call('members:confirmJoined', { id: 'north' });
    world.organizations.set('stranger-msp', false);
    expect(await ids()).toEqual(['organization-not-covered.stranger-msp']);
    world.organizations.delete('stranger-msp');

    const proposed = await cooperative.proposed();
    expect(await ids()).toEqual([`receipt-due.${proposed}`, `opening-due.${proposed}`]);
    await cooperative.received(proposed);
    expect(await ids()).toEqual([`opening-due.${proposed}`]);
    await cooperative.board('alpha').call('resolutions:open', { id: proposed });
    expect(await ids()).toEqual([`receipt-due.${proposed}`]);
    await cooperative.received(proposed);
    expect(await ids()).toEqual([]);
    await cooperative.vote(proposed, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    expect(await ids()).toEqual([`resolution-due.${proposed}`]);
    await cooperative.board('alpha').call('resolutions:decide', { id: proposed });

    const amending = await cooperative.adopted(amendment('foundation', bylaws(['alpha', 'charlie'])));
    const excluding = await cooperative.adopted(exclusion('delta'));
    expect(await ids()).toEqual([`registration-due.${amending}`, `dispatch-due.${excluding}`]);
    await cooperative.board('alpha').call('resolutions:register', { id: amending, date: '2026-03-02' });
    await cooperative.board('alpha').call('resolutions:dispatch', { id: excluding, date: '2026-03-02' });
    expect(await ids()).toEqual([]);

    world.now = Date.parse('2027-01-01T12:00:00.000Z');
    expect(await ids()).toEqual(['ending-due.delta']);
    await cooperative.board('bravo').call('members:completeEnding', { id: 'delta' });
    expect(await points(cooperative)).toMatchObject([
      {
        id: `organization-not-covered.${mspIdOf('delta')}`,
        memberId: 'delta',
        detail: 'The organization is on the network although its membership has ended.',
      },
    ]);
  });
});

describe('a status on a day', () => {
  const ZONE = 'Europe/Berlin';
  const fact = (at: string) => ({ at, mspId: 'msp', role: 'board' as const, transactionId: '0'.repeat(64) });
  const day = fc
    .date({
      min: new Date('2026-01-01T12:00:00Z'),
      max: new Date('2028-12-31T12:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString());

  it('moves along applied, admitted, ending, former and never back', () => {
    const ORDER = [undefined, 'applied', 'admitted', 'ending', 'former'];
    fc.assert(
      fc.property(
        fc.tuple(day, day, day).map((days) => days.sort()),
        fc.array(day),
        (days, asked) => {
          const [applied, admitted, resigned] = days;
          const record = {
            ...application('north'),
            application: {
              filedBy: 'alpha',
              declaration: application('north').declaration,
              contentSha256: '0'.repeat(64),
              recorded: fact(applied),
            },
            admission: {
              resolutionId: 'one',
              decidedAt: admitted,
              effectiveAt: admitted,
              recorded: fact(admitted),
            },
            resignation: { effectiveAt: '2028-12-31', recorded: fact(resigned) },
          };
          const statuses = asked
            .map((instant) => instant.slice(0, 10))
            .sort()
            .map((date) => ORDER.indexOf(memberStatusAt(record, date, ZONE)));
          expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('is the earlier application’s on a day before the current one', () => {
    const filed = (at: string) => ({
      filedBy: 'alpha',
      declaration: application('north').declaration,
      contentSha256: '0'.repeat(64),
      recorded: fact(at),
    });
    const record: MemberRecord = {
      ...application('north'),
      application: filed('2026-05-01T10:00:00.000Z'),
      earlierApplications: [
        { application: filed('2026-03-01T10:00:00.000Z'), withdrawal: fact('2026-04-01T10:00:00.000Z') },
      ],
    };
    const at = (date: string) => memberStatusAt(record, date, ZONE);
    expect([at('2026-02-01'), at('2026-03-01'), at('2026-04-02'), at('2026-05-01')]).toEqual([
      undefined,
      'applied',
      'withdrawn',
      'applied',
    ]);
  });
});
