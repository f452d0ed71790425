import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Member } from 'umlauf-chaincode/api';
import { all, call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { umlauf, type Command } from '../harness/command.js';
import { ENGINE } from '../harness/consortium.js';

let home: string;
const started: Command[] = [];
beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'umlauf-start-'))));
afterAll(async () => {
  for (const { process: child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ exit }) => exit));
  rmSync(home, { recursive: true, force: true });
});

const endpointsFile = () => join(home, 'endpoints.json');
const endpoints = () => JSON.parse(readFileSync(endpointsFile(), 'utf8')) as GatewayAccess[];

async function start(...options: string[]): Promise<Command> {
  const command = umlauf('start', '--home', home, '--engine', ENGINE, ...options);
  started.push(command);
  await command.shows(options.includes('--json') ? '{"up":' : 'Stop with Ctrl-C');
  return command;
}

describe('umlauf start', () => {
  let first: Command;

  it('brings up four members, each with its own gateway', async () => {
    first = await start();
    expect(endpoints().map(({ memberId }) => memberId)).toEqual([
      'bundesdruckerei',
      'itdz-berlin',
      'municipal-provider-1',
      'municipal-provider-2',
    ]);
    for (const { memberId, mspId, url } of endpoints()) {
      expect(first.stdout()).toMatch(new RegExp(`${memberId} +${mspId} +${url.replaceAll('.', '\\.')}`));
      expect(new URL(url).hostname).toBe('127.0.0.1');
      expect((await fetch(`${url}/api/v1/health/ready`)).status).toBe(200);
      expect((await fetch(url)).status).toBe(404);
    }
    expect(statSync(endpointsFile()).mode & 0o777).toBe(0o600);
  });

  it('keeps ready bodies for the listed applicants', () => {
    for (const id of ['north-rhine-westphalia', 'bavaria'])
      expect(JSON.parse(readFileSync(join(home, 'applicants', `${id}.json`), 'utf8'))).toMatchObject({ id });
  });

  it('refuses a second start on the same home and names the first', async () => {
    const second = umlauf('start', '--home', home);
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toContain(`in use by process ${first.process.pid ?? 0}`);
    expect(second.stderr().trim().split('\n')).toHaveLength(1);
    expect(endpoints()).toHaveLength(4);
  });

  it('prints tokens for the offices', async () => {
    const token = umlauf('token', 'itdz-berlin', 'board', '--home', home);
    expect(await token.exit).toBe(0);
    expect(token.stdout().trim()).toBe(
      endpoints().find(({ memberId }) => memberId === 'itdz-berlin')?.tokens.board,
    );
  });

  it('shuts down cleanly on Ctrl-C and goes on at the same addresses', async () => {
    const [gateway] = endpoints();
    await call(gateway!, 'board', 'PATCH', '/members/bundesdruckerei', { body: { operator: 'Betrieb' } });
    const urls = endpoints().map(({ url }) => url);
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
    expect(first.stderr()).toBe('');
    expect(existsSync(endpointsFile())).toBe(false);
    expect(existsSync(join(home, 'lock'))).toBe(false);
    first = await start();
    expect(endpoints().map(({ url }) => url)).toEqual(urls);
    const { body } = await call<Member>(endpoints()[0]!, 'auditor', 'GET', '/members/bundesdruckerei');
    expect(body.operator).toBe('Betrieb');
  });

  it('goes on after a kill with nothing lost', async () => {
    await call(endpoints()[0]!, 'board', 'PATCH', '/members/bundesdruckerei', {
      body: { operator: 'Zweiter Betrieb' },
    });
    first.process.kill('SIGKILL');
    await first.exit;
    first = await start();
    const { body } = await call<Member>(endpoints()[0]!, 'auditor', 'GET', '/members/bundesdruckerei');
    expect(body.operator).toBe('Zweiter Betrieb');
  });

  it('begins anew with --fresh', async () => {
    first.process.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    first = await start('--fresh', '--json');
    const members = await all<Member>(endpoints()[0]!, 'auditor', '/members');
    expect(members.map(({ operator }) => operator)).toEqual([undefined, undefined, undefined, undefined]);
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });

  it('tells scripts in JSON, a line each, what people are told', () => {
    const told = first
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const kinds = told.map((each) => Object.keys(each)[0]);
    expect(kinds.slice(-3)).toEqual(['up', 'stopping', 'stopped']);
    expect(new Set(kinds.slice(0, -3))).toEqual(new Set(['step']));
    expect(told.at(-3)?.['up']).toContainEqual(expect.objectContaining({ memberId: 'itdz-berlin' }));
    expect(first.stdout()).not.toContain('tokens');
  });
});

describe('the command line', () => {
  it.each([
    [['start', '--consortium', '/nowhere.yaml'], '/nowhere.yaml: cannot be read'],
    [['start', '--home', '/dev/null/umlauf'], '/dev/null/umlauf: cannot be used as a home'],
    [['start', '--engine', 'paper'], "argument 'paper' is invalid"],
    [
      ['start', '--engine', 'embedded', '--orderers', '5'],
      '--orderers 5: the embedded network orders in one place',
    ],
    [['begin'], "unknown command 'begin'"],
    [['token', 'itdz-berlin', 'chancellor'], "argument value 'chancellor' is invalid"],
    [['token', 'itdz-berlin', 'board', '--home', '/nowhere'], 'no consortium is running'],
  ])('refuses %j', async (args, message) => {
    const command = umlauf(...args);
    expect(await command.exit).toBe(1);
    expect(command.stderr()).toContain(message);
    expect(command.stdout()).toBe('');
  });

  it.each([[['--help']], [['start', '--help']], [['demo', '--help']], [['token', '--help']]])(
    'explains itself: %j',
    async (args) => {
      const command = umlauf(...args);
      expect(await command.exit).toBe(0);
      expect(command.stdout()).toContain('Usage: umlauf');
    },
  );
});
