import { describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import { Cooperative, DOCUMENT, mspIdOf } from '../../testing/cooperative';
import { project, service } from '../../testing/resources';

const TODAY = '2026-03-02'; // on which the cooperative is founded
const TOMORROW = '2026-03-03';
const ID = service().id;

const use = (member: string) => ({ service: ID, member });
const byId = { id: ID };

/** A cooperative with a service that alpha offers. */
async function withService(size = 4): Promise<Cooperative> {
  const cooperative = await Cooperative.founded(size);
  await cooperative.board('alpha').call('services:offer', service());
  return cooperative;
}

/** Agreed by both sides. */
async function used(cooperative: Cooperative, member: string): Promise<void> {
  await cooperative.representative(member).call('services:proposeUse', use(member));
  await cooperative.board('alpha').call('services:acceptUse', use(member));
}

describe('a service', () => {
  it('is planned, tried out and there, each from its day on', async () => {
    const cooperative = await withService();
    const board = cooperative.board('alpha');
    expect(await board.call('services:get', byId)).toMatchObject({ status: 'planned', memberId: 'alpha' });
    const step = (status: 'pilot' | 'available', on = TODAY) => ({ id: ID, status, on });
    expect((await board.call('services:advance', step('pilot'))).status).toBe('pilot');
    expect((await board.refused('services:advance', step('pilot'))).code).toBe('unchanged');
    cooperative.world.pass({ days: 1 });
    const available = await board.call('services:advance', step('available', TOMORROW));
    expect(available.stages.map(({ status, on }) => [status, on])).toEqual([
      ['pilot', TODAY],
      ['available', TOMORROW],
    ]);
    expect((await board.refused('services:advance', step('pilot', TOMORROW))).code).toBe('wrong-status');
  });

  it('has no step dated before the foundation, before the step before, or later than today', async () => {
    const cooperative = await withService();
    const board = cooperative.board('alpha');
    for (const on of ['2026-03-01', TOMORROW])
      expect(await board.refused('services:advance', { id: ID, status: 'available', on })).toEqual({
        code: 'date-out-of-range',
        data: { from: TODAY, until: TODAY },
      });
    cooperative.world.pass({ days: 1 });
    await board.call('services:advance', { id: ID, status: 'pilot', on: TOMORROW });
    const early = await board.refused('services:advance', { id: ID, status: 'available', on: TODAY });
    expect(early.data).toEqual({ from: TOMORROW, until: TOMORROW });
  });

  it('is changed by the board of the member that offers it, and by no one else', async () => {
    const cooperative = await withService();
    const change = { id: ID, address: 'https://proof.example.org', documents: [{ ...DOCUMENT }] };
    expect((await cooperative.board('bravo').refused('services:change', change)).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.representative('alpha').refused('services:change', change)).code).toBe(
      'role-not-allowed',
    );
    const board = cooperative.board('alpha');
    const changed = await board.call('services:change', change);
    expect(changed).toMatchObject({
      address: 'https://proof.example.org',
      description: { de: 'Prüft Nachweise.' },
    });
    expect((await board.refused('services:change', change)).code).toBe('unchanged');
    const removed = await board.call('services:change', { id: ID, address: null });
    expect(removed.address).toBeUndefined();
    const { items } = await board.call('services:history', byId);
    expect(items.map(({ part }) => part)).toEqual(['holding', 'service', 'service', 'service']);
  });

  it('is written by its member’s peer and enough others, and by no one else', async () => {
    const cooperative = await withService();
    const held = await cooperative
      .board('alpha')
      .endorse('services:advance', { id: ID, status: 'pilot', on: TODAY });
    const msps = (...ids: string[]) => ids.map(mspIdOf);
    expect(cooperative.world.commit(held, msps('bravo', 'charlie', 'delta'))).toBe(10);
    expect(cooperative.world.commit(held, msps('alpha', 'bravo', 'charlie'))).toBe(0);
  });

  it('names a project, nodes and focus areas that are there', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('alpha');
    const unknown = async (change: Partial<InputOf<'services:offer'>>) =>
      (await board.refused('services:offer', service(change))).data;
    expect(await unknown({ project: 'no-project' })).toEqual({ field: 'project', resource: 'project' });
    expect(await unknown({ nodes: ['no-node'] })).toEqual({ field: 'nodes', resource: 'node' });
    expect(await unknown({ focusAreas: ['alchemy'] })).toEqual({
      field: 'focusAreas',
      resource: 'focus area',
    });
    await board.call('services:offer', service());
    expect(await board.refused('services:change', { id: ID, nodes: ['no-node'] })).toEqual({
      code: 'reference-unknown',
      data: { field: 'nodes', resource: 'node' },
    });
  });

  it('is harmless when offered again and a conflict with other content', async () => {
    const cooperative = await withService();
    expect((await cooperative.board('alpha').refused('services:offer', service())).code).toBe('unchanged');
    expect(
      (await cooperative.board('alpha').refused('services:offer', service({ name: 'Other' }))).code,
    ).toBe('id-conflict');
  });

  it.each([
    ['an address without TLS', { address: 'http://proof.example.org' }],
    ['an address with a script', { address: 'javascript:alert(1)' }],
    ['a description in no language', { description: {} }],
    ['a direction character', { name: 'Proof\u202echeck' }],
    ['a node twice', { nodes: ['node-one', 'node-one'] }],
  ])('has no %s', async (_what, change) => {
    const cooperative = await Cooperative.founded();
    expect((await cooperative.board('alpha').refused('services:offer', service(change))).code).toBe(
      'invalid-input',
    );
  });

  it('is found by member, focus area, status, project and day, in any combination', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.board('charlie').call('projects:propose', project());
    await cooperative
      .board('alpha')
      .call('services:offer', service({ id: 'first', project: 'joint-ledger' }));
    cooperative.world.pass({ days: 1 });
    await cooperative.board('bravo').call('services:offer', service({ id: 'second' }));
    await cooperative
      .board('bravo')
      .call('services:advance', { id: 'second', status: 'pilot', on: TOMORROW });
    const found = async (filter: InputOf<'services:list'>) =>
      (await cooperative.auditor('delta').call('services:list', filter)).items.map(({ id }) => id);
    expect(await found({})).toEqual(['first', 'second']);
    expect(await found({ member: 'bravo', status: 'pilot', focusArea: 'blockchain' })).toEqual(['second']);
    expect(await found({ status: 'planned' })).toEqual(['first']);
    expect(await found({ project: 'joint-ledger' })).toEqual(['first']);
    expect(await found({ project: 'joint-ledger', member: 'bravo' })).toEqual([]);
    expect(await found({ from: TOMORROW })).toEqual(['second']);
    expect(await found({ until: TODAY, project: 'joint-ledger', status: 'planned' })).toEqual(['first']);
  });
});

describe('the withdrawal of a service', () => {
  it('is announced first, with its last day and to those who use it', async () => {
    const cooperative = await withService();
    await used(cooperative, 'charlie');
    await cooperative.board('alpha').call('services:proposeUse', use('delta')); // not agreed
    const board = cooperative.board('alpha');
    expect((await board.refused('services:withdraw', byId)).code).toBe('wrong-status');
    expect((await board.refused('services:announceWithdrawal', { id: ID, on: '2026-03-01' })).code).toBe(
      'date-out-of-range',
    );
    const { facts } = await board.endorse('services:announceWithdrawal', { id: ID, on: TOMORROW });
    expect(facts).toEqual([
      { type: 'service.withdrawal-announced', id: ID, data: { on: TOMORROW, users: ['charlie'] } },
    ]);
    const announced = await board.call('services:announceWithdrawal', { id: ID, on: TOMORROW });
    expect(announced).toMatchObject({ status: 'being-withdrawn', lastDay: TOMORROW });
    expect((await board.refused('services:announceWithdrawal', { id: ID, on: TOMORROW })).code).toBe(
      'unchanged',
    );
  });

  it('follows after the announced day, and ends what uses it', async () => {
    const cooperative = await withService();
    await used(cooperative, 'charlie');
    const board = cooperative.board('alpha');
    await board.call('services:announceWithdrawal', { id: ID, on: TOMORROW });
    cooperative.world.pass({ days: 1 });
    expect(await board.refused('services:withdraw', byId)).toEqual({
      code: 'withdrawal-not-due',
      data: { lastDay: TOMORROW },
    });
    cooperative.world.pass({ days: 1 });
    const { facts } = await board.endorse('services:withdraw', byId);
    expect(facts).toEqual([
      { type: 'service.withdrawn', id: ID, data: { on: TOMORROW, users: ['charlie'] } },
    ]);
    expect(await board.call('services:withdraw', byId)).toMatchObject({
      status: 'withdrawn',
      lastDay: TOMORROW,
    });
    expect((await board.refused('services:withdraw', byId)).code).toBe('unchanged');
    expect((await board.refused('services:change', { id: ID, address: null })).code).toBe('wrong-status');
    const ended = await cooperative.auditor('bravo').call('services:use', use('charlie'));
    expect(ended).toMatchObject({ status: 'ended', endsOn: TOMORROW, memberState: 'agreed' });
  });

  it('may be put off, but never be brought forward', async () => {
    const cooperative = await withService();
    const board = cooperative.board('alpha');
    await board.call('services:announceWithdrawal', { id: ID, on: '2026-04-30' });
    expect(await board.refused('services:announceWithdrawal', { id: ID, on: TOMORROW })).toEqual({
      code: 'date-out-of-range',
      data: { from: '2026-04-30', until: '9999-12-31' },
    });
    const putOff = await board.call('services:announceWithdrawal', { id: ID, on: '2026-06-30' });
    expect(putOff.lastDay).toBe('2026-06-30');
  });
});

describe('the use of a service', () => {
  it('needs the board of the member that offers it and the member’s own representative', async () => {
    const cooperative = await withService();
    const asked = await cooperative.representative('charlie').call('services:proposeUse', use('charlie'));
    expect(asked).toMatchObject({ id: `${ID}.charlie`, status: 'requested', holderId: 'alpha' });
    expect((await cooperative.board('delta').refused('services:acceptUse', use('charlie'))).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('charlie').refused('services:proposeUse', use('charlie'))).code).toBe(
      'role-not-allowed',
    );
    const agreed = await cooperative.board('alpha').call('services:acceptUse', use('charlie'));
    expect(agreed).toMatchObject({ status: 'agreed', since: { mspId: mspIdOf('alpha') } });
    const ended = await cooperative
      .representative('charlie')
      .call('services:endUse', { ...use('charlie'), on: TODAY });
    expect(ended).toMatchObject({ status: 'ended', endsOn: TODAY });
  });

  it('is not the offering member’s own, nor one of a service that ends', async () => {
    const cooperative = await withService();
    expect(
      (await cooperative.representative('alpha').refused('services:proposeUse', use('alpha'))).code,
    ).toBe('own-resource');
    const invited = await cooperative.board('alpha').call('services:proposeUse', use('delta'));
    expect(invited.status).toBe('invited');
    await cooperative.board('alpha').call('services:announceWithdrawal', { id: ID, on: TODAY });
    for (const [act, member] of [
      ['services:proposeUse', 'charlie'],
      ['services:acceptUse', 'delta'],
    ] as const)
      expect(await cooperative.representative(member).refused(act, use(member))).toEqual({
        code: 'wrong-status',
        data: {
          resource: 'service',
          status: 'being-withdrawn',
          allowed: ['planned', 'pilot', 'available'],
        },
      });
    expect((await cooperative.representative('delta').call('services:declineUse', use('delta'))).status).toBe(
      'declined',
    );
  });

  it('is harmless when it is agreed already, also of a service that ends', async () => {
    const cooperative = await withService();
    await used(cooperative, 'charlie');
    await cooperative.board('alpha').call('services:announceWithdrawal', { id: ID, on: TODAY });
    for (const act of ['services:proposeUse', 'services:acceptUse'] as const)
      expect((await cooperative.representative('charlie').refused(act, use('charlie'))).code).toBe(
        'unchanged',
      );
    expect((await cooperative.board('alpha').refused('services:proposeUse', use('alpha'))).code).toBe(
      'own-resource',
    );
  });

  it('is found by service and by member, each with that side’s own state', async () => {
    const cooperative = await withService();
    await used(cooperative, 'charlie');
    await cooperative.board('alpha').call('services:proposeUse', use('delta'));
    const found = async (filter: InputOf<'services:uses'>) =>
      (await cooperative.auditor('bravo').call('services:uses', filter)).items.map(
        ({ memberId }) => memberId,
      );
    expect(await found({ service: ID })).toEqual(['charlie', 'delta']);
    expect(await found({ service: ID, holderState: 'agreed' })).toEqual(['charlie', 'delta']);
    expect(await found({ member: 'delta', memberState: 'awaiting' })).toEqual(['delta']);
    expect(await found({ member: 'delta', memberState: 'agreed' })).toEqual([]);
  });
});

describe('what waits of services', () => {
  const points = async (cooperative: Cooperative) =>
    (await cooperative.auditor('bravo').call('members:openPoints', {})).items
      .filter(({ serviceId }) => serviceId === ID)
      .map(({ kind, memberId, detail }) => [kind, memberId, detail]);

  it('is the side that has not answered yet', async () => {
    const cooperative = await withService();
    await cooperative.representative('charlie').call('services:proposeUse', use('charlie'));
    await cooperative.board('alpha').call('services:proposeUse', use('delta'));
    expect(await points(cooperative)).toEqual([
      ['use-awaiting', 'charlie', 'The use waits for the answer of alpha.'],
      ['use-awaiting', 'delta', 'The use waits for the answer of delta.'],
    ]);
    await cooperative.board('alpha').call('services:acceptUse', use('charlie'));
    await cooperative.representative('delta').call('services:declineUse', use('delta'));
    expect(await points(cooperative)).toEqual([]);
  });

  it('is no use of a service that was withdrawn', async () => {
    const cooperative = await withService();
    await cooperative.board('alpha').call('services:proposeUse', use('delta'));
    await cooperative.board('alpha').call('services:announceWithdrawal', { id: ID, on: TODAY });
    cooperative.world.pass({ days: 1 });
    await cooperative.board('alpha').call('services:withdraw', byId);
    expect(await points(cooperative)).toEqual([]);
  });

  it('is a service whose member has left', async () => {
    const cooperative = await withService(5);
    await cooperative.resigned('alpha');
    expect(await points(cooperative)).toEqual([]);
    cooperative.world.pass({ days: 400 });
    const detail = 'The service is offered by a member whose membership is over.';
    expect(await points(cooperative)).toEqual([['service-without-operator', 'alpha', detail]]);
  });
});
