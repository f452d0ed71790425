import type { StoryEnd } from 'umlauf-network';
import { expect, it } from 'vitest';
import { umlauf } from '../harness/command.js';
import { ENGINE } from '../harness/consortium.js';

it('the story of the sources ends as it did', async () => {
  const demo = umlauf('demo', '--json', '--engine', ENGINE);
  const code = await demo.exit;
  expect({ code, stderr: demo.stderr() }).toEqual({ code: 0, stderr: '' });
  const lines = demo
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const { members, resolutions, projects, participations, services, uses, announcements, sites, nodes } =
    lines.at(-1) as unknown as StoryEnd;

  expect(members.filter(({ status }) => status === 'admitted')).toHaveLength(19);
  expect(members.find(({ id }) => id === 'north-rhine-westphalia')).toMatchObject({
    status: 'admitted',
    office: 'CIO',
    operator: 'IT.NRW',
    admission: { resolutionId: 'admission-north-rhine-westphalia' },
  });
  expect(members.find(({ id }) => id === 'fictional-provider')).toMatchObject({ status: 'rejected' });
  const outcome = (id: string) => resolutions.find((resolution) => resolution.id === id);
  expect(outcome('admission-north-rhine-westphalia')).toMatchObject({
    status: 'adopted',
    tally: { yes: 17, notCast: 0 },
  });
  expect(outcome('admission-fictional-provider')).toMatchObject({
    status: 'rejected',
    tally: { no: 1, notCast: 17 },
  });
  expect(outcome('admission-bavaria')).toMatchObject({ status: 'adopted', tally: { yes: 18, notCast: 0 } });
  const nrw = outcome('admission-bavaria')?.decision?.ballots.find(
    ({ memberId }) => memberId === 'north-rhine-westphalia',
  );
  expect(lines).toContainEqual(expect.objectContaining({ transactionId: nrw?.transactionId }));
  expect(lines.filter(({ transactionId }) => transactionId !== undefined).length).toBeGreaterThan(50);

  expect(projects).toMatchObject([
    { id: 'joint-blockchain-infrastructure', origin: 'existing', status: 'in-operation' },
    {
      id: 'digital-credentials',
      status: 'approved',
      approved: { resolutionId: 'founding-digital-credentials' },
    },
  ]);
  const agreed = (of: { status: string; memberId: string }[]) =>
    of.filter(({ status }) => status === 'agreed').map(({ memberId }) => memberId);
  expect(agreed(participations)).toEqual(['north-rhine-westphalia', 'bavaria', 'north-rhine-westphalia']);
  expect(services).toMatchObject([{ memberId: 'north-rhine-westphalia', project: 'digital-credentials' }]);
  expect(agreed(uses)).toEqual(['bavaria']);
  expect(sites.map(({ memberId }) => memberId).sort()).toEqual(
    members.filter(({ status }) => status === 'admitted').map(({ id }) => id),
  );
  expect(nodes.filter(({ carries }) => carries !== undefined)).toHaveLength(4);
  expect(announcements.map(({ status }) => status)).toEqual(['released', 'released']);
});
