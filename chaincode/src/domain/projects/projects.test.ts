import { describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import { Cooperative, DOCUMENT, mspIdOf } from '../../testing/cooperative';
import { EXISTING, project } from '../../testing/resources';

const founding = (projectId: string) =>
  ({
    matter: 'project' as const,
    effects: [{ kind: 'found-project' as const, projectId }],
  }) satisfies Partial<InputOf<'resolutions:propose'>>;
const phase = (name: InputOf<'projects:advance'>['phase'], on = '2026-03-02') => ({
  id: 'joint-ledger',
  phase: name,
  on,
  evidence: { ...DOCUMENT },
});

describe('a project', () => {
  it('is founded by a resolution, whose content is what was proposed', async () => {
    const cooperative = await Cooperative.founded();
    const proposed = await cooperative.board('charlie').call('projects:propose', project());
    expect(proposed).toMatchObject({ status: 'proposed', origin: 'resolution', lead: 'charlie' });
    const id = await cooperative.adopted(founding('joint-ledger'));
    const resolution = await cooperative.board('alpha').call('resolutions:get', { id });
    expect(resolution.effects).toEqual([
      { kind: 'found-project', projectId: 'joint-ledger', contentSha256: proposed.contentSha256 },
    ]);
    const founded = await cooperative.auditor('delta').call('projects:get', { id: 'joint-ledger' });
    expect(founded).toMatchObject({ status: 'approved', approved: { resolutionId: id } });
  });

  it('is stopped by the rejection of its founding', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('projects:propose', project());
    const id = await cooperative.opened(founding('joint-ledger'));
    await cooperative.vote(id, { alpha: 'no', bravo: 'no', charlie: 'yes', delta: 'no' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(await cooperative.board('alpha').call('projects:get', { id: 'joint-ledger' })).toMatchObject({
      status: 'stopped',
      rejected: { resolutionId: id },
    });
  });

  it('that exists is accepted by a board-holding organization other than its lead', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('alpha').call('projects:propose', project(EXISTING));
    const accept = { id: 'joint-ledger' };
    expect((await cooperative.board('alpha').refused('projects:accept', accept)).code).toBe('own-resource');
    expect((await cooperative.board('delta').refused('projects:accept', accept)).code).toBe(
      'reserved-for-board-holding',
    );
    expect((await cooperative.board('bravo').call('projects:accept', accept)).status).toBe('in-operation');
    expect((await cooperative.board('bravo').refused('projects:accept', accept)).code).toBe('unchanged');
  });

  it('comes into being by its origin alone', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('projects:propose', project());
    expect(await cooperative.board('alpha').refused('projects:accept', { id: 'joint-ledger' })).toEqual({
      code: 'project-origin',
      data: { origin: 'resolution' },
    });
    await cooperative.board('charlie').call('projects:propose', project({ id: 'brought-in', ...EXISTING }));
    expect(
      await cooperative
        .board('alpha')
        .refused('resolutions:propose', cooperative.proposal(founding('brought-in'))),
    ).toEqual({ code: 'effect-invalid', data: { index: 0, reason: 'project-is-existing' } });
  });

  it('is decided like an ordinary matter where the bylaws do not name its founding', async () => {
    const named = Cooperative.unfounded().bylaws;
    const { project: _project, ...matters } = named.matters;
    const cooperative = await Cooperative.founded(4, { matters });
    await cooperative.board('charlie').call('projects:propose', project());
    await cooperative.adopted(founding('joint-ledger'));
    expect((await cooperative.board('alpha').call('projects:get', { id: 'joint-ledger' })).status).toBe(
      'approved',
    );
  });

  it('goes from phase to phase by its lead’s board alone, each with a date that can be', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('projects:propose', project());
    const lead = cooperative.board('charlie');
    expect((await lead.refused('projects:advance', phase('in-development'))).code).toBe('wrong-status');
    await cooperative.adopted(founding('joint-ledger'));
    expect((await cooperative.board('alpha').refused('projects:advance', phase('in-development'))).code).toBe(
      'organization-not-allowed',
    );
    expect(
      (await cooperative.representative('charlie').refused('projects:advance', phase('in-development'))).code,
    ).toBe('role-not-allowed');
    for (const on of ['2026-03-01', '2026-03-03'])
      expect((await lead.refused('projects:advance', phase('in-development', on))).code).toBe(
        'date-out-of-range',
      );
    expect((await lead.call('projects:advance', phase('in-development'))).status).toBe('in-development');
    expect((await lead.refused('projects:advance', phase('in-development'))).code).toBe('unchanged');
    expect((await lead.call('projects:advance', phase('ended'))).status).toBe('ended');
    expect((await lead.refused('projects:advance', phase('in-operation'))).code).toBe('wrong-status');
  });

  it('names focus areas of the bylaws, and outside partners only for coordination', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    expect(await board.refused('projects:propose', project({ focusAreas: ['alchemy'] }))).toEqual({
      code: 'reference-unknown',
      data: { field: 'focusAreas', resource: 'focus area' },
    });
    const partners = [{ office: 'Head office', body: 'A council' }];
    expect((await board.refused('projects:propose', project({ partners }))).code).toBe('invalid-input');
    await board.call('projects:propose', project({ kind: 'coordination', partners }));
  });

  it('is harmless when proposed again and a conflict with other content', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('alpha').call('projects:propose', project());
    expect((await cooperative.board('bravo').refused('projects:propose', project())).code).toBe('unchanged');
    expect(
      (await cooperative.board('bravo').refused('projects:propose', project({ title: 'Other' }))).code,
    ).toBe('id-conflict');
  });

  it('is found by lead, focus area, status and day, in any combination', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('alpha').call('projects:propose', project({ id: 'first', ...EXISTING }));
    cooperative.world.pass({ days: 1 });
    await cooperative.board('bravo').call('projects:propose', project({ id: 'second', ...EXISTING }));
    await cooperative.board('alpha').call('projects:accept', { id: 'second' });
    const found = async (filter: InputOf<'projects:list'>) =>
      (await cooperative.auditor('delta').call('projects:list', filter)).items.map(({ id }) => id);
    expect(await found({})).toEqual(['first', 'second']);
    expect(await found({ status: 'proposed' })).toEqual(['first']);
    expect(await found({ status: 'in-operation', member: 'bravo', focusArea: 'blockchain' })).toEqual([
      'second',
    ]);
    expect(await found({ member: 'alpha', status: 'in-operation' })).toEqual([]);
    expect(await found({ from: '2026-03-03' })).toEqual(['second']);
    expect(await found({ until: '2026-03-02' })).toEqual(['first']);
    expect(await found({ from: '2026-03-02', until: '2026-03-03', focusArea: 'blockchain' })).toEqual([
      'first',
      'second',
    ]);
  });
});

describe('what the holder of a project declares', () => {
  it('is written by the holder’s peer and enough others, and by no one else', async () => {
    const cooperative = await Cooperative.founded();
    const lead = cooperative.board('charlie');
    await lead.call('projects:propose', project());
    await cooperative.adopted(founding('joint-ledger'));
    const held = await lead.endorse('projects:advance', phase('in-development'));
    const msps = (...ids: string[]) => ids.map(mspIdOf);
    expect(cooperative.world.commit(held, msps('alpha', 'bravo', 'delta'))).toBe(10);
    expect(cooperative.world.commit(held, msps('charlie', 'bravo', 'delta'))).toBe(0);
  });
});
