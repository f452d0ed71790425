/** What members do at the command line, through any gateway. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ballot, Member, Participation, Project, Resolution, Service, Use } from 'umlauf-chaincode/api';
import type { LedgerEvent } from 'umlauf-client';
import { CommandLine } from '../harness/command-line.js';
import { umlauf } from '../harness/command.js';
import { recordOnly } from '../harness/consortium.js';
import { today } from '../harness/day.js';
import { inline } from '../harness/inline-command.js';

let line: CommandLine;
beforeAll(async () => {
  line = await CommandLine.start();
}, 120_000);
afterAll(async () => await line.stop());

it('applies, proposes, opens, votes and sees what was decided', async () => {
  const application = line.file('application.json', line.consortium.application('north-rhine-westphalia'));
  const applied = await line.run<Member>('itdz-berlin', 'board', 'member', 'apply', application);
  expect(applied).toMatchObject({ id: 'north-rhine-westphalia', status: 'applied' });
  const proposal = line.file('proposal.json', recordOnly('noted'));
  const key = ['--idempotency-key', 'noted-once'];
  const proposed = await line.run<Resolution>(
    'itdz-berlin',
    'board',
    'resolution',
    'propose',
    proposal,
    ...key,
  );
  expect(await line.run('itdz-berlin', 'board', 'resolution', 'propose', proposal, ...key)).toEqual(proposed);
  await line.run('bundesdruckerei', 'board', 'resolution', 'open', 'noted');
  for (const { memberId } of line.consortium.gateways.slice(0, 3))
    expect(
      await line.run<Ballot>(memberId, 'representative', 'resolution', 'vote', 'noted', 'yes'),
    ).toMatchObject({ memberId, choice: 'yes' });
  const decided = await line.run<Resolution>('itdz-berlin', 'board', 'resolution', 'decide', 'noted');
  expect(decided.status).toBe('adopted');
  const shown = await line.run<Resolution & { ballots: Ballot[] }>(
    ...(['itdz-berlin', 'auditor', 'resolution', 'show', 'noted'] as const),
  );
  expect(shown.ballots.filter(({ status }) => status === 'cast')).toHaveLength(3);
});

it('brings a project in, accepts it, and agrees on who takes part', async () => {
  const project = line.file('project.json', {
    id: 'joint-ledger',
    title: 'Joint ledger',
    purpose: 'Members run a ledger together.',
    focusAreas: ['blockchain'],
    kind: 'joint-operation',
    existing: { phase: 'in-introduction' },
  });
  await line.run<Project>('itdz-berlin', 'board', 'project', 'propose', project);
  await line.run<Project>('bundesdruckerei', 'board', 'project', 'accept', 'joint-ledger');
  const evidence = ['--on', today(), '--evidence', project];
  const advanced = ['project', 'advance', 'joint-ledger', 'in-operation', ...evidence];
  expect(await line.run<Project>('itdz-berlin', 'board', ...advanced)).toMatchObject({
    status: 'in-operation',
    phases: [{ evidence: { name: 'project.json', mediaType: 'application/json' } }],
  });
  const part = ['joint-ledger', 'bundesdruckerei', 'operator'];
  await line.run('itdz-berlin', 'board', 'participation', 'propose', ...part);
  expect(
    await line.run<Participation>('bundesdruckerei', 'representative', 'participation', 'accept', ...part),
  ).toMatchObject({ status: 'agreed' });
  const shown = await inline('project', 'show', 'joint-ledger', ...line.access('bundesdruckerei', 'auditor'));
  expect(shown.stdout).toMatch(/^project +joint-ledger$/m);
  expect(shown.stdout).toMatch(/joint-ledger +bundesdruckerei +operator +agreed/);
});

it('offers a service, agrees on its use and announces its last day', async () => {
  const service = line.file('service.json', {
    id: 'proof-check',
    name: 'Certificate verification',
    provider: { body: 'Senate Chancellery', level: 'state' },
    focusAreas: ['blockchain'],
    description: { de: 'Prüft Nachweise.' },
  });
  const board = <T>(...args: string[]) => line.run<T>('itdz-berlin', 'board', ...args);
  await board('service', 'offer', service);
  expect(await board('service', 'advance', 'proof-check', 'available', '--on', today())).toMatchObject({
    status: 'available',
  });
  const address = line.file('address.json', { address: 'https://proof.example.org' });
  await board('service', 'change', 'proof-check', address);
  const use = ['proof-check', 'bundesdruckerei'];
  await line.run('bundesdruckerei', 'representative', 'use', 'propose', ...use);
  expect(await board<Use>('use', 'accept', ...use)).toMatchObject({ status: 'agreed' });
  const notice = ['--on', '2099-12-31', '--document', service];
  expect(await board<Service>('service', 'announce-withdrawal', 'proof-check', ...notice)).toMatchObject({
    status: 'being-withdrawn',
    lastDay: '2099-12-31',
  });
  const shown = await inline('service', 'show', 'proof-check', ...line.access('bundesdruckerei', 'auditor'));
  expect(shown.stdout).toMatch(/^address +https:\/\/proof\.example\.org$/m);
  expect(shown.stdout).toMatch(/proof-check +bundesdruckerei +agreed/);
  const early = await inline('service', 'withdraw', 'proof-check', ...line.access('itdz-berlin', 'board'));
  expect(early.stderr).toMatch(/^umlauf: withdrawal-not-due: .*\(lastDay 2099-12-31\)\n$/);
});

it('shows tables to people', async () => {
  const auditor = line.access('itdz-berlin', 'auditor');
  const members = await inline('member', 'list', '--status', 'admitted', ...auditor);
  expect(members.stdout.split('\n')[0]).toMatch(/^MEMBER +STATUS +LEVELS +JOINED +NAME$/);
  expect(members.stdout.trim().split('\n')).toHaveLength(5);
  const resolutions = await inline('resolution', 'list', ...auditor);
  expect(resolutions.stdout).toMatch(/^noted +adopted +ordinary .* 3 yes, 0 no, 0 abstentions, 1 not cast/m);
});

it.each([
  [['member', 'show', 'nobody-known'], /^umlauf: not-found: .*\(resource member\)\n$/],
  [['resolution', 'list', '--status', 'lost'], /^umlauf: invalid-input: .*\(status: .*\)\n$/],
  [['resolution', 'vote', 'noted', 'yes'], /^umlauf: role-not-allowed: .*roles representative/],
])('says in one line what is refused: %j', async (args, complaint) => {
  const { code, stdout, stderr } = await inline(...args, ...line.access('itdz-berlin', 'auditor'));
  expect(stderr).toMatch(complaint);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

it('watches the ledger until it is interrupted', async () => {
  const watching = umlauf(
    'watch',
    ...line.access('itdz-berlin', 'auditor'),
    '--from',
    '0',
    '--type',
    'ballot.cast',
    '--json',
  );
  await watching.shows('"memberId":"municipal-provider-1"');
  watching.process.kill('SIGINT');
  expect(await watching.exit).toBe(0);
  const events = watching
    .stdout()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as LedgerEvent);
  expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set(['resolutions/noted']));
});
