import type { Member, Resolution } from 'umlauf-chaincode/api';
import { rootFingerprints, type ChannelConfig, type OrganizationChange } from 'umlauf-channel';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../user-error.js';
import { checkChange, type Facts } from './check.js';
import { NotCoveredError } from './cover.js';
import { describeChange } from './describe.js';
import { adding, testChannel, type TestChannel } from './testing/channel.js';

const RECORDED = {
  at: '2026-01-02T00:00:00.000Z',
  mspId: 'M0MSP',
  role: 'board',
  transactionId: 'a'.repeat(64),
};
const NOW = new Date('2026-06-01T00:00:00.000Z');

let channel: ChannelConfig;
let made: TestChannel;
let add: OrganizationChange;
beforeAll(async () => {
  made = await testChannel(5, 5);
  channel = made.channel;
  add = adding(made.materials[5]!);
});

/** The member with an organization, admitted at the beginning of the year. */
function member(index: number, changes: Partial<Member> = {}): Member {
  const { mspId } = made.materials[index]!;
  return {
    id: `member-${index}`,
    legalName: `Member ${index}`,
    mspId,
    mspFingerprints: rootFingerprints(adding(made.materials[index]!).organization),
    status: 'admitted',
    admission: {
      resolutionId: `admission-${index}`,
      decidedAt: RECORDED.at,
      effectiveAt: RECORDED.at,
      recorded: RECORDED,
    },
    ...changes,
  } as unknown as Member;
}

const former = (index: number): Member =>
  member(index, {
    status: 'former',
    endsOn: '2026-05-31',
    exclusion: { resolutionId: 'exclusion', effectiveAt: '2026-05-31' },
    completed: RECORDED,
  } as unknown as Partial<Member>);

/** A vote of these organizations, each ballot with the endorsement of one other. */
function resolution(id: string, status: Resolution['status'], indexes: readonly number[], f = 1): Resolution {
  const mspIds = indexes.map((index) => made.materials[index]!.mspId);
  const roll = indexes.map((index, at) => ({ memberId: `member-${index}`, mspId: mspIds[at]!, votes: 1 }));
  return { id, status, opening: { roll, endorsers: mspIds, f } } as unknown as Resolution;
}

const facts = (members: readonly Member[], resolutions: readonly Resolution[] = []): Facts => ({
  channel,
  members,
  resolutions,
  now: NOW,
});
const check =
  (change: OrganizationChange, given: Facts, force = false) =>
  () =>
    checkChange(change, given, { force });

describe('an organization may be added', () => {
  it('when its member is admitted with these very keys', () => {
    const { by } = check(add, facts([member(5)]))();
    expect(by).toBe('resolution admission-5, in effect since 2026-01-02T00:00:00.000Z');
  });

  it.each<[string, RegExp, () => Member[]]>([
    ['of whom nothing is recorded', /no member with the organization M5MSP/, () => [member(4)]],
    ['that has only applied', /member-5 is not admitted \(applied\)/, () => [applied()]],
    ['whose membership has ended', /membership of member-5 has ended/, () => [former(5)]],
    [
      'whose admission is yet to take effect',
      /takes effect at 2027/,
      () => [
        member(5, {
          admission: { ...member(5).admission!, effectiveAt: '2027-01-01T00:00:00.000Z' },
        }),
      ],
    ],
    [
      'admitted with other keys',
      /admitted with other keys than M5MSP has here \(signing roots\)/,
      () => [member(5, { mspFingerprints: { ...member(5).mspFingerprints, signing: ['0'.repeat(64)] } })],
    ],
  ])('but not one %s', (_, expected, members) => {
    expect(check(add, facts(members()), true)).toThrow(NotCoveredError);
    expect(check(add, facts(members()), true)).toThrow(expected);
  });
});

function applied(): Member {
  const { admission: _, ...rest } = member(5, { status: 'applied' });
  return rest;
}

describe('an orderer may have other certificates', () => {
  /** Those of one organization's orderer, for another's. */
  const renewing = (index: number, from: number): OrganizationChange => {
    const { orderer } = made.materials[from]!;
    return {
      kind: 'renew-orderer',
      mspId: `M${index}MSP`,
      organization: {
        ...adding(made.materials[index]!).organization,
        orderer: {
          host: 'localhost',
          port: 7050,
          signingCertificate: orderer.signing.certificate,
          clientTlsCertificate: orderer.tls.certificate,
          serverTlsCertificate: orderer.tls.certificate,
        },
      },
    };
  };

  /** The certificates were made just now. */
  const today = (members: readonly Member[]): Facts => ({ ...facts(members), now: new Date() });

  it('when they are of its own authorities, and its member on the register', () => {
    const checked = check(renewing(3, 3), today([member(3)]))();
    const words = describeChange(checked, channel).join('\n');
    expect(words).toContain('has the channel know the orderer of M3MSP, of member-3 (Member 3), by other');
    expect(words).toMatch(/Its orderer: localhost:7050; the first of its certificates expires on \d{4}-/);
    expect(words).not.toContain('Ordinary transactions');
  });

  it("but not another's, nor for one that left, nor when they have expired", () => {
    expect(check(renewing(3, 2), today([member(3)]))).toThrow(/signing certificate of the orderer of M3MSP/);
    expect(check(renewing(4, 4), today([former(4)]))).toThrow(NotCoveredError);
    const later = { ...facts([member(3)]), now: new Date('2120-01-01T00:00:00.000Z') };
    expect(check(renewing(3, 3), later)).toThrow(/expired/);
  });
});

describe('an organization may be removed', () => {
  const remove: OrganizationChange = { kind: 'remove', mspId: 'M4MSP' };

  it('when its membership has ended, or none was ever admitted', () => {
    expect(check(remove, facts([former(4)]))().by).toMatch(/resolution exclusion \(exclusion\).*2026-05-31/);
    expect(check(remove, facts([member(0)]))().by).toMatch(/no resolution has admitted it/);
  });

  it('but not while it is a member, nor before there is a register', () => {
    expect(check(remove, facts([member(4)]), true)).toThrow(NotCoveredError);
    const ending = member(4, { status: 'ending', endsOn: '2026-05-31' });
    expect(check(remove, facts([ending]), true)).toThrow(/has not been completed/);
    expect(check(remove, facts([]), true)).toThrow(/no register yet/);
  });

  it('not while an open vote counts on it, unless that is insisted on', () => {
    const given = facts(
      [former(4)],
      [resolution('open', 'open', [0, 4]), resolution('old', 'adopted', [0, 4])],
    );
    expect(check(remove, given)).toThrow(/on the roll of open resolutions \(open\)/);
    const { unmeetable } = check(remove, given, true)();
    expect(unmeetable.map(({ key, open }) => [key, open])).toEqual([
      ['ballot/open/member-0', true],
      ['ballot/open/member-4', true],
      ['ballot/old/member-0', false],
      ['ballot/old/member-4', false],
    ]);
  });

  it('and only keys whose policy nobody can meet any more are told', () => {
    const given = facts([former(4)], [resolution('open', 'open', [0, 1, 4])]);
    const { unmeetable } = check(remove, given, true)();
    expect(unmeetable.map(({ key }) => key)).toEqual(['ballot/open/member-4']);
  });

  it('but never when fewer than four would be left to order', async () => {
    const four = await testChannel(5, 4);
    const last: OrganizationChange = { kind: 'remove', mspId: 'M3MSP' };
    const given = { ...facts([member(0)]), channel: four.channel };
    expect(check(last, given, true)).toThrow(UserError);
    expect(check(last, given, true)).toThrow(/only 3 would order/);
    const onlyMember: OrganizationChange = { kind: 'remove', mspId: 'M4MSP' };
    expect(check(onlyMember, given)()).toBeDefined();
  });
});

describe('a change in plain words', () => {
  it('says what it does, what covers it, whose keys it brings, and what follows', () => {
    const words = describeChange(check(add, facts([member(5)]))(), channel).join('\n');
    expect(words).toContain('adds the organization M5MSP, of member-5 (Member 5)');
    expect(words).toContain('Covered by resolution admission-5');
    for (const fingerprint of Object.values(member(5).mspFingerprints).flat())
      expect(words).toContain(fingerprint);
    expect(words).toContain('4 of 6 members (now 3 of 5)');
    expect(words).toContain('4 of 5 consenters (now 4 of 5)');
  });

  it('says what is lost when an organization leaves', () => {
    const given = facts([former(4)], [resolution('open', 'open', [0, 1, 4])]);
    const words = describeChange(check({ kind: 'remove', mspId: 'M4MSP' }, given, true)(), channel).join(
      '\n',
    );
    expect(words).toContain('takes the organization M4MSP, of member-4 (Member 4), off the channel');
    expect(words).toContain('3 of 4 consenters (now 4 of 5)');
    expect(words).toContain('Can never be written again: ballot/open/member-4');
  });
});
