import { describe, expect, it } from 'vitest';
import { Cooperative, admission, application } from '../../testing/cooperative';

describe('admitting a member by circular resolution', () => {
  it('goes from application through proposal, opening, votes and decision to the register', async () => {
    const cooperative = await Cooperative.founded();
    const { world } = cooperative;
    const applied = await cooperative.board('bravo').call('members:apply', application('north'));
    expect(applied).toMatchObject({ status: 'applied', application: { filedBy: 'bravo' } });

    const id = await cooperative.opened(admission('north'));
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    const decided = await cooperative.representative('delta').call('resolutions:decide', { id });
    expect(decided).toMatchObject({
      status: 'adopted',
      tally: { yes: 4, no: 0, abstain: 0, notCast: 0 },
      decision: { reason: 'majority' },
      effectResults: [{ index: 0, kind: 'admit', effective: 'at-once', effectiveAt: world.instant }],
    });
    const north = await cooperative.auditor('charlie').call('members:get', { id: 'north' });
    expect(north).toMatchObject({ status: 'admitted', admission: { resolutionId: id } });
    expect(north).not.toHaveProperty('joinedAt');

    world.organizations.set(north.mspId, true);
    const joined = await cooperative.representative('north').call('members:confirmJoined', { id: 'north' });
    expect(joined.joinedAt).toBe(world.instant);
    expect(world.facts.map(({ type }) => type).slice(-7)).toEqual([
      'ballot.cast',
      'ballot.cast',
      'ballot.cast',
      'resolution.decided',
      'member.admitted',
      'effect.executed',
      'member.joined',
    ]);
  });
});
