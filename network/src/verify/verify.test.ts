/** An embedded run in which every act is played: it holds; forged by those who hold every key, it doesn't. */
import { keys, rules, type MemberRecord, type Opening, type ResolutionRecord } from 'umlauf-chaincode/api';
import type { ListedMember } from '../consortium/schema.js';
import { channelOrganization } from '../engines/channel-profile.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, Finding, Report } from './report.js';
import type { Change } from './testing/attack.js';
import { completeEnding } from './testing/ending.js';
import { Forger } from './testing/forge.js';
import { joinUpdate } from './testing/join-update.js';
import { decideSilent, openAfter } from './testing/period.js';
import { REGISTER_ATTACKS } from './testing/register-attacks.js';
import { TestRun, issue } from './testing/run.js';
import { SERVICE_ATTACKS } from './testing/service-attacks.js';
import {
  ANNOUNCED,
  ANNOUNCED_UNRECEIVED,
  CHAIR,
  FOUNDERS,
  NRW,
  OVERTAKEN,
  SILENT,
  SILENT_UNRECEIVED,
  playScenario,
} from './testing/scenario.js';
import { VOTE_ATTACKS } from './testing/vote-attacks.js';
import { verify } from './verify.js';

/** Of what an act performed again must give. */
const BY_PERFORMING = new Set<Check>(['performed', 'index', 'ballot-policy']);

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
    expect(Object.keys(report.checked.acts)).toHaveLength(22);
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
      forge('resolutions:vote', (draft) => draft.put({ type: 'unheard-of', parts: ['one'] }, { id: 'one' })),
    );
    expect(inLastBlock(report)).toEqual([]);
    expect(report.checked.unknownTypes).toEqual(['unheard-of']);
  });

  it('is another than the one that is expected', async () => {
    const other = 'a'.repeat(64);
    const { findings } = await verify(blocks, { genesis: other, height: 3, last: other });
    expect(findings.map(({ check }) => check)).toEqual(['expectation', 'expectation', 'expectation']);
  });
});

describe('With all keys in one hand', () => {
  const attacks = [...VOTE_ATTACKS, ...REGISTER_ATTACKS, ...SERVICE_ATTACKS].map(
    ([name, call, change, ...checks]) => ({
      name,
      call,
      change,
      checks,
    }),
  );

  it.each(attacks)('$name is found, also by performing the act again', async ({ call, change, checks }) => {
    const found = inLastBlock(await verify(forge(call, change)));
    const names = found.map(({ check }) => check);
    expect(names).toEqual(expect.arrayContaining<Check>(checks));
    expect(names.some((check) => BY_PERFORMING.has(check))).toBe(true);
    expect(found.every(({ transaction }) => transaction !== undefined)).toBe(true);
  });
});

describe('A configuration', () => {
  /** Adds an organization to the chain at a height, with all founders' admins signing. */
  async function add(height: number, memberId: string, change: Partial<ListedMember> = {}): Promise<Report> {
    const listed = run.organization(memberId).member;
    const organization = channelOrganization(await issue({ ...listed, ...change }), 7050);
    const at = new Forger(blocks.slice(0, height), run.organizations);
    const admins = FOUNDERS.map((id) => run.organization(id));
    const update = joinUpdate(at.config(), organization, admins);
    return verify(at.configure(update, at.config().applyUpdate(update)));
  }

  it('must not bring an organization that nothing covers', async () => {
    const report = await add(blocks.length, 'bavaria', { mspId: 'StrangerMSP' });
    expect(inLastBlock(report)).toEqual([
      {
        check: 'coverage',
        message: 'StrangerMSP is on the channel, and no foundation or resolution covers it',
        block: blocks.length,
      },
    ]);
  });

  it('must not bring an applicant that was rejected', async () => {
    const report = await add(blocks.length, 'bavaria');
    expect(inLastBlock(report).map(({ check }) => check)).toEqual(['coverage']);
  });

  it('must not bring an organization before the resolution that covers it', async () => {
    const voting = forge('resolutions:vote', () => undefined).length;
    const report = await add(voting, NRW);
    expect(inLastBlock(report).map(({ message }) => message)).toContain(
      'NorthRhineWestphaliaMSP is on the channel, and no foundation or resolution covers it',
    );
  });

  it('must not bring an organization with other roots than were admitted', async () => {
    const decided = forge('resolutions:decide', () => undefined).length;
    const report = await add(decided, NRW); // keys of its own
    expect(inLastBlock(report).map(({ message }) => message)).toEqual([
      `NorthRhineWestphaliaMSP is on the channel, with other signing roots than ${NRW} was admitted with`,
      `NorthRhineWestphaliaMSP is on the channel, with other TLS roots than ${NRW} was admitted with`,
    ]);
  });

  it('must follow from an update that a majority of the admins signed', async () => {
    const organization = channelOrganization(await issue(run.organization('bavaria').member), 7050);
    const config = forger.config();
    const alone = joinUpdate(config, organization, [run.organization(CHAIR)]);
    const agreed = joinUpdate(
      config,
      organization,
      FOUNDERS.map((id) => run.organization(id)),
    );
    const report = await verify(forger.configure(alone, config.applyUpdate(agreed)));
    expect(inLastBlock(report).map(({ check }) => check)).toEqual(['configuration']);
  });

  it('must be the one that its update leads to', async () => {
    const organization = channelOrganization(await issue(run.organization('bavaria').member), 7050);
    const config = forger.config();
    const update = joinUpdate(
      config,
      organization,
      FOUNDERS.map((id) => run.organization(id)),
    );
    const next = config.applyUpdate(update);
    next.setSequence(next.getSequence() + 1);
    const report = await verify(forger.configure(update, next));
    expect(inLastBlock(report)).toEqual([
      { check: 'configuration', message: 'is another than the signed update leads to', block: blocks.length },
    ]);
  });
});

describe('The end of a membership', () => {
  const ended = (days: number) => {
    let before: MemberRecord | undefined;
    forge('members:receive', (draft) => (before = draft.get(keys.member('municipal-provider-1'))));
    return verify(forge('members:change', completeEnding(before!, days)));
  };

  it('may be completed from the day after its last', async () => {
    const report = await ended(1);
    expect(inLastBlock(report)).toEqual([]);
    expect(report.openPoints).toEqual([
      expect.objectContaining({ kind: 'former-member-with-organization', memberId: 'municipal-provider-1' }),
    ]);
  });

  it('may not be completed by a resignation that nobody received', async () => {
    let before: MemberRecord | undefined;
    forge('members:resign', (draft) => (before = draft.get(keys.member('municipal-provider-1'))));
    const report = await verify(forge('members:receive', completeEnding(before!, 1)));
    expect(inLastBlock(report).map(({ check }) => check)).toEqual(['membership', 'performed']);
  });

  it('is moved by a receipt that came late', async () => {
    const receivedLater = (end: (before: string) => string) =>
      verify(
        forge('members:receive', (draft) => {
          const at = new Date(draft.at.getTime() + 400 * 86_400_000);
          draft.at = at;
          draft.edit(keys.member('municipal-provider-1'), ({ resignation }) => {
            resignation.received.at = at.toISOString();
            resignation.effectiveAt = end(resignation.effectiveAt);
            draft.tell({ effectiveAt: resignation.effectiveAt });
          });
        }),
      );
    const aYearLater = (day: string) => `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
    expect(inLastBlock(await receivedLater((day) => day)).map(({ check }) => check)).toEqual([
      'membership',
      'performed',
      'performed',
    ]);
    expect(inLastBlock(await receivedLater(aYearLater)).map(({ check }) => check)).toEqual([]);
  });

  it('may not be completed on its last day', async () => {
    expect(inLastBlock(await ended(0)).map(({ check }) => check)).toEqual(['membership', 'performed']);
  });
});

describe('An amendment', () => {
  it('must give the board to members that can hold it when it is proposed', async () => {
    const report = await verify(
      forge('resolutions:propose#3', (draft) => {
        const resolution = keys.resolution('amendment-one');
        draft.edit(resolution, (record) => {
          const [effect] = record.effects;
          if (effect?.kind !== 'amend-bylaws') throw new Error('another resolution');
          effect.bylaws.boardHolding = [CHAIR, 'bavaria'];
          draft.called.input['effects'] = record.effects;
          const { contentSha256: _hash, proposal: _proposal, ...proposed } = record;
          record.contentSha256 = rules.contentSha256(proposed);
        });
      }),
    );
    const message = "effect 0 of amendment-one is proposed although it can't be carried out";
    expect(inLastBlock(report).map((finding) => finding.message)).toEqual([
      message,
      'resolutions:propose stands on the ledger, but the rules refuse it: bylaws-board-holding {"memberIds":["bavaria"]}',
    ]);
  });

  it('must give the board to members that can hold it still when voting is opened', async () => {
    const before = written(OVERTAKEN, 'resolutions:propose');
    const { opening } = written(SILENT, 'resolutions:open') as ResolutionRecord & { opening: Opening };
    const openedInPlaceOf = async (act: string) =>
      inLastBlock(await verify(forge(act, openAfter(before, opening, 0)))).map(({ message }) => message);
    const message = `voting on ${OVERTAKEN} is opened although its effect 0 can't be carried out`;
    expect(await openedInPlaceOf('resolutions:dispatch')).not.toContain(message);
    expect(await openedInPlaceOf('resolutions:withdraw')).toContain(message);
  });
});

describe('Periods that run from a receipt', () => {
  const writtenOpening = (id: string) =>
    written(id, 'resolutions:open') as ResolutionRecord & { opening: Opening };
  const decided = (id: string, days: number) =>
    verify(forge('resolutions:withdraw', decideSilent(writtenOpening(id), days)));
  const opened = async (id: string, days: number) => {
    const { opening } = writtenOpening(SILENT);
    const before = written(id, 'resolutions:propose');
    const report = await verify(forge('resolutions:withdraw', openAfter(before, opening, days)));
    return inLastBlock(report).map(({ message }) => message);
  };

  it('are kept by a decision after the deadline of what was received', async () => {
    expect(inLastBlock(await decided(SILENT, 15))).toEqual([]);
  });

  it('are not kept by one before it', async () => {
    expect(inLastBlock(await decided(SILENT, 13)).map(({ check }) => check)).toEqual([
      'outcome',
      'performed',
    ]);
  });

  it('are not kept by one of what nobody received, however late', async () => {
    expect(inLastBlock(await decided(SILENT_UNRECEIVED, 99)).map(({ check }) => check)).toEqual([
      'outcome',
      'performed',
    ]);
  });

  it('let voting be opened only once the notice has run from the receipt', async () => {
    const early = `voting on ${ANNOUNCED} is opened before its notice has run`;
    expect(await opened(ANNOUNCED, 10)).toContain(early);
    expect(await opened(ANNOUNCED, 16)).not.toContain(early);
    expect(await opened(ANNOUNCED_UNRECEIVED, 99)).toContain(
      `voting on ${ANNOUNCED_UNRECEIVED} is opened before its notice has run from a receipt`,
    );
  });

  it('may be moved by a receipt that came late, as the rules move them', async () => {
    const moved = forge('resolutions:receive', (draft) => {
      draft.at = new Date(draft.at.getTime() + 86_400_000);
      const at = draft.at.toISOString();
      const { opening, votingPeriod } = writtenOpening('admission-nrw');
      const deadline = rules.deadlineFrom(at, opening, votingPeriod, run.description.bylaws.timeZone);
      expect(deadline > opening.deadline).toBe(true);
      draft.edit(keys.openingReceipt('admission-nrw'), (receipt) => {
        receipt.recorded.at = at;
        receipt.deadline = deadline;
        draft.tell({ deadline });
      });
    });
    expect(inLastBlock(await verify(moved))).toEqual([]);
  });
});

/** The record of a resolution as a transaction wrote it. */
function written(id: string, name: string): ResolutionRecord {
  for (let occurrence = 0; ; occurrence += 1) {
    let found: ResolutionRecord | undefined;
    forge(`${name}#${occurrence}`, (draft) => {
      if (draft.called.input['id'] === id) found = draft.get(keys.resolution(id));
    });
    if (found) return found;
  }
}

/** The chain up to a transaction, with that one changed. */
function forge(call: string, change: Change): Uint8Array[] {
  const [name = '', occurrence = '0'] = call.split('#');
  return forger.transaction(name, Number(occurrence), (draft) => change(draft, run));
}

/** What is found there beside the commit hash, which a forger would recompute. */
function inLastBlock({ findings, height }: Report): Finding[] {
  return findings.filter(({ check, block }) => check !== 'commit-hash' && block === height - 1);
}
