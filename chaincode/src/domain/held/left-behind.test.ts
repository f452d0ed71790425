import { describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import type { EffectInput } from '../effects/input';
import { Cooperative, mspIdOf } from '../../testing/cooperative';
import { project } from '../../testing/resources';

const FOUNDED = '2026-03-02';

/** Echo operates a site with a node, leads a project, and has left. */
async function afterEcho(): Promise<Cooperative> {
  const cooperative = await Cooperative.founded(5);
  const echo = cooperative.board('echo');
  await echo.call('sites:declare', {
    id: 'echo-site',
    name: 'Data centre',
    kind: 'data-centre',
    municipality: 'Bremen',
    runningSince: FOUNDED,
    nodes: [{ id: 'echo-peer', kind: 'peer', endpoint: 'e.example:1', runningSince: FOUNDED }],
  });
  await echo.call('projects:propose', project({ id: 'echo-project' }));
  await cooperative.resigned('echo');
  cooperative.world.pass({ days: 700 });
  await cooperative.board('alpha').call('members:completeEnding', { id: 'echo' });
  cooperative.world.organizations.delete(mspIdOf('echo'));
  return cooperative;
}

const resolving = (...effects: EffectInput[]): Partial<InputOf<'resolutions:propose'>> => ({
  matter: 'left-behind',
  effects,
});
const handing = (resource: 'project' | 'site' | 'node' | 'service', id: string, memberId = 'bravo') =>
  ({ kind: 'hand-over', resource, id, memberId }) as const;
const points = async (cooperative: Cooperative) =>
  (await cooperative.auditor('alpha').call('members:openPoints', {})).items
    .map(({ id }) => id)
    .filter((id) => id.includes('former'));

describe('what a member that has left still holds', () => {
  it('is an open point until a resolution has dealt with each of it', async () => {
    const cooperative = await afterEcho();
    expect(await points(cooperative)).toEqual([
      'site-of-former-member.echo-site',
      'node-of-former-member.echo-peer',
    ]);
    const id = await cooperative.adopted(
      resolving(handing('site', 'echo-site'), { kind: 'wind-up', resource: 'node', id: 'echo-peer' }),
    );
    expect(await points(cooperative)).toEqual([]);
    const reader = cooperative.auditor('delta');
    expect(await reader.call('sites:get', { id: 'echo-site' })).toMatchObject({
      status: 'running',
      memberId: 'bravo',
      mspId: mspIdOf('bravo'),
      operators: [{ memberId: 'echo' }, { memberId: 'bravo', resolutionId: id }],
    });
    expect(await reader.call('nodes:get', { id: 'echo-peer' })).toMatchObject({
      status: 'ended',
      memberId: 'echo',
      woundUp: { resolutionId: id },
    });
  });

  it('is the successor’s to write from then on, without anybody’s signature of the predecessor', async () => {
    const cooperative = await afterEcho();
    await cooperative.adopted(resolving(handing('site', 'echo-site'), handing('project', 'echo-project')));
    const change = { id: 'echo-site', change: { name: 'Data centre of Bravo' } };
    expect((await cooperative.board('alpha').refused('sites:change', change)).code).toBe(
      'organization-not-allowed',
    );
    const held = await cooperative.board('bravo').endorse('sites:change', change);
    expect(cooperative.world.commit(held, ['alpha', 'charlie', 'delta'].map(mspIdOf))).toBe(10);
    expect(cooperative.world.commit(held, ['alpha', 'bravo', 'charlie'].map(mspIdOf))).toBe(0);
    const { lead } = await cooperative.auditor('delta').call('projects:get', { id: 'echo-project' });
    expect(lead).toBe('bravo');
  });

  it('is found under its new holder and status', async () => {
    const cooperative = await afterEcho();
    await cooperative.adopted(
      resolving(handing('site', 'echo-site'), { kind: 'wind-up', resource: 'node', id: 'echo-peer' }),
    );
    const reader = cooperative.auditor('delta');
    const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
    expect(ids(await reader.call('sites:list', { member: 'bravo', status: 'running' }))).toEqual([
      'echo-site',
    ]);
    expect(ids(await reader.call('sites:list', { member: 'echo' }))).toEqual([]);
    expect(ids(await reader.call('nodes:list', { site: 'echo-site', status: 'ended' }))).toEqual([
      'echo-peer',
    ]);
  });

  it.each([
    [handing('site', 'nowhere'), 'no-such-site'],
    [handing('service', 'echo-site'), 'no-such-service'],
    [handing('site', 'echo-site', 'echo'), 'successor-is-no-member'],
    [handing('site', 'echo-site', 'nobody'), 'successor-is-no-member'],
    [handing('site', 'alpha-site'), 'holder-is-a-member'],
    [{ kind: 'wind-up', resource: 'site', id: 'alpha-site' } as const, 'holder-is-a-member'],
  ])('is refused to be resolved where there is nothing to resolve: %j', async (effect, reason) => {
    const cooperative = await afterEcho();
    await cooperative
      .board('alpha')
      .call('sites:declare', { id: 'alpha-site', name: 'A site', kind: 'cloud', municipality: 'Kiel' });
    expect(
      await cooperative
        .board('alpha')
        .refused('resolutions:propose', cooperative.proposal(resolving(effect))),
    ).toEqual({ code: 'effect-invalid', data: { index: 0, reason } });
  });

  it('is resolved once', async () => {
    const cooperative = await afterEcho();
    await cooperative.adopted(resolving({ kind: 'wind-up', resource: 'site', id: 'echo-site' }));
    const again = cooperative.proposal(resolving(handing('site', 'echo-site')));
    expect(await cooperative.board('alpha').refused('resolutions:propose', again)).toMatchObject({
      data: { reason: 'site-is-over' },
    });
    const twice = resolving(handing('node', 'echo-peer'), {
      kind: 'wind-up',
      resource: 'node',
      id: 'echo-peer',
    });
    expect(
      (await cooperative.board('alpha').refused('resolutions:propose', cooperative.proposal(twice))).code,
    ).toBe('effect-target-repeated');
    const mere = cooperative.proposal({ matter: 'left-behind' });
    expect((await cooperative.board('alpha').refused('resolutions:propose', mere)).code).toBe(
      'effect-matter',
    );
  });
});
