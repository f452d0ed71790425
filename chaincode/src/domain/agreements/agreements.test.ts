import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import { Cooperative, mspIdOf } from '../../testing/cooperative';
import { EXISTING, project } from '../../testing/resources';
import { type Declaration, MOST_ROUNDS_BEGUN, type SideName } from './agreement';
import { agreementState, roundsBegun, sideState } from './state';

const PROJECT = project().id;
const named = (member: string, role: InputOf<'projects:participation'>['role'] = 'operator') => ({
  project: PROJECT,
  member,
  role,
});

/** A cooperative with a project. */
async function withProject(size = 4, lead = 'alpha'): Promise<Cooperative> {
  const cooperative = await Cooperative.founded(size);
  await cooperative.board(lead).call('projects:propose', project(EXISTING));
  await cooperative.board('bravo').call('projects:accept', { id: PROJECT });
  return cooperative;
}

describe('a participation', () => {
  it('needs the lead’s board and the member’s own representative, whoever begins', async () => {
    const cooperative = await withProject();
    const lead = cooperative.board('alpha');
    const invited = await lead.call('projects:proposeParticipation', named('charlie'));
    expect(invited).toMatchObject({ status: 'invited', memberState: 'awaiting', holderState: 'agreed' });
    const member = cooperative.representative('charlie');
    const agreed = await member.call('projects:acceptParticipation', named('charlie'));
    expect(agreed).toMatchObject({ status: 'agreed', since: { mspId: mspIdOf('charlie') } });

    const asked = await cooperative
      .representative('delta')
      .call('projects:proposeParticipation', named('delta'));
    expect(asked).toMatchObject({ status: 'requested', memberState: 'agreed', holderState: 'awaiting' });
    expect((await lead.call('projects:acceptParticipation', named('delta'))).status).toBe('agreed');
  });

  it('is nobody else’s: not another member’s, nor another office’s', async () => {
    const cooperative = await withProject();
    const refused = async (office: 'board' | 'representative', member: string) =>
      (await cooperative[office](member).refused('projects:proposeParticipation', named('charlie'))).code;
    expect(await refused('board', 'delta')).toBe('organization-not-allowed');
    expect(await refused('representative', 'delta')).toBe('role-not-allowed');
    expect(await refused('board', 'charlie')).toBe('role-not-allowed');
    expect(await refused('representative', 'alpha')).toBe('role-not-allowed');
  });

  it('is accepted once, and not after it was taken back', async () => {
    const cooperative = await withProject();
    const [lead, member] = [cooperative.board('alpha'), cooperative.representative('charlie')];
    expect((await member.refused('projects:acceptParticipation', named('charlie'))).code).toBe('not-found');
    await lead.call('projects:proposeParticipation', named('charlie'));
    expect((await lead.refused('projects:proposeParticipation', named('charlie'))).code).toBe('unchanged');
    expect((await lead.call('projects:declineParticipation', named('charlie'))).status).toBe('declined');
    expect((await member.refused('projects:acceptParticipation', named('charlie'))).code).toBe(
      'wrong-status',
    );
    await lead.call('projects:proposeParticipation', named('charlie'));
    await member.call('projects:acceptParticipation', named('charlie'));
    expect((await member.refused('projects:acceptParticipation', named('charlie'))).code).toBe('unchanged');
  });

  it('is one when both sides begin at the same moment: the later one agrees', async () => {
    const cooperative = await withProject();
    const [lead, member] = [cooperative.board('alpha'), cooperative.representative('charlie')];
    const [first, second] = [
      await lead.endorse('projects:proposeParticipation', named('charlie')),
      await member.endorse('projects:proposeParticipation', named('charlie')),
    ];
    expect(cooperative.world.commit(first)).toBe(0);
    expect(cooperative.world.commit(second)).toBe(11);
    // As its gateway does with a conflict.
    expect((await member.call('projects:proposeParticipation', named('charlie'))).status).toBe('agreed');
    const { items } = await lead.call('projects:participations', { project: PROJECT });
    expect(items).toHaveLength(1);
  });

  it('ends with a last day that either side declares, and keeps what was', async () => {
    const cooperative = await withProject();
    const [lead, member] = [cooperative.board('alpha'), cooperative.representative('charlie')];
    await lead.call('projects:proposeParticipation', named('charlie'));
    const leave = { ...named('charlie'), on: '2026-03-02' };
    expect((await member.refused('projects:endParticipation', leave)).code).toBe('wrong-status');
    await member.call('projects:acceptParticipation', named('charlie'));
    for (const on of ['2026-03-01', '2026-03-03'])
      expect((await member.refused('projects:endParticipation', { ...leave, on })).code).toBe(
        'date-out-of-range',
      );
    expect(await member.call('projects:endParticipation', leave)).toMatchObject({
      status: 'ended',
      endsOn: '2026-03-02',
    });
    expect((await member.refused('projects:endParticipation', leave)).code).toBe('unchanged');
    const again = await member.call('projects:proposeParticipation', named('charlie'));
    expect(again).toMatchObject({ status: 'requested', holderState: 'awaiting' });
    expect(again.declarations.map(({ kind, round, by }) => [kind, round, by])).toEqual([
      ['agree', 1, 'holder'],
      ['agree', 1, 'member'],
      ['end', 1, 'member'],
      ['agree', 2, 'member'],
    ]);
  });

  it('is a side’s own to write, with its peer and enough others', async () => {
    const cooperative = await withProject();
    const [lead, member] = [cooperative.board('alpha'), cooperative.representative('charlie')];
    await lead.call('projects:proposeParticipation', named('charlie'));
    const accepted = await member.endorse('projects:acceptParticipation', named('charlie'));
    const msps = (...ids: string[]) => ids.map(mspIdOf);
    expect(cooperative.world.commit(accepted, msps('alpha', 'bravo', 'delta'))).toBe(10);
    expect(cooperative.world.commit(accepted, msps('charlie', 'alpha', 'delta'))).toBe(0);
  });

  it('never conflicts with another’s, nor with what the lead declares of the project', async () => {
    const cooperative = await withProject();
    for (const member of ['charlie', 'delta'])
      await cooperative.board('alpha').call('projects:proposeParticipation', named(member));
    const held = [
      await cooperative.board('alpha').endorse('projects:advance', {
        id: PROJECT,
        phase: 'in-introduction',
        on: '2026-03-02',
        evidence: { name: 'Report.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) },
      }),
      await cooperative.representative('charlie').endorse('projects:acceptParticipation', named('charlie')),
      await cooperative.representative('delta').endorse('projects:acceptParticipation', named('delta')),
    ];
    expect(held.map((each) => cooperative.world.commit(each))).toEqual([0, 0, 0]);
  });

  it('is listed by project and by member, each with that side’s own state', async () => {
    const cooperative = await withProject();
    const lead = cooperative.board('alpha');
    await lead.call('projects:proposeParticipation', named('charlie'));
    await cooperative.representative('delta').call('projects:proposeParticipation', named('delta'));
    await cooperative.representative('delta').call('projects:proposeParticipation', named('delta', 'user'));
    await lead.call('projects:acceptParticipation', named('delta'));
    const found = async (filter: InputOf<'projects:participations'>) =>
      (await lead.call('projects:participations', filter)).items.map(({ memberId, role }) => [
        memberId,
        role,
      ]);
    expect(await found({ project: PROJECT, holderState: 'awaiting' })).toEqual([['delta', 'user']]);
    expect(await found({ project: PROJECT, holderState: 'agreed' })).toEqual([
      ['charlie', 'operator'],
      ['delta', 'operator'],
    ]);
    expect(await found({ member: 'charlie', memberState: 'awaiting' })).toEqual([['charlie', 'operator']]);
    expect(await found({ member: 'delta' })).toHaveLength(2);
    expect(await found({ member: 'delta', project: PROJECT })).toHaveLength(2);
    expect(await found({})).toHaveLength(3);
    expect(
      (await lead.refused('projects:participations', { member: 'delta', holderState: 'agreed' })).code,
    ).toBe('invalid-input');
  });
});

describe('what is asked of an agreement', () => {
  it('is refused first for whoever may not ask, and for what isn’t there', async () => {
    const cooperative = await withProject();
    const ownLead = named('alpha', 'lead');
    expect((await cooperative.board('delta').refused('projects:proposeParticipation', ownLead)).code).toBe(
      'organization-not-allowed',
    );
    const elsewhere = { ...named('charlie', 'lead'), project: 'no-project' };
    for (const act of ['projects:proposeParticipation', 'projects:participation'] as const)
      expect(await cooperative.board('alpha').refused(act, elsewhere)).toEqual({
        code: 'not-found',
        data: { resource: 'project' },
      });
    for (const office of ['board', 'representative'] as const)
      expect(
        (await cooperative[office]('alpha').refused('projects:proposeParticipation', ownLead)).code,
      ).toBe('own-resource');
    const ended = { ...ownLead, on: '2026-03-02' };
    expect((await cooperative.board('alpha').refused('projects:endParticipation', ended)).code).toBe(
      'own-resource',
    );
    expect(await cooperative.board('alpha').refused('projects:participation', ownLead)).toEqual({
      code: 'not-found',
      data: { resource: 'participation' },
    });
  });

  it('is harmless when it is agreed already, before anything that would refuse it anew', async () => {
    const cooperative = await withProject();
    const lead = named('charlie', 'lead');
    const member = cooperative.representative('charlie');
    await cooperative.board('alpha').call('projects:proposeParticipation', lead);
    await member.call('projects:acceptParticipation', lead);
    for (const act of ['projects:proposeParticipation', 'projects:acceptParticipation'] as const)
      expect((await member.refused(act, lead)).code).toBe('unchanged');
    const left = { ...lead, on: '2026-03-02' };
    expect((await member.refused('projects:endParticipation', left)).code).toBe('own-resource');
  });

  it('is not what a resolution has given to the member meanwhile', async () => {
    const cooperative = await withProject(5, 'echo');
    const lead = named('charlie', 'lead');
    await cooperative.board('echo').call('projects:proposeParticipation', lead);
    await cooperative.resigned('echo');
    cooperative.world.pass({ days: 700 });
    await cooperative.board('alpha').call('members:completeEnding', { id: 'echo' });
    cooperative.world.organizations.delete(mspIdOf('echo'));
    await cooperative.adopted({
      matter: 'left-behind',
      effects: [{ kind: 'hand-over', resource: 'project', id: PROJECT, memberId: 'charlie' }],
    });
    const member = cooperative.representative('charlie');
    expect((await member.refused('projects:acceptParticipation', lead)).code).toBe('own-resource');
  });
});

describe('what a side proposes again and again', () => {
  it('is refused in the end, while the other side may still propose it', async () => {
    const cooperative = await withProject();
    const [lead, member] = [cooperative.board('alpha'), cooperative.representative('charlie')];
    const propose = 'projects:proposeParticipation';
    for (let round = 0; round < MOST_ROUNDS_BEGUN; round++) {
      await lead.call(propose, named('charlie'));
      await (round % 2 ? lead : member).call('projects:declineParticipation', named('charlie'));
    }
    expect(await lead.refused(propose, named('charlie'))).toEqual({
      code: 'too-many-rounds',
      data: { resource: 'participation', limit: MOST_ROUNDS_BEGUN },
    });
    expect((await lead.call(propose, named('delta'))).status).toBe('invited');
    expect((await member.call(propose, named('charlie'))).status).toBe('requested');
    expect((await lead.call(propose, named('charlie'))).status).toBe('agreed');
  });
});

describe('the lead of a project', () => {
  it('passes to the member that both agree on, which goes on from where it stands', async () => {
    const cooperative = await withProject();
    await cooperative.board('alpha').call('projects:proposeParticipation', named('charlie', 'lead'));
    await cooperative
      .representative('charlie')
      .call('projects:acceptParticipation', named('charlie', 'lead'));
    const passedOn = await cooperative.board('alpha').call('projects:get', { id: PROJECT });
    expect(passedOn).toMatchObject({ lead: 'charlie', status: 'in-operation' });
    expect(passedOn.leads.map(({ memberId }) => memberId)).toEqual(['alpha', 'charlie']);
    const ended = {
      id: PROJECT,
      phase: 'ended' as const,
      on: '2026-03-02',
      evidence: { name: 'Report.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) },
    };
    expect((await cooperative.board('alpha').refused('projects:advance', ended)).code).toBe(
      'organization-not-allowed',
    );

    // And back: the first lead holds it again, the second one's lead has ended.
    await cooperative.board('charlie').call('projects:proposeParticipation', named('alpha', 'lead'));
    await cooperative.representative('alpha').call('projects:acceptParticipation', named('alpha', 'lead'));
    const former = await cooperative.board('bravo').call('projects:participation', named('charlie', 'lead'));
    expect(former).toMatchObject({ status: 'ended', endsOn: '2026-03-02' });
    expect((await cooperative.board('alpha').call('projects:advance', ended)).status).toBe('ended');
  });
});

describe('an invitation of a member that holds the project no more', () => {
  const lead = (member: string) => named(member, 'lead');
  async function passedOn(): Promise<Cooperative> {
    const cooperative = await withProject();
    for (const member of ['charlie', 'delta'])
      await cooperative.board('alpha').call('projects:proposeParticipation', lead(member));
    await cooperative.representative('charlie').call('projects:acceptParticipation', lead('charlie'));
    return cooperative;
  }

  it('cannot be accepted: whoever holds it now has agreed to nothing', async () => {
    const cooperative = await passedOn();
    const delta = cooperative.representative('delta');
    expect(await delta.refused('projects:acceptParticipation', lead('delta'))).toEqual({
      code: 'wrong-status',
      data: { resource: 'participation', status: 'declined', allowed: ['invited'] },
    });
    const stale = await delta.call('projects:participation', lead('delta'));
    expect(stale).toMatchObject({ status: 'declined', holderId: 'charlie' });
    expect((await delta.call('projects:get', { id: PROJECT })).lead).toBe('charlie');
  });

  it('waits for nobody', async () => {
    const cooperative = await passedOn();
    const { items } = await cooperative
      .auditor('alpha')
      .call('members:openPoints', { kind: 'participation-awaiting' });
    expect(items).toEqual([]);
  });

  it('joins with no request, which waits for whoever holds it now', async () => {
    const cooperative = await passedOn();
    const asked = await cooperative
      .representative('delta')
      .call('projects:proposeParticipation', lead('delta'));
    expect(asked).toMatchObject({ status: 'requested', holderId: 'charlie' });
    expect(asked.declarations.at(-1)?.round).toBe(2);
    const agreed = await cooperative.board('charlie').call('projects:acceptParticipation', lead('delta'));
    expect(agreed.status).toBe('agreed');
    expect((await cooperative.board('alpha').call('projects:get', { id: PROJECT })).lead).toBe('delta');
  });

  it('keeps whoever holds it now from inviting as little', async () => {
    const cooperative = await passedOn();
    const invited = await cooperative.board('charlie').call('projects:proposeParticipation', lead('delta'));
    expect(invited.status).toBe('invited');
    const delta = cooperative.representative('delta');
    expect((await delta.call('projects:acceptParticipation', lead('delta'))).status).toBe('agreed');
  });

  it('is void in every role, while what was agreed and what a member asks for stay', async () => {
    const cooperative = await passedOn();
    await cooperative
      .representative('delta')
      .call('projects:proposeParticipation', named('delta', 'operator'));
    const { items } = await cooperative
      .auditor('alpha')
      .call('members:openPoints', { kind: 'participation-awaiting' });
    expect(items).toHaveLength(1);
    await cooperative.board('charlie').call('projects:proposeParticipation', named('bravo', 'user'));
    await cooperative.representative('bravo').call('projects:acceptParticipation', named('bravo', 'user'));
    await cooperative.board('charlie').call('projects:proposeParticipation', named('alpha', 'user'));
    await cooperative.board('charlie').call('projects:acceptParticipation', named('delta', 'operator'));
    await cooperative.board('charlie').call('projects:proposeParticipation', lead('alpha'));
    await cooperative.representative('alpha').call('projects:acceptParticipation', lead('alpha'));
    const status = async (part: ReturnType<typeof named>) =>
      (await cooperative.auditor('alpha').call('projects:participation', part)).status;
    expect(await status(named('bravo', 'user'))).toBe('agreed');
    expect(await status(named('delta', 'operator'))).toBe('agreed');
    expect(await status(named('alpha', 'user'))).toBe('declined');
  });
});

const declaration = (kind: Declaration['kind'], round: number, at: number): Declaration => ({
  kind,
  round,
  sequence: at + 1,
  recorded: {
    at: new Date(at * 1000).toISOString(),
    mspId: 'a-msp',
    role: 'board',
    transactionId: 'f'.repeat(64),
  },
});

describe('the state of an agreement', () => {
  const step = fc.record({
    side: fc.constantFrom<SideName>('member', 'holder'),
    kind: fc.constantFrom<Declaration['kind']>('agree', 'decline', 'end'),
  });

  it('is agreed exactly when both have agreed in this round and neither declined or ended it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const declarations = { member: [] as Declaration[], holder: [] as Declaration[] };
        let round = 1;
        for (const [at, { side, kind }] of steps.entries()) {
          const { status } = agreementState(declarations);
          if (kind === 'agree' && (status === 'declined' || status === 'ended')) round += 1;
          declarations[side].push(declaration(kind, round, at));
        }
        const { status } = agreementState(declarations);
        const both = (kind: Declaration['kind']) =>
          (['member', 'holder'] as const).map((side) =>
            declarations[side].some((each) => each.round === round && each.kind === kind),
          );
        const agreed = both('agree').every(Boolean) && ![...both('decline'), ...both('end')].some(Boolean);
        expect(status === 'agreed').toBe(agreed);
        if (status === 'invited') expect(sideState(declarations, 'member')).toBe('awaiting');
        if (status === 'requested') expect(sideState(declarations, 'holder')).toBe('awaiting');
      }),
    );
  });

  it('counts as many rounds begun as there are rounds, each by whoever agreed first in it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const declarations = { member: [] as Declaration[], holder: [] as Declaration[] };
        const begun = { member: 0, holder: 0 };
        for (const [at, { side, kind }] of steps.entries()) {
          const { status, round } = agreementState(declarations);
          const over = status === undefined || status === 'declined' || status === 'ended';
          const possible = over ? 'agree' : status === 'agreed' ? 'end' : kind === 'end' ? undefined : kind;
          const repeats = status === (side === 'member' ? 'requested' : 'invited') && kind === 'agree';
          if (kind !== possible || repeats) continue;
          if (over) begun[side] += 1;
          declarations[side].push(declaration(kind, over ? round + 1 : round, at));
        }
        expect(roundsBegun(declarations, 'member')).toBe(begun.member);
        expect(roundsBegun(declarations, 'holder')).toBe(begun.holder);
        expect(agreementState(declarations).round).toBe(begun.member + begun.holder);
      }),
    );
  });
});
