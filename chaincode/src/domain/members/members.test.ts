import { describe, expect, it } from 'vitest';
import type { Member } from '../member';
import { Cooperative, DOCUMENT, admission, application, exclusion, mspIdOf } from '../../testing/cooperative';

describe('an application', () => {
  it('is filed by the board of any admitted member and put on the register as applied', async () => {
    const cooperative = await Cooperative.founded();
    const filed = await cooperative.board('delta').call('members:apply', application('north'));
    expect(filed).toMatchObject({
      id: 'north',
      status: 'applied',
      application: { filedBy: 'delta', recorded: { mspId: mspIdOf('delta'), role: 'board' } },
    });
  });

  it('is harmless when repeated and a conflict with other content', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    expect(await cooperative.board('bravo').refused('members:apply', application('north'))).toEqual({
      code: 'unchanged',
      data: { resource: 'member' },
    });
    const other = application('north', { legalName: 'Another' });
    expect((await cooperative.board('alpha').refused('members:apply', other)).code).toBe('id-conflict');
  });

  it('cannot take the id or the MSP id of a member or of another live application', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    await cooperative.applied('north');
    expect((await board.refused('members:apply', application('alpha'))).code).toBe('id-conflict');
    for (const taken of ['alpha', 'north'])
      expect(await board.refused('members:apply', application('south', { mspId: mspIdOf(taken) }))).toEqual({
        code: 'msp-id-taken',
        data: {},
      });
  });

  it('holds its MSP id again when it comes back after another had taken it meanwhile', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    const shared = { mspId: mspIdOf('north') };
    await cooperative.applied('north');
    await board.call('members:withdraw', { id: 'north' });
    await board.call('members:apply', application('twin', shared));
    await board.call('members:withdraw', { id: 'twin' });
    await board.call('members:apply', application('north', { legalName: 'North again' }));
    expect((await board.refused('members:apply', application('third', shared))).code).toBe('msp-id-taken');
    expect((await board.refused('members:apply', application('twin', shared))).code).toBe('msp-id-taken');
  });

  it('is withdrawn by the board that filed it, once', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('members:apply', application('north'));
    const withdraw = { id: 'north' };
    expect((await cooperative.board('alpha').refused('members:withdraw', withdraw)).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('charlie').call('members:withdraw', withdraw)).status).toBe('withdrawn');
    expect((await cooperative.board('charlie').refused('members:withdraw', withdraw)).code).toBe('unchanged');
  });

  it('cannot be withdrawn while a resolution on it is open', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const resolutionId = await cooperative.opened(admission('north'));
    expect(await cooperative.board('alpha').refused('members:withdraw', { id: 'north' })).toEqual({
      code: 'target-claimed',
      data: { resolutionId },
    });
  });

  it('is withdrawn by a board-holding organization when the filer has left', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('delta').call('members:apply', application('north'));
    await leave(cooperative, 'delta');
    expect((await cooperative.board('charlie').refused('members:withdraw', { id: 'north' })).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('bravo').call('members:withdraw', { id: 'north' })).status).toBe(
      'withdrawn',
    );
  });

  it('may be made again after withdrawal, as a new one on the same record', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    await cooperative.board('alpha').call('members:withdraw', { id: 'north' });
    cooperative.world.pass({ days: 1 });
    const again = await cooperative
      .board('bravo')
      .call('members:apply', application('north', { legalName: 'North, reformed' }));
    expect(again).toMatchObject({ status: 'applied', application: { filedBy: 'bravo' } });
    expect(again.earlierApplications).toMatchObject([
      { application: { filedBy: 'alpha' }, withdrawal: { mspId: mspIdOf('alpha') } },
    ]);
  });

  it('frees its MSP id for another applicant once it is rejected', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const id = await cooperative.opened(admission('north'));
    await cooperative.vote(id, { delta: 'no' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(await cooperative.status('north')).toBe('rejected');
    const other = application('south', { mspId: mspIdOf('north') });
    expect((await cooperative.board('alpha').call('members:apply', other)).status).toBe('applied');
    expect(await cooperative.board('alpha').refused('members:apply', application('north'))).toMatchObject({
      code: 'msp-id-taken',
    });
    // The MSP id now speaks for the other applicant.
    expect(await cooperative.world.office(mspIdOf('north'), 'none').call('members:whoAmI', {})).toMatchObject(
      {
        memberId: 'south',
      },
    );
  });
});

describe('joining', () => {
  it('is confirmed only of an organization that is on the channel and has approved the chaincode', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    const confirm = () =>
      cooperative.representative('delta').refused('members:confirmJoined', { id: 'north' });
    expect(await confirm()).toEqual({ code: 'member-not-on-network', data: { mspId: mspIdOf('north') } });
    cooperative.world.organizations.set(mspIdOf('north'), false);
    expect((await confirm()).code).toBe('member-not-on-network');
    cooperative.world.organizations.set(mspIdOf('north'), true);
    await cooperative.representative('delta').call('members:confirmJoined', { id: 'north' });
    expect((await confirm()).code).toBe('unchanged');
  });

  it('is not confirmed of an applicant', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    cooperative.world.organizations.set(mspIdOf('north'), true);
    expect(await cooperative.board('alpha').refused('members:confirmJoined', { id: 'north' })).toEqual({
      code: 'wrong-status',
      data: { resource: 'member', status: 'applied', allowed: ['admitted', 'ending'] },
    });
  });
});

describe('a change of representation', () => {
  it('is the board’s of the member itself and keeps who represented it before', async () => {
    const cooperative = await Cooperative.founded();
    const change = { office: 'Chief Digital Officer', operator: 'State Computing Centre' };
    expect((await cooperative.board('bravo').refused('members:change', { id: 'alpha', change })).code).toBe(
      'organization-not-allowed',
    );
    const changed = await cooperative.board('alpha').call('members:change', { id: 'alpha', change });
    expect(changed).toMatchObject(change);
    expect(changed.representation.map(({ office }) => office)).toEqual([
      'Chief Information Officer',
      'Chief Digital Officer',
    ]);
  });

  it('stands in the member’s history as one line: a step for each transaction, each with the whole', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    await cooperative.board('alpha').call('members:withdraw', { id: 'north' });
    cooperative.world.pass({ seconds: 1 });
    const again = application('north', { office: 'Chief Digital Officer' });
    await cooperative.board('alpha').call('members:apply', again);
    cooperative.world.pass({ seconds: 1 });
    await cooperative.adopted(admission('north'));
    cooperative.world.organizations.set(mspIdOf('north'), true);
    cooperative.world.pass({ seconds: 1 });
    await cooperative.board('north').call('members:change', { id: 'north', change: { operator: 'IT' } });
    const { items } = await cooperative.board('alpha').call('members:history', { id: 'north' });
    const shown = items.map(({ part, value }) => {
      const { office, operator, representation, admission } = value as Member;
      return [part, office, operator, representation.length, admission !== undefined];
    });
    expect(shown).toEqual([
      ['member', 'Chief Information Officer', undefined, 1, false],
      ['member', 'Chief Information Officer', undefined, 1, false],
      ['member', 'Chief Digital Officer', undefined, 2, false],
      ['member', 'Chief Digital Officer', undefined, 2, true],
      ['member', 'Chief Digital Officer', 'IT', 3, true],
    ]);
    expect(await cooperative.board('alpha').call('members:get', { id: 'north' })).toMatchObject({
      office: 'Chief Digital Officer',
      operator: 'IT',
    });
  });

  it('removes an operator, and is harmless when it changes nothing', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    await board.call('members:change', { id: 'alpha', change: { operator: 'State Computing Centre' } });
    const removed = await board.call('members:change', { id: 'alpha', change: { operator: null } });
    expect(removed).not.toHaveProperty('operator');
    const same = { id: 'alpha', change: { office: 'Chief Information Officer' } };
    expect((await board.refused('members:change', same)).code).toBe('unchanged');
  });
});

describe('resignation', () => {
  it('ends the membership with the financial year and leaves the vote until then', async () => {
    const cooperative = await Cooperative.founded();
    const resigned = await cooperative.resigned('delta');
    expect(resigned).toMatchObject({ status: 'ending', endsOn: '2026-12-31' });
    const id = await cooperative.opened();
    const { opening } = await cooperative.board('alpha').call('resolutions:get', { id });
    expect(opening?.roll.map(({ memberId }) => memberId)).toContain('delta');
  });

  it('less than the period before the end of the year ends it a year later', async () => {
    const cooperative = await Cooperative.founded();
    cooperative.world.now = Date.parse('2026-10-15T10:00:00.000Z');
    const resigned = await cooperative.resigned('delta');
    expect(resigned.endsOn).toBe('2027-12-31');
  });

  it('is the representative’s of the member itself, and harmless when repeated', async () => {
    const cooperative = await Cooperative.founded();
    const resign = { id: 'delta' };
    expect((await cooperative.board('delta').refused('members:resign', resign)).code).toBe(
      'role-not-allowed',
    );
    expect((await cooperative.representative('alpha').refused('members:resign', resign)).code).toBe(
      'organization-not-allowed',
    );
    await cooperative.representative('delta').call('members:resign', resign);
    expect((await cooperative.representative('delta').refused('members:resign', resign)).code).toBe(
      'unchanged',
    );
    expect(
      (
        await cooperative
          .representative('delta')
          .refused('members:resign', { ...resign, document: { ...DOCUMENT } })
      ).code,
    ).toBe('wrong-status');
  });

  it('of a member that never joined is declared by the board that filed for it, with the document', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    const document = { ...DOCUMENT };
    expect(await cooperative.board('alpha').refused('members:resign', { id: 'north' })).toEqual({
      code: 'document-required',
      data: { for: 'resignation' },
    });
    expect((await cooperative.board('bravo').refused('members:resign', { id: 'north', document })).code).toBe(
      'organization-not-allowed',
    );
    const resigned = await cooperative.board('alpha').call('members:resign', { id: 'north', document });
    expect(resigned).toMatchObject({ status: 'ending', resignation: { document } });
  });

  it('of a member that is on the network unconfirmed is its own, without a document', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    cooperative.world.organizations.set(mspIdOf('north'), true);
    const resigned = await cooperative.resigned('north');
    expect(resigned.status).toBe('ending');
  });

  it('of a member that has joined is not the filer’s any more', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.joined('north');
    const resign = { id: 'north', document: { ...DOCUMENT } };
    expect((await cooperative.board('alpha').refused('members:resign', resign)).code).toBe(
      'role-not-allowed',
    );
    expect((await cooperative.representative('alpha').refused('members:resign', resign)).code).toBe(
      'organization-not-allowed',
    );
  });
});

describe('the receipt of a resignation', () => {
  const held = async (until: string) => {
    const cooperative = await Cooperative.founded();
    cooperative.world.now = Date.parse('2026-09-30T10:00:00.000Z');
    const resignation = await cooperative.representative('delta').endorse('members:resign', { id: 'delta' });
    cooperative.world.now = Date.parse(until);
    cooperative.world.commit(resignation);
    return cooperative;
  };

  it('is what a resignation that was held back counts from', async () => {
    const cooperative = await held('2026-12-30T10:00:00.000Z');
    const received = await cooperative.board('alpha').call('members:receive', { id: 'delta' });
    expect(received).toMatchObject({
      status: 'ending',
      endsOn: '2027-12-31',
      resignation: {
        effectiveAt: '2027-12-31',
        recorded: { at: '2026-09-30T10:00:00.000Z' },
        received: { at: '2026-12-30T10:00:00.000Z', mspId: mspIdOf('alpha') },
      },
    });
    cooperative.world.now = Date.parse('2027-01-01T12:00:00.000Z');
    expect((await cooperative.board('alpha').refused('members:completeEnding', { id: 'delta' })).code).toBe(
      'ending-not-due',
    );
  });

  it('changes nothing within the clocks’ tolerance, even past midnight', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    world.now = Date.parse('2026-09-30T21:59:30.000Z');
    await cooperative.representative('delta').call('members:resign', { id: 'delta' });
    world.pass({ seconds: 60 });
    const board = cooperative.board('alpha');
    expect((await board.call('members:receive', { id: 'delta' })).endsOn).toBe('2026-12-31');
    expect((await board.refused('members:receive', { id: 'delta' })).code).toBe('unchanged');
  });

  it('is what completing it needs, unless an exclusion ends the membership', async () => {
    const cooperative = await held('2027-01-02T10:00:00.000Z');
    const board = cooperative.board('alpha');
    expect(await board.refused('members:completeEnding', { id: 'delta' })).toEqual({
      code: 'not-received',
      data: { phase: 'resignation' },
    });
    const points = await board.call('members:openPoints', {});
    expect(points.items).toMatchObject([{ kind: 'receipt-due', memberId: 'delta' }]);

    const other = await Cooperative.founded();
    const excluding = await other.adopted(exclusion('delta'));
    expect(excluding).toBeDefined();
    await other.representative('delta').call('members:resign', { id: 'delta' });
    other.world.now = Date.parse('2027-01-02T10:00:00.000Z');
    expect((await other.board('alpha').call('members:completeEnding', { id: 'delta' })).status).toBe(
      'former',
    );
  });

  it('is refused where nobody has resigned', async () => {
    const cooperative = await Cooperative.founded();
    expect(await cooperative.board('alpha').refused('members:receive', { id: 'delta' })).toMatchObject({
      code: 'wrong-status',
      data: { status: 'admitted', allowed: ['ending'] },
    });
  });
});

/** Resigned, and its ending completed in the next year. */
async function leave(cooperative: Cooperative, memberId: string): Promise<void> {
  await cooperative.resigned(memberId);
  cooperative.world.now = Date.parse('2026-12-31T23:00:00.000Z');
  const by = cooperative.founders.find((id) => id !== memberId) ?? '';
  await cooperative.board(by).call('members:completeEnding', { id: memberId });
}

describe('an ending', () => {
  it('is completed from the day after the last in the bylaws’ time zone', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.resigned('delta');
    cooperative.world.now = Date.parse('2026-12-31T22:59:59.999Z');
    expect(await cooperative.board('alpha').refused('members:completeEnding', { id: 'delta' })).toEqual({
      code: 'ending-not-due',
      data: { endsOn: '2026-12-31' },
    });
    cooperative.world.now += 1;
    const former = await cooperative
      .representative('charlie')
      .call('members:completeEnding', { id: 'delta' });
    expect(former.status).toBe('former');
    expect((await cooperative.board('alpha').refused('members:completeEnding', { id: 'delta' })).code).toBe(
      'unchanged',
    );
  });

  it('is not completed of a member that is not ending', async () => {
    const cooperative = await Cooperative.founded();
    expect(await cooperative.board('alpha').refused('members:completeEnding', { id: 'delta' })).toMatchObject(
      { code: 'wrong-status', data: { status: 'admitted', allowed: ['ending'] } },
    );
  });

  it('by resignation and exclusion comes with the earlier of both', async () => {
    const cooperative = await Cooperative.founded();
    cooperative.world.now = Date.parse('2026-10-15T10:00:00.000Z');
    await cooperative.resigned('delta');
    await cooperative.adopted(exclusion('delta'));
    const delta = await cooperative.board('alpha').call('members:get', { id: 'delta' });
    expect(delta).toMatchObject({
      status: 'ending',
      endsOn: '2026-12-31',
      resignation: { effectiveAt: '2027-12-31' },
      exclusion: { effectiveAt: '2026-12-31' },
    });
  });

  it('takes everything from the organization: a former member reads nothing', async () => {
    const cooperative = await Cooperative.founded();
    await leave(cooperative, 'delta');
    for (const office of [cooperative.auditor('delta'), cooperative.board('delta')])
      expect(await office.refused('members:list', {})).toEqual({
        code: 'organization-not-allowed',
        data: { act: 'read', of: 'admitted-or-excluded-member' },
      });
    expect(
      (await cooperative.board('delta').refused('resolutions:propose', cooperative.proposal())).code,
    ).toBe('organization-not-allowed');
  });

  it('takes it from the day after the last, completed or not', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.resigned('delta');
    cooperative.world.now = Date.parse('2027-01-01T00:00:00.000Z');
    expect((await cooperative.auditor('delta').refused('members:list', {})).code).toBe(
      'organization-not-allowed',
    );
  });
});

describe('nothing at all', () => {
  it('is open to an applicant, an unknown organization or a certificate without a role', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    for (const mspId of [mspIdOf('north'), 'stranger-msp']) {
      const board = cooperative.world.office(mspId, 'board');
      expect((await board.refused('members:get', { id: 'north' })).code).toBe('organization-not-allowed');
      expect((await board.refused('members:get', { id: 'nobody' })).code).toBe('organization-not-allowed');
      expect((await board.refused('resolutions:get', { id: 'nothing' })).code).toBe(
        'organization-not-allowed',
      );
    }
    const roleless = cooperative.world.office(mspIdOf('alpha'), 'none');
    expect((await roleless.refused('members:list', {})).code).toBe('role-not-allowed');
  });
});
