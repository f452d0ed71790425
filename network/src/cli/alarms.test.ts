import { expect, it } from 'vitest';
import { alarmsOf, describeAlarm, type AlarmFacts } from './alarms.js';

const WELL: AlarmFacts = { points: [], chaincode: undefined, orderers: [], consenters: undefined };
const orderers = (...heights: (number | undefined)[]) =>
  heights.map((height, index) => ({ memberId: `member-${index + 1}`, height }));

it.each([
  ['all of five answer', orderers(7, 7, 7, 7, 7), 5, 0],
  ['four of five', orderers(7, 7, 7, 7, undefined), 5, 0],
  ['three of five', orderers(7, 7, 7, undefined, undefined), 5, 1],
  ['three of four', orderers(7, 7, 7, undefined), 4, 0],
  ['two of four, as far as anybody tells', orderers(7, 7, undefined, undefined), undefined, 1],
  ['one is silent here, four are elsewhere', orderers(undefined), 5, 0],
  ['one process is all of them', [], undefined, 0],
])('orderers: %s', (_, here, consenters, count) => {
  expect(alarmsOf({ ...WELL, orderers: here, consenters })).toHaveLength(count);
});

it('too few orderers are counted, and the silent ones named', () => {
  const [alarm] = alarmsOf({ ...WELL, orderers: orderers(7, 7, 7, undefined, undefined), consenters: 5 });
  expect(alarm && describeAlarm(alarm)).toBe(
    'nothing can be written: 3 of 5 orderers answer, 4 are needed; silent: member-4, member-5. → umlauf logs orderer',
  );
});

it('an alarm names whom it concerns and the command that helps', () => {
  const points = [
    { kind: 'member-not-on-network', memberId: 'bavaria', mspId: 'BavariaMSP', detail: 'It waits.' },
    { kind: 'organization-not-covered', mspId: 'OtherMSP', detail: 'Nothing covers it.' },
  ].map((point) => ({ id: 'x', status: 'open', ...point })) as unknown as AlarmFacts['points'];
  const chaincode = {
    name: 'umlauf',
    version: '1',
    sequence: 1,
    packageId: undefined,
    unapproved: ['NewMSP'],
  };
  expect(alarmsOf({ ...WELL, points, chaincode }).map(describeAlarm)).toEqual([
    'bavaria: It waits. → umlauf org add bavaria',
    'OtherMSP: Nothing covers it. → umlauf org remove MEMBER, or the resolution that covers it',
    'NewMSP: has not approved umlauf: it endorses nothing. → umlauf chaincode deploy',
  ]);
});
