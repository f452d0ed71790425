/** An embedded run in which every act is played: it holds; forged by those who hold every key, it doesn't. */
import { keys, type MemberRecord } from 'umlauf-chaincode/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, Finding, Report } from './report.js';
import type { Change } from './testing/attack.js';
import { completeEnding } from './testing/ending.js';
import { Forger } from './testing/forge.js';
import { REGISTER_ATTACKS } from './testing/register-attacks.js';
import { TestRun } from './testing/run.js';
import { FOUNDERS, playScenario } from './testing/scenario.js';
import { VOTE_ATTACKS } from './testing/vote-attacks.js';
import { verify } from './verify.js';

let run: TestRun;
let blocks: Uint8Array[];
let forger: Forger;

beforeAll(async () => {
  run = await TestRun.start();
  await playScenario(run);
  blocks = run.blocks();
  forger = new Forger(blocks, run.organizations);
}, 60_000);
afterAll(() => run.stop());

describe('A chain on which every act was played', () => {
  it('holds, and is told whole', async () => {
    const report = await verify(blocks);
    expect(report.findings).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.height).toBe(blocks.length);
    expect(report.checked.valid).toBe(report.checked.transactions - 1); // one vote came too late
    expect(report.checked.unknownTypes).toEqual([]);
    expect(Object.keys(report.checked.acts)).toHaveLength(15);
    expect(report.organizations).toContainEqual(
      expect.objectContaining({ mspId: 'NorthRhineWestphaliaMSP', resolutionId: 'admission-nrw' }),
    );
    expect(report.resolutions).toContainEqual(
      expect.objectContaining({ id: 'admission-bavaria', status: 'rejected', no: 1, notCast: 4 }),
    );
    expect(report.openPoints).toEqual([]);
  });

  it('holds when content is signed anew without being changed', async () => {
    expect(inLastBlock(await verify(forge('resolutions:vote', () => undefined)))).toEqual([]);
  });

  it('holds at every height after the foundation', async () => {
    const founded = forge('foundations:confirm#3', () => undefined).length;
    for (const height of [founded, founded + 1, founded + 12, founded + 25])
      expect((await verify(blocks.slice(0, height))).findings).toEqual([]);
  });

  it('has organizations that nothing covers before its foundation', async () => {
    const { findings } = await verify(blocks.slice(0, 5));
    expect(findings.map(({ check }) => check)).toEqual(FOUNDERS.map(() => 'coverage'));
  });

  it('shows an admitted member without an organization as an open point, not as a failure', async () => {
    const report = await verify(forge('resolutions:decide', () => undefined));
    expect(inLastBlock(report)).toEqual([]);
    const [memberId, mspId] = ['north-rhine-westphalia', 'NorthRhineWestphaliaMSP'];
    expect(report.openPoints).toEqual([{ kind: 'member-without-organization', memberId, mspId }]);
  });

  it('tells of keys that it does not know instead of judging them', async () => {
    const report = await verify(
      forge('resolutions:vote', (draft) => draft.put({ type: 'project', parts: ['one'] }, { id: 'one' })),
    );
    expect(inLastBlock(report)).toEqual([]);
    expect(report.checked.unknownTypes).toEqual(['project']);
  });

  it('is another than the one that is expected', async () => {
    const other = 'a'.repeat(64);
    const { findings } = await verify(blocks, { genesis: other, height: 3, last: other });
    expect(findings.map(({ check }) => check)).toEqual(['expectation', 'expectation', 'expectation']);
  });
});

describe('With all keys in one hand', () => {
  const attacks = [...VOTE_ATTACKS, ...REGISTER_ATTACKS].map(([name, call, change, ...checks]) => ({
    name,
    call,
    change,
    checks,
  }));

  it.each(attacks)('$name is found', async ({ call, change, checks }) => {
    const found = inLastBlock(await verify(forge(call, change)));
    expect(found.map(({ check }) => check)).toEqual(expect.arrayContaining<Check>(checks));
    expect(found.every(({ transaction }) => transaction !== undefined)).toBe(true);
  });
});

describe('The end of a membership', () => {
  const ended = (days: number) => {
    let before: MemberRecord | undefined;
    forge('members:resign', (draft) => (before = draft.get(keys.member('municipal-provider-1'))));
    return verify(forge('members:change', completeEnding(before!, days)));
  };

  it('may be completed from the day after its last', async () => {
    const report = await ended(1);
    expect(inLastBlock(report)).toEqual([]);
    expect(report.openPoints).toEqual([
      expect.objectContaining({ kind: 'former-member-with-organization', memberId: 'municipal-provider-1' }),
    ]);
  });

  it('may not be completed on its last day', async () => {
    expect(inLastBlock(await ended(0)).map(({ check }) => check)).toEqual(['membership']);
  });
});

/** The chain up to a transaction, with that one changed. */
function forge(call: string, change: Change): Uint8Array[] {
  const [name = '', occurrence = '0'] = call.split('#');
  return forger.transaction(name, Number(occurrence), (draft) => change(draft, run));
}

/** What is found there beside the commit hash, which a forger would recompute. */
function inLastBlock({ findings, height }: Report): Finding[] {
  return findings.filter(({ check, block }) => check !== 'commit-hash' && block === height - 1);
}
