import { describe, expect, it } from 'vitest';
import { Cooperative, bylaws, identity, mspIdOf } from '../../testing/cooperative';
import { MVCC_READ_CONFLICT, VALID } from '../../testing/fake-ledger';

/** Submitted by the first founder. */
async function submitted(
  cooperative = Cooperative.unfounded(),
): Promise<{ cooperative: Cooperative; id: string }> {
  const { id } = await cooperative.board('alpha').call('foundations:submit', cooperative.foundation);
  return { cooperative, id };
}

describe('the foundation', () => {
  it('holds once all its founders have confirmed it, and counts as their admission and joining', async () => {
    const { cooperative, id } = await submitted();
    const { world } = cooperative;
    for (const founder of ['alpha', 'bravo', 'charlie']) {
      const answer = await cooperative.board(founder).call('foundations:confirm', { id });
      expect(answer.status).toBe('submitted');
    }
    const held = await cooperative.board('delta').call('foundations:confirm', { id });
    expect(held).toMatchObject({ status: 'held', missing: [], heldAt: world.instant });
    expect(held.confirmations.map(({ memberId }) => memberId)).toEqual([
      'alpha',
      'bravo',
      'charlie',
      'delta',
    ]);

    const { items } = await cooperative.auditor('delta').call('members:list', {});
    expect(items).toHaveLength(4);
    for (const member of items)
      expect(member).toMatchObject({
        status: 'admitted',
        joinedAt: world.instant,
        admission: { foundation: id, decidedAt: world.instant, effectiveAt: world.instant },
      });
    expect(await cooperative.auditor('alpha').call('bylaws:get', {})).toMatchObject({
      id: 'foundation',
      status: 'in-force',
      effectiveFrom: '2026-03-02',
      bylaws: cooperative.bylaws,
    });
    expect(world.facts.map(({ type }) => type).slice(-3)).toEqual([
      'foundation.confirmed',
      'foundation.held',
      'bylaws.in-force',
    ]);
  });

  it('is read by every organization before it holds', async () => {
    const { cooperative, id } = await submitted();
    const read = await cooperative.auditor('delta').call('foundations:get', { id });
    expect(read).toMatchObject({ status: 'submitted', missing: ['alpha', 'bravo', 'charlie', 'delta'] });
    const list = await cooperative.representative('bravo').call('foundations:list', {});
    expect(list).toEqual({ items: [read] });
  });

  it('tells everybody who they are, founded or not', async () => {
    const { cooperative } = await submitted();
    expect(await cooperative.board('alpha').call('members:whoAmI', {})).toEqual({
      mspId: mspIdOf('alpha'),
      role: 'board',
      founded: false,
    });
    const founded = await Cooperative.founded();
    expect(await founded.board('alpha').call('members:whoAmI', {})).toMatchObject({
      memberId: 'alpha',
      founded: true,
    });
    expect(await founded.world.office('stranger-msp', 'none').call('members:whoAmI', {})).toEqual({
      mspId: 'stranger-msp',
      founded: true,
    });
  });

  it('conflicts instead of losing one of two confirmations at once', async () => {
    const { cooperative, id } = await submitted();
    for (const founder of ['alpha', 'bravo'])
      await cooperative.board(founder).call('foundations:confirm', { id });
    const charlie = await cooperative.board('charlie').endorse('foundations:confirm', { id });
    const delta = await cooperative.board('delta').endorse('foundations:confirm', { id });
    expect(cooperative.world.commit(charlie)).toBe(VALID);
    expect(cooperative.world.commit(delta)).toBe(MVCC_READ_CONFLICT);
    const again = await cooperative.board('delta').call('foundations:confirm', { id });
    expect(again.status).toBe('held');
  });

  it('can be left by a founder for another: two rivals do not block each other', async () => {
    const { cooperative, id } = await submitted();
    const rival = await cooperative
      .board('bravo')
      .call('foundations:submit', { ...cooperative.foundation, bylaws: bylaws(['charlie', 'delta']) });
    for (const founder of ['alpha', 'bravo'])
      await cooperative.board(founder).call('foundations:confirm', { id });
    for (const founder of ['charlie', 'delta'])
      await cooperative.board(founder).call('foundations:confirm', { id: rival.id });
    expect((await cooperative.auditor('alpha').call('foundations:get', { id })).missing).toEqual([
      'charlie',
      'delta',
    ]);
    for (const founder of ['charlie', 'delta'])
      await cooperative.board(founder).call('foundations:confirm', { id });
    const list = await cooperative.auditor('alpha').call('foundations:list', {});
    expect(Object.fromEntries(list.items.map((item) => [item.id, item.status]))).toEqual({
      [id]: 'held',
      [rival.id]: 'superseded',
    });
  });

  it('that a founder never confirms leaves the others free to found with another submission', async () => {
    const { cooperative, id } = await submitted(Cooperative.unfounded(5));
    for (const founder of ['alpha', 'bravo', 'charlie', 'delta'])
      await cooperative.board(founder).call('foundations:confirm', { id });
    // The unwilling one's organization is taken off the channel.
    cooperative.world.organizations.delete(mspIdOf('echo'));
    const four = { ...cooperative.foundation, members: ['alpha', 'bravo', 'charlie', 'delta'].map(identity) };
    const smaller = await cooperative.board('alpha').call('foundations:submit', four);
    for (const founder of ['alpha', 'bravo', 'charlie', 'delta'])
      await cooperative.board(founder).call('foundations:confirm', { id: smaller.id });
    expect(await cooperative.status('delta')).toBe('admitted');
  });

  describe('is refused', () => {
    it('to anybody but a board', async () => {
      const { cooperative, id } = await submitted();
      for (const office of [cooperative.representative('alpha'), cooperative.auditor('alpha')]) {
        expect(await office.refused('foundations:submit', cooperative.foundation)).toMatchObject({
          code: 'role-not-allowed',
        });
        expect(await office.refused('foundations:confirm', { id })).toMatchObject({
          code: 'role-not-allowed',
        });
      }
    });

    it('to an organization that is no founder of it', async () => {
      const { cooperative, id } = await submitted();
      const stranger = cooperative.world.office('stranger-msp', 'board');
      expect(await stranger.refused('foundations:submit', cooperative.foundation)).toEqual({
        code: 'organization-not-allowed',
        data: { act: 'submit-foundation', of: 'founder' },
      });
      expect((await stranger.refused('foundations:confirm', { id })).code).toBe('organization-not-allowed');
    });

    it('when its founders are not exactly the organizations of the channel', async () => {
      const cooperative = Cooperative.unfounded(5);
      const four = {
        ...cooperative.foundation,
        members: ['alpha', 'bravo', 'charlie', 'delta'].map(identity),
      };
      expect(await cooperative.board('alpha').refused('foundations:submit', four)).toEqual({
        code: 'founders-mismatch',
        data: { missing: [mspIdOf('echo')], unexpected: [] },
      });
      cooperative.world.organizations.delete(mspIdOf('echo'));
      const refusal = await cooperative.board('alpha').refused('foundations:submit', cooperative.foundation);
      expect(refusal.data).toEqual({ missing: [], unexpected: [mspIdOf('echo')] });
    });

    it('when an organization has joined the channel since it was submitted', async () => {
      const { cooperative, id } = await submitted();
      cooperative.world.organizations.set('late-msp', true);
      expect((await cooperative.board('alpha').refused('foundations:confirm', { id })).code).toBe(
        'founders-mismatch',
      );
    });

    it('while a founder has not approved the chaincode', async () => {
      const { cooperative, id } = await submitted();
      cooperative.world.organizations.set(mspIdOf('delta'), false);
      expect(await cooperative.board('alpha').refused('foundations:confirm', { id })).toEqual({
        code: 'member-not-on-network',
        data: { mspId: mspIdOf('delta') },
      });
    });

    it('when the same has been submitted or confirmed', async () => {
      const { cooperative, id } = await submitted();
      expect(
        (await cooperative.board('bravo').refused('foundations:submit', cooperative.foundation)).code,
      ).toBe('unchanged');
      await cooperative.board('bravo').call('foundations:confirm', { id });
      expect((await cooperative.board('bravo').refused('foundations:confirm', { id })).code).toBe(
        'unchanged',
      );
    });

    it('when one holds already', async () => {
      const cooperative = await Cooperative.founded();
      const { items } = await cooperative.auditor('alpha').call('foundations:list', {});
      const other = { ...cooperative.foundation, bylaws: bylaws(['charlie', 'delta']) };
      expect(await cooperative.board('alpha').refused('foundations:submit', other)).toEqual({
        code: 'already-founded',
        data: { foundation: items[0]?.id },
      });
    });

    it('when it cannot be found', async () => {
      const { cooperative } = await submitted();
      expect(await cooperative.board('alpha').refused('foundations:confirm', { id: '0'.repeat(64) })).toEqual(
        {
          code: 'not-found',
          data: { resource: 'foundation' },
        },
      );
    });

    it('with more than one vote for each member, by name', async () => {
      const cooperative = Cooperative.unfounded(4, { votesPerMember: 2 });
      expect(await cooperative.board('alpha').refused('foundations:submit', cooperative.foundation)).toEqual({
        code: 'unsupported',
        data: { feature: 'multiple-votes' },
      });
    });

    it('with a timestamp more than 30 seconds off the peer’s clock', async () => {
      const cooperative = Cooperative.unfounded();
      const { now } = cooperative.world;
      const submit = (off: number) =>
        cooperative.board('alpha').refused('foundations:submit', cooperative.foundation, { at: now + off });
      expect(await submit(30_001)).toEqual({ code: 'timestamp-off', data: { skew: 'PT30S' } });
      expect((await submit(-30_001)).code).toBe('timestamp-off');
      await cooperative
        .board('alpha')
        .call('foundations:submit', cooperative.foundation, { at: now - 30_000 });
    });
  });
});

describe('before the foundation', () => {
  it('every other act fails by name', async () => {
    const cooperative = Cooperative.unfounded();
    const board = cooperative.board('alpha');
    const representative = cooperative.representative('alpha');
    const refusals = await Promise.all([
      board.refused('members:list', {}),
      board.refused('members:get', { id: 'alpha' }),
      board.refused('members:openPoints', {}),
      board.refused('bylaws:get', {}),
      board.refused('resolutions:list', {}),
      board.refused('resolutions:propose', cooperative.proposal()),
      board.refused('resolutions:decide', { id: 'resolution-1' }),
      representative.refused('resolutions:vote', { id: 'resolution-1', choice: 'yes' }),
    ]);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['not-founded']));
  });
});
