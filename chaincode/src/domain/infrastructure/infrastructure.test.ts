import { describe, expect, it } from 'vitest';
import { Cooperative, mspIdOf } from '../../testing/cooperative';
import { project } from '../../testing/resources';
import type { InputOf } from '../../api/transactions';

const TODAY = '2026-03-02';

const site = (change: Partial<InputOf<'sites:declare'>> = {}): InputOf<'sites:declare'> => ({
  id: 'alpha-north',
  name: 'Data centre north',
  kind: 'data-centre',
  municipality: 'Kiel',
  runningSince: TODAY,
  ...change,
});
const node = (change: Partial<InputOf<'nodes:declare'>> = {}): InputOf<'nodes:declare'> => ({
  id: 'alpha-peer',
  site: 'alpha-north',
  kind: 'peer',
  endpoint: 'peer.alpha.example:7051',
  runningSince: TODAY,
  ...change,
});
const { site: _site, ...nodeOfSite } = node();

/** With alpha's site and one node that runs there. */
async function withSite(size = 4): Promise<Cooperative> {
  const cooperative = await Cooperative.founded(size);
  await cooperative.board('alpha').call('sites:declare', site({ nodes: [nodeOfSite] }));
  return cooperative;
}

const read = (cooperative: Cooperative) => cooperative.auditor('delta');

describe('a site', () => {
  it('is declared with its first nodes in one transaction, each of them as good as declared alone', async () => {
    const cooperative = await Cooperative.founded();
    const declared = await cooperative.board('alpha').call('sites:declare', site({ nodes: [nodeOfSite] }));
    expect(declared).toMatchObject({ status: 'running', memberId: 'alpha', mspId: mspIdOf('alpha') });
    expect(await read(cooperative).call('nodes:get', { id: 'alpha-peer' })).toMatchObject({
      site: 'alpha-north',
      status: 'running',
      memberId: 'alpha',
      declared: declared.declared,
    });
    expect(cooperative.world.facts.slice(-2)).toMatchObject([
      { type: 'site.declared', id: 'alpha-north', data: { memberId: 'alpha', status: 'running' } },
      { type: 'node.declared', id: 'alpha-peer', data: { memberId: 'alpha', site: 'alpha-north' } },
    ]);
    // As the gateway asks when the answer got lost.
    expect((await cooperative.board('alpha').refused('nodes:declare', node())).code).toBe('unchanged');
  });

  it('is planned until its operator declares since when it runs', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('bravo');
    const { runningSince: _since, ...planned } = site();
    expect((await board.call('sites:declare', planned)).status).toBe('planned');
    const running = (change: InputOf<'sites:change'>['change']) =>
      ['sites:change', { id: 'alpha-north', change }] as const;
    for (const runningSince of ['2026-03-01', '2026-03-03'])
      expect(await board.refused(...running({ runningSince }))).toEqual({
        code: 'date-out-of-range',
        data: { from: TODAY, until: TODAY },
      });
    expect(await board.call(...running({ runningSince: TODAY }))).toMatchObject({
      status: 'running',
      changed: { mspId: mspIdOf('bravo') },
    });
    expect((await board.refused(...running({ runningSince: TODAY }))).code).toBe('unchanged');
  });

  it('is changed and ended by the board of its operator alone', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('alpha').call('sites:declare', site());
    const change = { id: 'alpha-north', change: { name: 'North' } };
    const end = { id: 'alpha-north', on: TODAY };
    for (const [name, input] of [
      ['sites:change', change],
      ['sites:end', end],
    ] as const) {
      expect((await cooperative.board('bravo').refused(name, input)).code).toBe('organization-not-allowed');
      expect((await cooperative.representative('alpha').refused(name, input)).code).toBe('role-not-allowed');
    }
    expect((await cooperative.board('alpha').call('sites:change', change)).name).toBe('North');
    expect((await cooperative.board('alpha').call('sites:end', end)).status).toBe('ended');
    expect((await cooperative.board('alpha').refused('sites:end', end)).code).toBe('unchanged');
    expect((await cooperative.board('alpha').refused('sites:change', change)).code).toBe('wrong-status');
  });

  it('is not ended while nodes run there', async () => {
    const cooperative = await withSite();
    const board = cooperative.board('alpha');
    expect(await board.refused('sites:end', { id: 'alpha-north', on: TODAY })).toEqual({
      code: 'site-in-use',
      data: { nodes: ['alpha-peer'], more: 0 },
    });
    await board.call('nodes:end', { id: 'alpha-peer', on: TODAY });
    expect((await board.call('sites:end', { id: 'alpha-north', on: TODAY })).ended?.on).toBe(TODAY);
    expect((await board.refused('nodes:declare', node({ id: 'another' }))).code).toBe('wrong-status');
  });

  it('is not ended unseen by a node that begins to run at the same moment', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    await board.call('sites:declare', site());
    const ending = await board.endorse('sites:end', { id: 'alpha-north', on: TODAY });
    await board.call('nodes:declare', node());
    expect(cooperative.world.commit(ending)).not.toBe(0);
  });

  it('is harmless when declared again and a conflict with other content', async () => {
    const cooperative = await withSite();
    const board = cooperative.board('alpha');
    expect((await board.refused('sites:declare', site({ nodes: [nodeOfSite] }))).code).toBe('unchanged');
    expect((await board.refused('sites:declare', site())).code).toBe('id-conflict');
    expect(await board.refused('sites:declare', site({ id: 'south', nodes: [nodeOfSite] }))).toEqual({
      code: 'id-conflict',
      data: { resource: 'node' },
    });
  });

  it('is written by its operator’s peer and enough others, and by no one else', async () => {
    const cooperative = await withSite();
    const board = cooperative.board('alpha');
    for (const held of [
      await board.endorse('sites:change', { id: 'alpha-north', change: { name: 'North' } }),
      await board.endorse('nodes:change', { id: 'alpha-peer', change: { description: 'Two cores' } }),
    ]) {
      expect(cooperative.world.commit(held, ['bravo', 'charlie', 'delta'].map(mspIdOf))).toBe(10);
      expect(cooperative.world.commit(held, ['alpha', 'charlie', 'delta'].map(mspIdOf))).toBe(0);
    }
  });
});

describe('a node', () => {
  it('stands at a site of its own member that runs', async () => {
    const cooperative = await withSite();
    expect(await cooperative.board('bravo').refused('nodes:declare', node({ id: 'bravo-peer' }))).toEqual({
      code: 'site-of-another',
      data: { memberId: 'alpha' },
    });
    expect(await cooperative.board('bravo').refused('nodes:declare', node({ site: 'nowhere' }))).toEqual({
      code: 'reference-unknown',
      data: { field: 'site', resource: 'site' },
    });
    const { runningSince: _since, ...planned } = site({ id: 'bravo-south' });
    await cooperative.board('bravo').call('sites:declare', planned);
    const there = node({ id: 'bravo-peer', site: 'bravo-south' });
    expect((await cooperative.board('bravo').refused('nodes:declare', there)).code).toBe('wrong-status');
    const { runningSince: _running, ...plannedNode } = there;
    expect((await cooperative.board('bravo').call('nodes:declare', plannedNode)).status).toBe('planned');
    const run = { id: 'bravo-peer', change: { runningSince: TODAY } };
    expect((await cooperative.board('bravo').refused('nodes:change', run)).code).toBe('wrong-status');
    await cooperative
      .board('bravo')
      .call('sites:change', { id: 'bravo-south', change: { runningSince: TODAY } });
    expect((await cooperative.board('bravo').call('nodes:change', run)).status).toBe('running');
  });

  it('carries what is on the ledger', async () => {
    const cooperative = await withSite();
    const board = cooperative.board('alpha');
    const carries = [{ resource: 'project', id: 'joint-ledger' } as const];
    const change = { id: 'alpha-peer', change: { carries } };
    expect(await board.refused('nodes:change', change)).toEqual({
      code: 'reference-unknown',
      data: { field: 'carries', resource: 'project' },
    });
    await cooperative.board('charlie').call('projects:propose', project());
    expect((await board.call('nodes:change', change)).carries).toEqual(carries);
    const taken = await board.call('nodes:change', { id: 'alpha-peer', change: { carries: null } });
    expect(taken).not.toHaveProperty('carries');
  });

  it('has an endpoint only where the channel can tell it', async () => {
    const cooperative = await withSite();
    const board = cooperative.board('alpha');
    expect((await board.refused('nodes:declare', node({ id: 'gate', kind: 'gateway' }))).code).toBe(
      'invalid-input',
    );
    const { endpoint: _endpoint, ...gateway } = node({ id: 'gate', kind: 'gateway' });
    await board.call('nodes:declare', gateway);
    expect(
      await board.refused('nodes:change', { id: 'gate', change: { endpoint: 'a.example:1' } }),
    ).toMatchObject({ code: 'invalid-input', data: { issues: [{ path: 'change.endpoint' }] } });
    for (const endpoint of ['a.example', 'a.example:0', 'a.example:65536', 'a b:1', ':7051', 'a:1\n'])
      expect((await board.refused('nodes:declare', node({ id: 'other', endpoint }))).code).toBe(
        'invalid-input',
      );
    await board.call('nodes:declare', node({ id: 'other', endpoint: '[2001:db8::1]:65535' }));
  });

  it('is changed and ended by the board of its operator alone, and then for good', async () => {
    const cooperative = await withSite();
    const end = { id: 'alpha-peer', on: TODAY };
    expect((await cooperative.board('bravo').refused('nodes:end', end)).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('alpha').refused('nodes:end', { ...end, on: '2026-03-03' })).code).toBe(
      'date-out-of-range',
    );
    expect((await cooperative.board('alpha').call('nodes:end', end)).status).toBe('ended');
    const change = { id: 'alpha-peer', change: { description: 'Again' } };
    expect((await cooperative.board('alpha').refused('nodes:change', change)).code).toBe('wrong-status');
    const history = await read(cooperative).call('nodes:history', { id: 'alpha-peer' });
    expect(history.items.map(({ part }) => part)).toEqual(['holding', 'node', 'node']);
  });
});

describe('the infrastructure', () => {
  it('is found by member or site, kind and status, in any combination', async () => {
    const cooperative = await withSite();
    const { runningSince: _since, ...planned } = node({ id: 'alpha-orderer', kind: 'orderer' });
    await cooperative.board('alpha').call('nodes:declare', planned);
    await cooperative.board('bravo').call('sites:declare', site({ id: 'bravo-cloud', kind: 'cloud' }));
    await cooperative
      .board('bravo')
      .call('nodes:declare', node({ id: 'bravo-peer', site: 'bravo-cloud', endpoint: 'b.example:1' }));
    const nodes = async (filter: InputOf<'nodes:list'>) =>
      (await read(cooperative).call('nodes:list', filter)).items.map(({ id }) => id);
    const sites = async (filter: InputOf<'sites:list'>) =>
      (await read(cooperative).call('sites:list', filter)).items.map(({ id }) => id);
    expect((await nodes({})).sort()).toEqual(['alpha-orderer', 'alpha-peer', 'bravo-peer']);
    expect(await nodes({ member: 'alpha', status: 'running' })).toEqual(['alpha-peer']);
    expect(await nodes({ site: 'alpha-north', kind: 'orderer' })).toEqual(['alpha-orderer']);
    expect(await nodes({ member: 'bravo', kind: 'orderer' })).toEqual([]);
    expect(
      (await read(cooperative).refused('nodes:list', { member: 'bravo', site: 'alpha-north' })).code,
    ).toBe('invalid-input');
    expect(await nodes({ site: 'alpha-north', kind: 'orderer', status: 'planned' })).toEqual([
      'alpha-orderer',
    ]);
    await cooperative.board('alpha').call('nodes:end', { id: 'alpha-peer', on: TODAY });
    expect(await nodes({ status: 'running' })).toEqual(['bravo-peer']);
    expect(await nodes({ status: 'ended' })).toEqual(['alpha-peer']);
    expect((await sites({})).sort()).toEqual(['alpha-north', 'bravo-cloud']);
    expect(await sites({ kind: 'cloud', status: 'running', member: 'bravo' })).toEqual(['bravo-cloud']);
    expect(await sites({ kind: 'data-centre', member: 'bravo' })).toEqual([]);
  });
});
