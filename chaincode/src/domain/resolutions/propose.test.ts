import { describe, expect, it } from 'vitest';
import { Cooperative, DOCUMENT, admission, amendment, bylaws, exclusion } from '../../testing/cooperative';
import type { Refusal } from '../../testing/world';

type Change = Parameters<Cooperative['proposal']>[0];

async function refused(change: Change, cooperative?: Cooperative): Promise<Refusal> {
  const with_ = cooperative ?? (await Cooperative.founded());
  return with_.board('charlie').refused('resolutions:propose', with_.proposal(change));
}

describe('a proposal', () => {
  it('is any admitted member’s board’s and may ask for more than its matter requires', async () => {
    const cooperative = await Cooperative.founded();
    const proposal = cooperative.proposal({ majority: 'three-quarters', quorumPercent: 50 });
    const proposed = await cooperative.board('delta').call('resolutions:propose', proposal);
    expect(proposed).toMatchObject({
      status: 'proposed',
      decidable: false,
      proposal: { memberId: 'delta', opensFrom: cooperative.world.instant },
      risks: [{ code: 'circular-form-not-statutory' }],
      effectResults: [],
    });
    await cooperative.board('alpha').call('resolutions:open', { id: proposal.id });
    const opened = await cooperative.auditor('alpha').call('resolutions:get', { id: proposal.id });
    expect(opened.opening?.rule).toEqual({
      majority: 'three-quarters',
      base: 'votes-cast',
      quorumPercent: 50,
    });
  });

  it('records keys, not a name: the applicant’s MSP id, fingerprints and application', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const id = await cooperative.proposed(admission('north'));
    const { effects } = await cooperative.auditor('alpha').call('resolutions:get', { id });
    const north = await cooperative.auditor('alpha').call('members:get', { id: 'north' });
    expect(effects).toEqual([
      {
        kind: 'admit',
        memberId: 'north',
        mspId: north.mspId,
        mspFingerprints: north.mspFingerprints,
        applicationSha256: north.application?.contentSha256,
      },
    ]);
  });

  it('is harmless when repeated and a conflict with other content', async () => {
    const cooperative = await Cooperative.founded();
    const proposal = cooperative.proposal();
    await cooperative.board('alpha').call('resolutions:propose', proposal);
    const again = await cooperative.board('alpha').refused('resolutions:propose', proposal);
    expect(again).toEqual({ code: 'unchanged', data: { resource: 'resolution' } });
    const other = { ...proposal, motion: 'The general assembly resolves otherwise.' };
    expect(await cooperative.board('alpha').refused('resolutions:propose', other)).toEqual({
      code: 'id-conflict',
      data: { resource: 'resolution' },
    });
  });

  it('cannot take the founding version’s name, which its amendment would overwrite', async () => {
    expect(await refused({ id: 'foundation' })).toEqual({
      code: 'invalid-input',
      data: {
        issues: [{ path: 'id', message: 'is reserved for the founding version of the bylaws' }],
        more: 0,
      },
    });
  });

  it('confirms or supersedes a decided resolution', async () => {
    const cooperative = await Cooperative.founded();
    const confirms = await cooperative.adopted();
    await cooperative.proposed({ confirms });
    const open = await cooperative.opened();
    expect(await refused({ confirms: open }, cooperative)).toEqual({
      code: 'resolution-reference',
      data: { field: 'confirms' },
    });
    expect(await refused({ supersedes: 'nothing' }, cooperative)).toEqual({
      code: 'resolution-reference',
      data: { field: 'supersedes' },
    });
  });

  it.each<[string, Change, Refusal]>([
    [
      'a majority below its matter’s',
      { matter: 'dissolution', majority: 'two-thirds' },
      { code: 'majority-too-low', data: { least: 'three-quarters' } },
    ],
    [
      'a voting period that is too short',
      { votingPeriod: 'PT89S' },
      { code: 'voting-period', data: { shortest: 'PT90S', longest: 'P60D' } },
    ],
    [
      'a voting period that is too long',
      { votingPeriod: 'P61D' },
      { code: 'voting-period', data: { shortest: 'PT90S', longest: 'P60D' } },
    ],
    [
      'a circular form without a basis',
      { procedureBasis: undefined },
      { code: 'procedure-basis', data: { allowed: ['bylaws-clause', 'consent-of-all'] } },
    ],
    [
      'a basis that its form does not need',
      { form: 'virtual' },
      { code: 'procedure-basis', data: { allowed: [] } },
    ],
    [
      'an organ that cannot decide here yet',
      { organ: 'supervisory-board' },
      { code: 'unsupported', data: { feature: 'other-organs' } },
    ],
    [
      'a form with a discussion phase',
      { form: 'extended', procedureBasis: undefined },
      { code: 'unsupported', data: { feature: 'extended-form' } },
    ],
    [
      'an effect of another matter',
      { effects: [{ kind: 'admit', memberId: 'north' }] },
      { code: 'effect-matter', data: { index: 0, matter: 'admission' } },
    ],
    [
      'an exclusion smuggled beside an admission',
      { matter: 'admission', effects: [admission('north').effects[0], ...exclusion('delta').effects] },
      { code: 'effect-matter', data: { index: 1, matter: 'exclusion' } },
    ],
    [
      'a mere record for a matter that has an effect of its own',
      { matter: 'bylaws-amendment', effects: [{ kind: 'record-only' }] },
      { code: 'effect-matter', data: { index: 0 } },
    ],
    [
      'an applicant that is none',
      admission('nobody'),
      { code: 'effect-invalid', data: { index: 0, reason: 'not-an-applicant' } },
    ],
    [
      'an admission of a founder',
      admission('bravo'),
      { code: 'effect-invalid', data: { index: 0, reason: 'not-an-applicant' } },
    ],
    [
      'an exclusion of somebody who is no member',
      exclusion('nobody'),
      { code: 'effect-invalid', data: { index: 0, reason: 'not-a-member' } },
    ],
    [
      'an amendment of bylaws that are not in force',
      amendment('resolution-9', bylaws(['alpha', 'bravo'])),
      { code: 'effect-invalid', data: { index: 0, reason: 'base-not-in-force' } },
    ],
    [
      'board-holding members that are none',
      amendment('foundation', bylaws(['alpha', 'nobody'])),
      { code: 'bylaws-board-holding', data: { memberIds: ['nobody'] } },
    ],
    [
      'multiple votes',
      amendment('foundation', bylaws(['alpha', 'bravo'], { votesPerMember: 3 })),
      { code: 'unsupported', data: { feature: 'multiple-votes' } },
    ],
    [
      'two amendments',
      {
        matter: 'bylaws-amendment',
        effects: [
          ...amendment('foundation', bylaws(['alpha', 'bravo'])).effects,
          ...amendment('foundation', bylaws(['alpha', 'charlie'])).effects,
        ],
      },
      { code: 'effect-target-repeated', data: { index: 1 } },
    ],
    [
      'two effects on one target',
      { matter: 'exclusion', effects: [...exclusion('delta').effects, ...exclusion('delta').effects] },
      { code: 'effect-target-repeated', data: { index: 1 } },
    ],
  ])('is refused for %s', async (_what, change, refusal) => {
    expect(await refused(change)).toEqual(refusal);
  });

  it('is refused for a quorum below its matter’s', async () => {
    const rules = bylaws(['alpha', 'bravo']);
    const cooperative = await Cooperative.founded(4, {
      matters: { ...rules.matters, ordinary: { ...rules.matters.ordinary, quorumPercent: 50 } },
    });
    expect(await refused({ quorumPercent: 49 }, cooperative)).toEqual({
      code: 'quorum-too-low',
      data: { least: 50 },
    });
  });

  it('is refused for a form that the bylaws do not allow for its matter', async () => {
    const rules = bylaws(['alpha', 'bravo']);
    const cooperative = await Cooperative.founded(4, {
      matters: { ...rules.matters, election: { ...rules.matters.election, forms: ['in-person', 'hybrid'] } },
    });
    expect(await refused({ matter: 'election' }, cooperative)).toEqual({
      code: 'form-not-allowed',
      data: { allowed: ['in-person', 'hybrid'] },
    });
  });

  it('rests a circular form on the consent of all where the bylaws have no clause', async () => {
    const { circular, ...forms } = bylaws(['alpha', 'bravo']).forms;
    const { procedureClause: _clause, ...without } = circular ?? {
      noticePeriod: 'P0D',
      shortestVoting: 'PT90S',
      longestVoting: 'P60D',
    };
    const cooperative = await Cooperative.founded(4, { forms: { ...forms, circular: without } });
    expect(await refused({}, cooperative)).toEqual({
      code: 'procedure-basis',
      data: { allowed: ['consent-of-all'] },
    });
    await cooperative.proposed({ procedureBasis: 'consent-of-all' });
  });

  it('is refused when keys given with an admission are not the applicant’s', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    expect(
      await refused(
        { matter: 'admission', effects: [{ kind: 'admit', memberId: 'north', mspId: 'another-msp' }] },
        cooperative,
      ),
    ).toEqual({ code: 'effect-invalid', data: { index: 0, reason: 'application-differs' } });
  });

  it('is refused to representatives and auditors', async () => {
    const cooperative = await Cooperative.founded();
    for (const office of [cooperative.representative('alpha'), cooperative.auditor('alpha')])
      expect(await office.refused('resolutions:propose', cooperative.proposal())).toEqual({
        code: 'role-not-allowed',
        data: { act: 'propose', roles: ['board'] },
      });
  });
});

describe('withdrawing a proposal', () => {
  it('is its proposer’s board’s, before it is open', async () => {
    const cooperative = await Cooperative.founded();
    const proposal = cooperative.proposal();
    const { id } = proposal;
    await cooperative.board('charlie').call('resolutions:propose', proposal);
    expect((await cooperative.board('alpha').refused('resolutions:withdraw', { id })).code).toBe(
      'organization-not-allowed',
    );
    const withdrawn = await cooperative.board('charlie').call('resolutions:withdraw', { id });
    expect(withdrawn.status).toBe('withdrawn');
    expect((await cooperative.board('charlie').refused('resolutions:withdraw', { id })).code).toBe(
      'unchanged',
    );
    expect(await cooperative.board('alpha').refused('resolutions:open', { id })).toEqual({
      code: 'wrong-status',
      data: { resource: 'resolution', status: 'withdrawn', allowed: ['proposed'] },
    });
  });

  it('is refused once it is open', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    expect(await cooperative.board('alpha').refused('resolutions:withdraw', { id })).toMatchObject({
      code: 'wrong-status',
      data: { status: 'open', allowed: ['proposed'] },
    });
  });

  it('is a board-holding organization’s when the proposer has left', async () => {
    const cooperative = await Cooperative.founded();
    const proposal = cooperative.proposal();
    const { id } = proposal;
    await cooperative.board('delta').call('resolutions:propose', proposal);
    await cooperative
      .representative('delta')
      .call('members:resign', { id: 'delta', document: { ...DOCUMENT } });
    cooperative.world.now = Date.parse('2027-01-01T12:00:00.000Z');
    expect((await cooperative.board('delta').refused('resolutions:withdraw', { id })).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('charlie').refused('resolutions:withdraw', { id })).code).toBe(
      'organization-not-allowed',
    );
    expect((await cooperative.board('bravo').call('resolutions:withdraw', { id })).status).toBe('withdrawn');
  });
});
