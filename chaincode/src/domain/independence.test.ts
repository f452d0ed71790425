/** Members that change different records never conflict, whoever comes first. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputOf, SubmitName } from '../api/transactions';
import { Cooperative, DOCUMENT } from '../testing/cooperative';
import { EXISTING, project, service } from '../testing/resources';
import type { Endorsed, Office } from '../testing/world';

const TODAY = '2026-03-02';
const site = (id: string) => ({
  id,
  name: 'Data centre',
  kind: 'data-centre' as const,
  municipality: 'Kiel',
  runningSince: TODAY,
});
const draft = (id: string) => ({ id, title: { de: 'Bekanntmachung' }, text: { de: 'Etwas ist geschehen.' } });

/** An act of an office on a record that none of the others acts on. */
interface Act {
  readonly name: SubmitName;
  readonly endorse: () => Promise<Endorsed<unknown>>;
}

/** A cooperative with something of each kind, and acts on different records of it. */
async function busy(): Promise<{ cooperative: Cooperative; acts: Act[] }> {
  const cooperative = await Cooperative.founded(5);
  const [alpha, bravo, charlie, delta] = ['alpha', 'bravo', 'charlie', 'delta'].map((id) =>
    cooperative.board(id),
  ) as [Office, Office, Office, Office];
  const part = (member: string) => ({ project: 'led-by-alpha', member, role: 'operator' as const });
  const use = (member: string) => ({ service: 'of-bravo', member });
  await alpha.call('projects:propose', project({ id: 'led-by-alpha', ...EXISTING }));
  await bravo.call('projects:accept', { id: 'led-by-alpha' });
  await bravo.call('projects:propose', project({ id: 'led-by-bravo', ...EXISTING }));
  for (const member of ['charlie', 'delta']) await alpha.call('projects:proposeParticipation', part(member));
  await bravo.call('services:offer', service({ id: 'of-bravo' }));
  for (const member of ['charlie', 'delta']) await bravo.call('services:proposeUse', use(member));
  await charlie.call('sites:declare', site('of-charlie'));
  await charlie.call('announcements:draft', draft('of-charlie'));
  await delta.call('announcements:draft', draft('of-delta'));
  const resolution = await cooperative.opened();

  const act = <N extends SubmitName>(office: Office, name: N, input: InputOf<N>): Act => ({
    name,
    endorse: () => office.endorse(name, input),
  });
  const evidence = { ...DOCUMENT };
  const acts = [
    act(alpha, 'projects:advance', {
      id: 'led-by-alpha',
      phase: 'in-introduction',
      on: TODAY,
      evidence,
    }),
    act(alpha, 'projects:accept', { id: 'led-by-bravo' }),
    act(delta, 'projects:propose', project({ id: 'led-by-delta', ...EXISTING })),
    act(cooperative.representative('charlie'), 'projects:acceptParticipation', part('charlie')),
    act(cooperative.representative('delta'), 'projects:declineParticipation', part('delta')),
    act(cooperative.representative('echo'), 'projects:proposeParticipation', part('echo')),
    act(bravo, 'services:advance', { id: 'of-bravo', status: 'pilot', on: TODAY }),
    act(cooperative.representative('charlie'), 'services:acceptUse', use('charlie')),
    act(cooperative.representative('delta'), 'services:declineUse', use('delta')),
    act(delta, 'services:offer', service({ id: 'of-delta' })),
    act(charlie, 'nodes:declare', { id: 'peer-of-charlie', site: 'of-charlie', kind: 'gateway' }),
    act(delta, 'sites:declare', site('of-delta')),
    act(bravo, 'announcements:release', { id: 'of-charlie' }),
    act(delta, 'announcements:withdraw', { id: 'of-delta' }),
    act(alpha, 'announcements:draft', draft('of-alpha')),
    act(charlie, 'documents:share', {
      id: 'manual',
      title: 'Manual',
      focusAreas: ['blockchain'],
      document: { ...DOCUMENT },
      licence: 'CC-BY-4.0',
    }),
    act(cooperative.representative('echo'), 'resolutions:vote', { id: resolution, choice: 'yes' }),
    act(charlie, 'members:change', { id: 'charlie', change: { office: 'Managing board' } }),
  ];
  return { cooperative, acts };
}

describe('acts on different records', () => {
  let count = 0;
  beforeAll(async () => {
    count = (await busy()).acts.length;
  });

  it('never conflict when they are endorsed at the same moment, in whatever order they are committed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          Array.from({ length: count }, (_, index) => index),
          { minLength: count },
        ),
        async (order) => {
          const { cooperative, acts } = await busy();
          const endorsed = await Promise.all(acts.map(({ endorse }) => endorse()));
          const codes = order.map((index) => [
            acts[index]?.name,
            cooperative.world.commit(endorsed[index] as Endorsed<unknown>),
          ]);
          expect(codes.filter(([, code]) => code !== 0)).toEqual([]);
        },
      ),
      { numRuns: 5 },
    );
  });
});
