import { expect, it } from 'vitest';
import type { OpenPointKind } from '../open-points';
import { Cooperative } from '../../testing/cooperative';
import { EXISTING, project } from '../../testing/resources';

const INVITED = 60;
const OPEN = 80;
const SITES = 120;
const FOUNDED = '2026-03-02';

async function withInvitations(): Promise<Cooperative> {
  const cooperative = await Cooperative.founded();
  const lead = cooperative.board('charlie');
  for (let index = 0; index < INVITED; index += 1) {
    const id = `project-${String(index).padStart(2, '0')}`;
    await lead.call('projects:propose', project({ id, ...EXISTING }));
    await lead.call('projects:proposeParticipation', { project: id, member: 'delta', role: 'user' });
  }
  return cooperative;
}

/** The ids of all points, page by page, and how many keys the page read that read most. */
async function pages(
  cooperative: Cooperative,
  filter: { limit: number; kind?: OpenPointKind },
): Promise<{ shown: string[]; mostReads: number }> {
  const auditor = cooperative.auditor('alpha');
  const shown: string[] = [];
  let mostReads = 0;
  let bookmark: string | undefined;
  do {
    const input = { ...filter, ...(bookmark && { bookmark }) };
    const { simulation } = await cooperative.world.endorse(auditor, 'members:openPoints', input);
    mostReads = Math.max(mostReads, simulation.reads.size);
    const page = await auditor.call('members:openPoints', input);
    shown.push(...page.items.map(({ id }) => id));
    bookmark = page.bookmark;
  } while (bookmark !== undefined);
  return { shown, mostReads };
}

it('a page of open points reads what it shows, however much waits', async () => {
  const cooperative = await withInvitations();
  const { world } = cooperative;
  const auditor = cooperative.auditor('alpha');
  const reads = async (input: { limit: number; kind?: 'resolution-due' }) =>
    (await world.endorse(auditor, 'members:openPoints', input)).simulation.reads.size;
  const none = await reads({ limit: 1, kind: 'resolution-due' });
  const [one, eleven] = [await reads({ limit: 1 }), await reads({ limit: 11 })];
  expect(none).toBeLessThan(one);
  // Each invitation: its holding, both sides' keys, and no more.
  expect(eleven - one).toBe(10 * 3);

  const { shown } = await pages(cooperative, { limit: 25 });
  expect(shown).toEqual(
    Array.from(
      { length: INVITED },
      (_, index) => `participation-awaiting.project-${String(index).padStart(2, '0')}.delta.user`,
    ),
  );
});

it('a page looks at few of the votes that are open, and all pages show every point', async () => {
  const cooperative = await Cooperative.founded();
  const opened: string[] = [];
  for (let index = 0; index < OPEN; index += 1)
    opened.push(await cooperative.opened({ majority: 'unanimous' }));
  const [first = '', ...others] = opened;
  const last = others.at(-1) ?? '';
  const yes = { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' } as const;
  for (const id of [first, last]) await cooperative.vote(id, yes);

  const { shown, mostReads } = await pages(cooperative, { kind: 'resolution-due', limit: 200 });
  expect(mostReads).toBeLessThan(200);
  expect(shown).toEqual([first, last].map((id) => `resolution-due.${id}`));
});

it('a page looks at few of what a member that has left ran once', async () => {
  const cooperative = await Cooperative.founded();
  const charlie = cooperative.board('charlie');
  for (let index = 0; index < SITES; index += 1) {
    const id = `site-${String(index).padStart(3, '0')}`;
    await charlie.call('sites:declare', {
      id,
      name: 'A site',
      kind: 'cloud',
      municipality: 'Kiel',
      runningSince: FOUNDED,
    });
    if (index > 0 && index < SITES - 1) await charlie.call('sites:end', { id, on: FOUNDED });
  }
  await cooperative.resigned('charlie');
  cooperative.world.pass({ days: 800 });

  const { shown, mostReads } = await pages(cooperative, { kind: 'site-of-former-member', limit: 200 });
  expect(mostReads).toBeLessThan(100);
  expect(shown).toEqual(['000', String(SITES - 1)].map((name) => `site-of-former-member.site-${name}`));
});

it('open points of one kind are those of all kinds that are of it', async () => {
  const cooperative = await Cooperative.founded();
  await cooperative.admitted('north');
  const proposed = await cooperative.proposed();
  const auditor = cooperative.auditor('alpha');
  const { items } = await auditor.call('members:openPoints', {});
  expect(items.map(({ id }) => id)).toEqual([
    'member-not-on-network.north',
    `receipt-due.${proposed}`,
    `opening-due.${proposed}`,
  ]);
  for (const { kind } of items)
    expect(await auditor.call('members:openPoints', { kind })).toEqual({
      items: items.filter((each) => each.kind === kind),
    });
});
