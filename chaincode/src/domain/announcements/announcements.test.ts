import { beforeEach, describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import { Cooperative, admission, application } from '../../testing/cooperative';
import { MVCC_READ_CONFLICT, VALID } from '../../testing/fake-ledger';

type Draft = InputOf<'announcements:draft'>;
type Proposal = InputOf<'resolutions:propose'>;
const draft = (id: string, change: Partial<Draft> = {}): Draft => ({
  id,
  title: { de: 'Ein neues Mitglied' },
  text: { de: 'Die Genossenschaft hat ein neues Mitglied.\nWillkommen!' },
  ...change,
});

let cooperative: Cooperative;
beforeEach(async () => {
  cooperative = await Cooperative.founded();
});
const drafted = (memberId: string, id: string, change: Partial<Draft> = {}) =>
  cooperative.board(memberId).call('announcements:draft', draft(id, change));
const release = (id: string) => cooperative.board('alpha').call('announcements:release', { id });
const released = async (id: string, change: Partial<Draft> = {}) => {
  await drafted('charlie', id, change);
  cooperative.world.pass({ seconds: 60 });
  return release(id);
};
const status = async (id: string) =>
  (await cooperative.auditor('delta').call('announcements:get', { id })).status;
const public_ = async () =>
  (await cooperative.auditor('delta').call('announcements:released', {})).items.map(({ id }) => id);
const announcing = (...ids: readonly string[]): Pick<Proposal, 'effects'> => ({
  effects: ids.map((announcementId) => ({ kind: 'announce', announcementId })),
});

describe('a draft', () => {
  it('is made by the board of any admitted member, and kept whole', async () => {
    const text = { de: '<script>alert("&")</script>', en: 'Line one\nline two' };
    const announcement = await drafted('charlie', 'news-1', {
      title: { de: 'Neues', en: 'News' },
      text,
      about: [{ resource: 'member', id: 'alpha' }],
    });
    expect(announcement).toMatchObject({ status: 'drafted', text, draft: { memberId: 'charlie' } });
    expect(await public_()).toEqual([]);
    expect((await cooperative.board('charlie').refused('announcements:draft', draft('news-1'))).code).toBe(
      'id-conflict',
    );
  });

  it.each([
    ['without German', { title: { en: 'News' }, text: { en: 'Text' } }, 'invalid-input'],
    ['with a title in English alone', { title: { de: 'Neues', en: 'News' } }, 'invalid-input'],
    ['with control characters', { text: { de: 'Bell \u0007' } }, 'invalid-input'],
    ['with direction characters', { title: { de: 'Neues \u202e' } }, 'invalid-input'],
    [
      'about something twice',
      { about: [1, 2].map(() => ({ resource: 'member', id: 'alpha' })) },
      'invalid-input',
    ],
    ['about what is no resource', { about: [{ resource: 'weather', id: 'alpha' }] }, 'invalid-input'],
    ['about an unknown member', { about: [{ resource: 'member', id: 'nobody' }] }, 'reference-unknown'],
    ['about an unknown service', { about: [{ resource: 'service', id: 'none' }] }, 'reference-unknown'],
    ['about an unknown resolution', { about: [{ resource: 'resolution', id: 'none' }] }, 'reference-unknown'],
    ['as a correction of nothing', { corrects: 'news-0' }, 'reference-unknown'],
    ['as a correction of itself', { corrects: 'news-1' }, 'reference-unknown'],
  ])('is refused %s', async (_what, change, code) => {
    const input = draft('news-1', change as Partial<Draft>);
    expect((await cooperative.board('charlie').refused('announcements:draft', input)).code).toBe(code);
  });

  it('is withdrawn by whoever made it, and then never released', async () => {
    await drafted('charlie', 'news-1');
    expect((await cooperative.board('alpha').refused('announcements:withdraw', { id: 'news-1' })).code).toBe(
      'organization-not-allowed',
    );
    const { withdrawal } = await cooperative
      .board('charlie')
      .call('announcements:withdraw', { id: 'news-1' });
    expect(withdrawal?.mspId).toBe('charlie-msp');
    expect(await status('news-1')).toBe('withdrawn');
    expect(await cooperative.board('alpha').refused('announcements:release', { id: 'news-1' })).toMatchObject(
      {
        code: 'wrong-status',
        data: { status: 'withdrawn', allowed: ['drafted'] },
      },
    );
  });

  it('is withdrawn by a board-holding organization once its member has left', async () => {
    await drafted('charlie', 'news-1');
    await cooperative.resigned('charlie');
    cooperative.world.pass({ days: 366 + 31 });
    expect((await cooperative.board('delta').refused('announcements:withdraw', { id: 'news-1' })).code).toBe(
      'organization-not-allowed',
    );
    await cooperative.board('bravo').call('announcements:withdraw', { id: 'news-1' });
    expect(await status('news-1')).toBe('withdrawn');
  });
});

describe('a release', () => {
  it('is a board-holding organization’s, at any time, and nobody else’s', async () => {
    await drafted('charlie', 'news-1');
    cooperative.world.pass({ days: 100 });
    for (const office of [cooperative.board('charlie'), cooperative.board('delta')])
      expect((await office.refused('announcements:release', { id: 'news-1' })).code).toBe(
        'organization-not-allowed',
      );
    const announcement = await release('news-1');
    expect(announcement).toMatchObject({ status: 'released', release: { recorded: { mspId: 'alpha-msp' } } });
    expect((await cooperative.board('bravo').refused('announcements:release', { id: 'news-1' })).code).toBe(
      'unchanged',
    );
    expect(
      (await cooperative.board('charlie').refused('announcements:withdraw', { id: 'news-1' })).code,
    ).toBe('wrong-status');
  });

  it('and a withdrawal at the same moment are one of both', async () => {
    await drafted('charlie', 'news-1');
    const acts = await Promise.all([
      cooperative.board('charlie').endorse('announcements:withdraw', { id: 'news-1' }),
      cooperative.board('alpha').endorse('announcements:release', { id: 'news-1' }),
    ]);
    expect(acts.map((each) => cooperative.world.commit(each))).toEqual([VALID, MVCC_READ_CONFLICT]);
    expect(await public_()).toEqual([]);
  });

  it('puts the newest first for the public', async () => {
    for (const id of ['news-b', 'news-c', 'news-a']) await drafted('charlie', id);
    for (const id of ['news-a', 'news-b', 'news-c']) {
      cooperative.world.pass({ days: 200 });
      await release(id);
    }
    expect(await public_()).toEqual(['news-c', 'news-b', 'news-a']);
    const reader = cooperative.auditor('delta');
    const first = await reader.call('announcements:released', { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(['news-c', 'news-b']);
    const rest = await reader.call('announcements:released', { limit: 2, bookmark: first.bookmark });
    expect(rest.items.map(({ id }) => id)).toEqual(['news-a']);
  });
});

describe('a correction', () => {
  beforeEach(() => released('news-1'));

  it('stands beside what it corrects, from its own release on', async () => {
    await drafted('delta', 'news-2', { corrects: 'news-1' });
    expect(await status('news-1')).toBe('released');
    cooperative.world.pass({ seconds: 60 });
    await release('news-2');
    const corrected = await cooperative.auditor('alpha').call('announcements:get', { id: 'news-1' });
    expect(corrected).toMatchObject({ status: 'corrected', correctedBy: { announcementId: 'news-2' } });
    expect(await public_()).toEqual(['news-2', 'news-1']);
    const { items } = await cooperative.auditor('alpha').call('announcements:history', { id: 'news-1' });
    expect(items.map(({ part }) => part)).toEqual(['announcement', 'release', 'correction']);
  });

  it('is one: a second has to correct the first', async () => {
    await drafted('delta', 'news-3', { corrects: 'news-1' });
    await released('news-2', { corrects: 'news-1' });
    for (const name of ['announcements:release', 'announcements:draft'] as const)
      expect(
        await cooperative
          .board('alpha')
          .refused(
            name,
            name === 'announcements:draft' ? draft('news-4', { corrects: 'news-1' }) : { id: 'news-3' },
          ),
      ).toMatchObject({ code: 'wrong-status', data: { status: 'corrected', allowed: ['released'] } });
    await released('news-5', { corrects: 'news-2' });
    expect(await status('news-2')).toBe('corrected');
  });

  it('is of what the public reads', async () => {
    await drafted('charlie', 'news-2');
    expect(
      (
        await cooperative
          .board('charlie')
          .refused('announcements:draft', draft('news-3', { corrects: 'news-2' }))
      ).code,
    ).toBe('wrong-status');
  });
});

describe('by the effect of a resolution', () => {
  it('is released when it is adopted, on whatever matter', async () => {
    await cooperative.applied('north');
    await drafted('charlie', 'news-1', { about: [{ resource: 'member', id: 'north' }] });
    const { matter, effects } = admission('north');
    const resolutionId = await cooperative.adopted({
      matter,
      effects: [...effects, ...announcing('news-1').effects],
    });
    const { contentSha256, release, ...rest } = await cooperative
      .auditor('alpha')
      .call('announcements:get', { id: 'news-1' });
    expect(rest.status).toBe('released');
    const resolution = await cooperative.auditor('alpha').call('resolutions:get', { id: resolutionId });
    expect(release).toEqual({ resolutionId, recorded: resolution.decision?.recorded });
    expect(resolution.effects[1]).toEqual({ kind: 'announce', announcementId: 'news-1', contentSha256 });
    expect(resolution.effectResults.map(({ failed }) => failed)).toEqual([undefined, undefined]);
    expect(await public_()).toEqual(['news-1']);
  });

  it('stays a draft when it is rejected', async () => {
    await drafted('charlie', 'news-1');
    const id = await cooperative.opened(announcing('news-1'));
    await cooperative.vote(id, { alpha: 'no', bravo: 'no', charlie: 'no' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(await status('news-1')).toBe('drafted');
    expect(await release('news-1')).not.toHaveProperty('release.resolutionId');
  });

  it('is neither released nor withdrawn otherwise while it is voted on', async () => {
    await drafted('charlie', 'news-1');
    const resolutionId = await cooperative.opened(announcing('news-1'));
    const claimed = { code: 'target-claimed', data: { resolutionId } };
    expect(await cooperative.board('alpha').refused('announcements:release', { id: 'news-1' })).toEqual(
      claimed,
    );
    expect(await cooperative.board('charlie').refused('announcements:withdraw', { id: 'news-1' })).toEqual(
      claimed,
    );
  });

  it('fails on its own where what it corrects has been corrected meanwhile', async () => {
    await released('news-1');
    await drafted('charlie', 'news-2', { corrects: 'news-1' });
    const id = await cooperative.opened(announcing('news-2'));
    await released('news-3', { corrects: 'news-1' });
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    const resolution = await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(resolution).toMatchObject({
      status: 'adopted',
      effectResults: [{ failed: 'what-it-corrects-is-corrected' }],
    });
    expect(await status('news-2')).toBe('drafted');
  });

  it.each([
    ['of nothing', announcing('news-0'), 'effect-invalid'],
    [
      'of another content',
      { effects: [{ kind: 'announce', announcementId: 'news-1', contentSha256: 'ab'.repeat(32) }] },
      'effect-invalid',
    ],
    ['of two at once', announcing('news-1', 'news-2'), 'effect-target-repeated'],
    [
      'alone on a matter that has an effect of its own',
      { matter: 'admission', ...announcing('news-1') },
      'effect-matter',
    ],
  ] satisfies [string, Partial<Proposal>, string][])('is refused %s', async (_what, change, code) => {
    await drafted('charlie', 'news-1');
    await drafted('charlie', 'news-2');
    const proposal = cooperative.proposal(change);
    expect((await cooperative.board('alpha').refused('resolutions:propose', proposal)).code).toBe(code);
  });
});

describe('the list', () => {
  beforeEach(async () => {
    await cooperative.board('alpha').call('members:apply', application('north'));
    await drafted('alpha', 'news-1', { about: [{ resource: 'member', id: 'north' }] });
    cooperative.world.pass({ days: 1 });
    await released('news-2', {
      about: [
        { resource: 'member', id: 'north' },
        { resource: 'member', id: 'alpha' },
      ],
    });
    cooperative.world.pass({ days: 1 });
    await drafted('charlie', 'news-3');
    await cooperative.board('charlie').call('announcements:withdraw', { id: 'news-3' });
  });

  it.each([
    [{}, ['news-1', 'news-2', 'news-3']],
    [{ status: 'drafted' }, ['news-1']],
    [{ status: 'released' }, ['news-2']],
    [{ member: 'charlie' }, ['news-2', 'news-3']],
    [{ member: 'charlie', status: 'withdrawn' }, ['news-3']],
    [{ about: 'member/north' }, ['news-1', 'news-2']],
    [{ about: 'member/north', status: 'released', member: 'charlie' }, ['news-2']],
    [{ about: 'resolution/north' }, []],
    [{ from: '2026-03-03', until: '2026-03-03' }, ['news-2']],
  ] satisfies [InputOf<'announcements:list'>, string[]][])('answers %j', async (query, ids) => {
    const { items } = await cooperative.auditor('delta').call('announcements:list', query);
    expect(items.map(({ id }) => id)).toEqual(ids);
  });
});
