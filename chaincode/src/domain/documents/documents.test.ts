import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InputOf } from '../../api/transactions';
import { Cooperative, DOCUMENT, bylaws } from '../../testing/cooperative';
import { MVCC_READ_CONFLICT, VALID } from '../../testing/fake-ledger';
import { unique } from '../primitives';

type Share = InputOf<'documents:share'>;
const share = (id: string, change: Partial<Share> = {}): Share => ({
  id,
  title: 'Operating manual',
  focusAreas: ['blockchain'],
  document: { ...DOCUMENT },
  licence: 'CC-BY-4.0',
  ...change,
});

const AREAS = [
  { id: 'blockchain', name: 'Blockchain' },
  { id: 'sovereignty', name: 'Digital sovereignty' },
];
let cooperative: Cooperative;
beforeEach(async () => {
  cooperative = await Cooperative.founded(4, { focusAreas: AREAS });
});
const shared = (memberId: string, id: string, change: Partial<Share> = {}) =>
  cooperative.board(memberId).call('documents:share', share(id, change));
const refused = (memberId: string, id: string, change: Partial<Share> = {}) =>
  cooperative.board(memberId).refused('documents:share', share(id, change));
const get = (id: string) => cooperative.auditor('delta').call('documents:get', { id });
const list = async (query: InputOf<'documents:list'>) =>
  (await cooperative.auditor('delta').call('documents:list', query)).items.map(({ id }) => id);

describe('sharing a document', () => {
  it('is done by the board of any admitted member, for all to read', async () => {
    const { now } = cooperative.world;
    const document = await shared('charlie', 'manual-1', { language: 'de' });
    expect(document).toMatchObject({
      id: 'manual-1',
      status: 'current',
      memberId: 'charlie',
      language: 'de',
    });
    expect(document.recorded).toMatchObject({ at: new Date(now).toISOString(), role: 'board' });
    expect(await get('manual-1')).toEqual(document);
    expect(cooperative.world.facts.at(-1)).toEqual({
      type: 'document.shared',
      id: 'manual-1',
      data: { memberId: 'charlie' },
    });
  });

  it('tells the same again from something else under the same id', async () => {
    await shared('charlie', 'manual-1');
    expect((await refused('charlie', 'manual-1')).code).toBe('unchanged');
    expect((await refused('charlie', 'manual-1', { title: 'Other' })).code).toBe('id-conflict');
  });

  it.each([
    ['no focus area', { focusAreas: [] }, 'invalid-input'],
    ['one twice', { focusAreas: ['blockchain', 'blockchain'] }, 'invalid-input'],
    ['one that the bylaws do not name', { focusAreas: ['blockchain', 'cooking'] }, 'reference-unknown'],
    ['an unknown former version', { supersedes: 'manual-0' }, 'reference-unknown'],
    ['itself as the former version', { supersedes: 'manual-1' }, 'reference-unknown'],
    ['direction characters', { title: 'Manual \u202efdp' }, 'invalid-input'],
    ['a script for an address', { document: { ...DOCUMENT, uri: 'javascript:alert(1)' } }, 'invalid-input'],
  ])('is refused with %s', async (_what, change, code) => {
    expect((await refused('charlie', 'manual-1', change)).code).toBe(code);
  });

  it('is nobody’s who represents or audits', async () => {
    for (const office of [cooperative.representative('alpha'), cooperative.auditor('alpha')])
      expect((await office.refused('documents:share', share('manual-1'))).code).toBe('role-not-allowed');
  });
});

describe('a new version', () => {
  beforeEach(() => shared('charlie', 'manual-1'));

  it('takes the place of the former, which stays', async () => {
    const next = await shared('charlie', 'manual-2', { supersedes: 'manual-1' });
    expect(next.status).toBe('current');
    expect(await get('manual-1')).toMatchObject({
      status: 'superseded',
      supersededBy: { documentId: 'manual-2', recorded: next.recorded },
    });
    expect(cooperative.world.facts.slice(-2).map(({ type, id }) => [type, id])).toEqual([
      ['document.shared', 'manual-2'],
      ['document.superseded', 'manual-1'],
    ]);
    const { items } = await cooperative.auditor('alpha').call('documents:history', { id: 'manual-1' });
    expect(items.map(({ part }) => part)).toEqual(['document', 'supersession']);
  });

  it('is the same member’s alone', async () => {
    expect(await refused('alpha', 'manual-2', { supersedes: 'manual-1' })).toMatchObject({
      code: 'organization-not-allowed',
      data: { act: 'supersede-document' },
    });
  });

  it('is one: the line never forks', async () => {
    await shared('charlie', 'manual-2', { supersedes: 'manual-1' });
    expect(await refused('charlie', 'manual-3', { supersedes: 'manual-1' })).toMatchObject({
      code: 'wrong-status',
      data: { status: 'superseded', allowed: ['current'] },
    });
    expect((await refused('charlie', 'manual-2', { supersedes: 'manual-1' })).code).toBe('unchanged');
  });

  it('is one also of two that come at the same moment', async () => {
    const board = cooperative.board('charlie');
    const rivals = await Promise.all(
      ['manual-2', 'manual-3'].map((id) =>
        board.endorse('documents:share', share(id, { supersedes: 'manual-1' })),
      ),
    );
    expect(rivals.map((each) => cooperative.world.commit(each))).toEqual([VALID, MVCC_READ_CONFLICT]);
  });

  it('never closes a circle, whatever names what', async () => {
    const IDS = ['doc-a', 'doc-b', 'doc-c', 'doc-d'];
    const one = fc.record({
      id: fc.constantFrom(...IDS),
      supersedes: fc.option(fc.constantFrom(...IDS), { nil: undefined }),
      by: fc.constantFrom('alpha', 'charlie'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 8 }), async (shares) => {
        cooperative = await Cooperative.founded(4, { focusAreas: AREAS });
        for (const { id, supersedes, by } of shares)
          await shared(by, id, supersedes === undefined ? {} : { supersedes }).catch(() => undefined);
        const { items } = await cooperative.auditor('alpha').call('documents:list', {});
        const superseded = items.flatMap(({ supersedes = [] }) => supersedes);
        expect(unique(superseded)).toBe(true);
        for (const { id, status, memberId, supersededBy } of items) {
          expect(status).toBe(superseded.includes(id) ? 'superseded' : 'current');
          const next = items.find((each) => each.id === supersededBy?.documentId);
          expect(next?.supersedes).toBe(supersededBy && id);
          if (next) expect(next.memberId).toBe(memberId);
          const seen = new Set<string>();
          for (let at: string | undefined = id; at; at = items.find((each) => each.id === at)?.supersedes) {
            expect(seen.has(at)).toBe(false);
            seen.add(at);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('the list', () => {
  const OTHER = 'cd'.repeat(32);
  beforeEach(async () => {
    await shared('alpha', 'doc-1');
    cooperative.world.pass({ days: 1 });
    await shared('charlie', 'doc-2', { focusAreas: ['blockchain', 'sovereignty'] });
    cooperative.world.pass({ days: 1 });
    await shared('charlie', 'doc-3', {
      focusAreas: ['sovereignty'],
      supersedes: 'doc-2',
      document: { ...DOCUMENT, sha256: OTHER },
    });
  });

  it.each([
    [{}, ['doc-1', 'doc-2', 'doc-3']],
    [{ member: 'charlie' }, ['doc-2', 'doc-3']],
    [{ focusArea: 'blockchain' }, ['doc-1', 'doc-2']],
    [{ focusArea: 'sovereignty', status: 'current' }, ['doc-3']],
    [{ status: 'superseded' }, ['doc-2']],
    [{ status: 'superseded', member: 'alpha' }, []],
    [{ sha256: OTHER }, ['doc-3']],
    [
      { sha256: DOCUMENT.sha256, member: 'charlie', focusArea: 'sovereignty', status: 'superseded' },
      ['doc-2'],
    ],
    [{ from: '2026-03-03' }, ['doc-2', 'doc-3']],
    [{ until: '2026-03-03' }, ['doc-1', 'doc-2']],
    [{ from: '2026-03-03', until: '2026-03-03', member: 'charlie' }, ['doc-2']],
    [{ from: '2026-03-05' }, []],
  ] satisfies [InputOf<'documents:list'>, string[]][])('answers %j', async (query, ids) => {
    expect(await list(query)).toEqual(ids);
  });

  it('is cut into pages within its bounds', async () => {
    const auditor = cooperative.auditor('alpha');
    const query = { until: '2026-03-03', limit: 1 };
    const first = await auditor.call('documents:list', query);
    expect(first.items.map(({ id }) => id)).toEqual(['doc-1']);
    const second = await auditor.call('documents:list', { ...query, bookmark: first.bookmark });
    expect(second.items.map(({ id }) => id)).toEqual(['doc-2']);
    expect(second.bookmark).toBeUndefined();
  });

  it('counts days in the time zone of the bylaws', async () => {
    // Half past midnight in Berlin, the day before in UTC.
    cooperative.world.now = Date.parse('2026-03-09T23:30:00.000Z');
    await shared('alpha', 'doc-4');
    expect(await list({ from: '2026-03-10' })).toEqual(['doc-4']);
    expect(await list({ until: '2026-03-09' })).not.toContain('doc-4');
  });
});

it('keeps a document whose focus area the bylaws name no more', async () => {
  await shared('alpha', 'doc-1');
  const id = await cooperative.adopted({
    matter: 'bylaws-amendment',
    effects: [
      {
        kind: 'amend-bylaws',
        base: 'foundation',
        bylaws: bylaws(['alpha', 'bravo'], { focusAreas: AREAS.slice(1) }),
      },
    ],
  });
  await cooperative
    .board('alpha')
    .call('resolutions:register', { id, date: cooperative.world.instant.slice(0, 10) });
  expect(await list({ focusArea: 'blockchain' })).toEqual(['doc-1']);
  expect((await refused('alpha', 'doc-2')).code).toBe('reference-unknown');
});
