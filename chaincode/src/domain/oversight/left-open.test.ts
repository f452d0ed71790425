import { describe, expect, it } from 'vitest';
import { Cooperative } from '../../testing/cooperative';
import { EXISTING, project } from '../../testing/resources';

describe('what is left open of projects', () => {
  it('is a participation that waits for an answer, until it is given', async () => {
    const cooperative = await Cooperative.founded();
    const lead = cooperative.board('charlie');
    await lead.call('projects:propose', project(EXISTING));
    const part = { project: 'joint-ledger', member: 'delta', role: 'user' } as const;
    await lead.call('projects:proposeParticipation', part);
    const points = async () =>
      (await cooperative.auditor('alpha').call('members:openPoints', {})).items.map(({ id }) => id);
    expect(await points()).toContain('participation-awaiting.joint-ledger.delta.user');
    await cooperative.representative('delta').call('projects:acceptParticipation', part);
    expect(await points()).not.toContain('participation-awaiting.joint-ledger.delta.user');
  });

  it('is a project whose lead has left', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('projects:propose', project());
    await cooperative.resigned('charlie');
    const points = async () =>
      (await cooperative.auditor('alpha').call('members:openPoints', {})).items.filter(
        ({ kind }) => kind === 'project-without-lead',
      );
    expect(await points()).toEqual([]);
    cooperative.world.pass({ days: 400 });
    expect(await points()).toMatchObject([{ projectId: 'joint-ledger', memberId: 'charlie' }]);
    await cooperative.board('alpha').call('members:completeEnding', { id: 'charlie' });
    expect(await points()).toHaveLength(1);
  });

  it('is told in pages of which none is missing where an ending is completed in between', async () => {
    const cooperative = await Cooperative.founded(5);
    for (const [member, ...ids] of [
      ['charlie', 'first', 'second'],
      ['echo', 'third'],
    ] as const) {
      for (const id of ids) await cooperative.board(member).call('projects:propose', project({ id }));
      await cooperative.resigned(member);
    }
    cooperative.world.pass({ days: 800 });
    const page = (limit: number, bookmark?: string) =>
      cooperative.auditor('alpha').call('members:openPoints', {
        kind: 'project-without-lead',
        limit,
        ...(bookmark !== undefined && { bookmark }),
      });
    const first = await page(1);
    expect(first.items).toMatchObject([{ projectId: 'first' }]);
    await cooperative.board('alpha').call('members:completeEnding', { id: 'charlie' });
    const rest = await page(10, first.bookmark);
    expect(rest.items).toMatchObject([{ projectId: 'second' }, { projectId: 'third' }]);
  });
});
