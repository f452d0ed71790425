/** The rules played out through the REST interface: nobody can block the rest, nobody gets in by a back door. */
import type {
  Bylaws,
  BylawsVersion,
  Document,
  Member,
  OpenPoint,
  Proposal,
  Resolution,
} from 'umlauf-chaincode/api';
import { all, call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { today } from '../harness/day.js';
import { until } from '../harness/until.js';

const DOCUMENT: Document = { name: 'Document.pdf', mediaType: 'application/pdf', sha256: 'a'.repeat(64) };
const CHAIR = 'bundesdruckerei';
const problem = (code: string) => ({ problem: { type: `urn:umlauf:problem:${code}` } });

let consortium: TestConsortium;
let seen: string | undefined;

/** For whatever a describe block plays, one test after the other: starting one takes longer than most of them. */
function inAConsortium(): void {
  beforeAll(async () => {
    seen = undefined;
    consortium = await startConsortium({
      describe: (description) => ({ ...description, bylaws: { ...description.bylaws, actWithin: 'PT2S' } }),
    });
  });
  afterAll(async () => await consortium.stop());
}

const as = <T>(
  memberId: string,
  role: 'board' | 'representative' | 'auditor',
  method: string,
  path: string,
  body?: unknown,
) => call<T>(consortium.gateway(memberId), role, method, path, { body, minBlock: seen });

async function act<T>(
  memberId: string,
  role: 'board' | 'representative',
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await as<T>(memberId, role, method, path, body);
  seen = answer.blockNumber ?? seen;
  return answer.body;
}

const resolution = async (id: string) =>
  (await as<Resolution>(CHAIR, 'auditor', 'GET', `/resolutions/${id}`)).body;

/** Votes as told and waits for the outcome. */
async function vote(id: string, votes: Record<string, 'yes' | 'no' | 'abstain'>): Promise<Resolution> {
  for (const [memberId, choice] of Object.entries(votes))
    await act(memberId, 'representative', 'PUT', `/resolutions/${id}/ballot`, { choice });
  return until(`${id} is decided`, async () => {
    const current = await resolution(id);
    return current.status === 'open' ? undefined : current;
  });
}

const ALL_YES = {
  bundesdruckerei: 'yes',
  'itdz-berlin': 'yes',
  'municipal-provider-1': 'yes',
  'municipal-provider-2': 'yes',
} as const;

async function openAs(memberId: string, proposal: Partial<Proposal>): Promise<void> {
  await act(memberId, 'board', 'POST', '/resolutions', proposal);
  await act(CHAIR, 'board', 'POST', `/resolutions/${proposal.id ?? ''}/open`);
}

const exclusion = (id: string, memberId: string) =>
  recordOnly(id, {
    matter: 'exclusion',
    effects: [{ kind: 'exclude', memberId, reason: 'It acted against the bylaws.', hearing: DOCUMENT }],
  });

const amendment = (id: string, base: string, change: Partial<Bylaws>) =>
  recordOnly(id, {
    matter: 'bylaws-amendment',
    effects: [{ kind: 'amend-bylaws', base, bylaws: { ...consortium.description.bylaws, ...change } }],
  });

describe('in a cooperative of four', () => {
  inAConsortium();

  describe('no back door', () => {
    it('lets an effect in under a weaker matter', async () => {
      const smuggled = { ...exclusion('smuggled', 'municipal-provider-2'), matter: 'ordinary' };
      await expect(act('itdz-berlin', 'board', 'POST', '/resolutions', smuggled)).rejects.toMatchObject(
        problem('effect-matter'),
      );
      const nothing = recordOnly('nothing', { matter: 'admission' });
      await expect(act('itdz-berlin', 'board', 'POST', '/resolutions', nothing)).rejects.toMatchObject(
        problem('effect-matter'),
      );
    });

    it('lets a resolution ask for less than its matter requires', async () => {
      const weak = { ...exclusion('weak', 'municipal-provider-2'), majority: 'simple' };
      await expect(act('itdz-berlin', 'board', 'POST', '/resolutions', weak)).rejects.toMatchObject(
        problem('majority-too-low'),
      );
    });

    it('lets a circular resolution do without its basis', async () => {
      const { procedureBasis: _, ...baseless } = recordOnly('baseless');
      await expect(act('itdz-berlin', 'board', 'POST', '/resolutions', baseless)).rejects.toMatchObject(
        problem('procedure-basis'),
      );
    });

    it('under the consent of all counts a ballot without consent as a rejection at once', async () => {
      await openAs('itdz-berlin', recordOnly('consent', { procedureBasis: 'consent-of-all' }));
      await expect(
        act(CHAIR, 'representative', 'PUT', '/resolutions/consent/ballot', { choice: 'yes' }),
      ).rejects.toMatchObject(problem('consent-expected'));
      await act(CHAIR, 'representative', 'PUT', '/resolutions/consent/ballot', {
        choice: 'yes',
        consentToProcedure: false,
      });
      const rejected = await vote('consent', {});
      expect(rejected).toMatchObject({ status: 'rejected', decision: { reason: 'consent' } });
    });
  });

  describe('nobody can block the rest', () => {
    it('what the board-holding organizations leave undone, the board of any member may do after a time', async () => {
      await act('municipal-provider-1', 'board', 'POST', '/resolutions', recordOnly('left-undone'));
      // Its time to act runs from here; the gateways would record it somewhat later.
      await act('municipal-provider-1', 'board', 'POST', '/resolutions/left-undone/receipt');
      await expect(
        act('municipal-provider-1', 'board', 'POST', '/resolutions/left-undone/open'),
      ).rejects.toMatchObject(problem('reserved-for-board-holding'));
      const opened = await until('any board may open', async () =>
        act<Resolution>('municipal-provider-1', 'board', 'POST', '/resolutions/left-undone/open').catch(
          () => undefined,
        ),
      );
      expect(opened.status).toBe('open');
    });

    it('of two amendments registered in the wrong order the later one fails and the bylaws stay whole', async () => {
      await openAs('itdz-berlin', amendment('first', 'foundation', { resignationPeriod: 'P1Y' }));
      expect((await vote('first', ALL_YES)).status).toBe('adopted');
      await openAs('itdz-berlin', amendment('second', 'foundation', { resignationPeriod: 'P2Y' }));
      expect((await vote('second', ALL_YES)).status).toBe('adopted');
      const second = await act<Resolution>(CHAIR, 'board', 'POST', '/resolutions/second/registration', {
        date: today(),
      });
      expect(second.effectResults).toMatchObject([
        { kind: 'amend-bylaws', effective: 'on-registration', effectiveAt: today() },
      ]);
      const first = await act<Resolution>(CHAIR, 'board', 'POST', '/resolutions/first/registration', {
        date: today(),
      });
      expect(first.effectResults[0]?.failed).toBeDefined();
      const { body } = await as<BylawsVersion>(CHAIR, 'auditor', 'GET', '/bylaws');
      expect(body).toMatchObject({ id: 'second', status: 'in-force', bylaws: { resignationPeriod: 'P2Y' } });
    });

    // Last: it lets a fifth in.
    it('an admission that an opponent proposed first does not keep the applicant out', async () => {
      await act('itdz-berlin', 'board', 'POST', '/members', consortium.application('bavaria'));
      const admit = (id: string) =>
        recordOnly(id, { matter: 'admission', effects: [{ kind: 'admit', memberId: 'bavaria' }] });
      await act('municipal-provider-1', 'board', 'POST', '/resolutions', admit('opponent-first'));
      await openAs('itdz-berlin', admit('friends'));
      await expect(act(CHAIR, 'board', 'POST', '/resolutions/opponent-first/open')).rejects.toMatchObject(
        problem('target-claimed'),
      );
      expect((await vote('friends', ALL_YES)).status).toBe('adopted');
      await expect(act(CHAIR, 'board', 'POST', '/resolutions/opponent-first/open')).rejects.toMatchObject(
        problem('effect-invalid'),
      );
    });
  });
});

describe('an admitted member that never joins', () => {
  inAConsortium();

  it('can be made to resign by the board that filed its application', async () => {
    const application = { ...consortium.application('bavaria'), id: 'absentee', mspId: 'AbsenteeMSP' };
    await act('itdz-berlin', 'board', 'POST', '/members', application);
    await openAs(
      'itdz-berlin',
      recordOnly('admit-absentee', {
        matter: 'admission',
        effects: [{ kind: 'admit', memberId: 'absentee' }],
      }),
    );
    expect((await vote('admit-absentee', ALL_YES)).status).toBe('adopted');
    const points = await all<OpenPoint>(consortium.gateway(CHAIR), 'auditor', '/open-points');
    expect(points).toMatchObject([{ kind: 'member-not-on-network', memberId: 'absentee' }]);
    await expect(
      act('municipal-provider-1', 'board', 'POST', '/members/absentee/resignation', { document: DOCUMENT }),
    ).rejects.toMatchObject(problem('organization-not-allowed'));
    const resigned = await act<Member>('itdz-berlin', 'board', 'POST', '/members/absentee/resignation', {
      document: DOCUMENT,
    });
    expect(resigned).toMatchObject({ status: 'ending' });
    const received = await until('the gateways have received it', async () => {
      const { body } = await call<Member>(consortium.gateway(CHAIR), 'auditor', 'GET', '/members/absentee');
      return body.resignation?.received && body;
    });
    expect(received.endsOn).toBe(resigned.endsOn);
    expect(await act<Member>('itdz-berlin', 'board', 'POST', '/members/absentee/receipt')).toMatchObject({
      resignation: { received: received.resignation?.received },
    });
  });
});

describe('an exclusion', () => {
  inAConsortium();

  it('dispatched during another vote leaves the running ballot, flagged, and takes the member off new rolls', async () => {
    await openAs('itdz-berlin', exclusion('exclude-2', 'municipal-provider-2'));
    const excluded = await vote('exclude-2', {
      bundesdruckerei: 'yes',
      'itdz-berlin': 'yes',
      'municipal-provider-1': 'yes',
      'municipal-provider-2': 'no',
    });
    expect(excluded).toMatchObject({
      status: 'adopted',
      effectResults: [{ effective: 'financial-year-end' }],
    });
    expect(excluded.risks.map(({ code }) => code)).toContain('recusal-disputed');
    await openAs('itdz-berlin', recordOnly('running', { majority: 'unanimous' }));
    await act(CHAIR, 'board', 'POST', '/resolutions/exclude-2/dispatch', { date: today(), proof: DOCUMENT });
    const { body: member } = await as<Member>(CHAIR, 'auditor', 'GET', '/members/municipal-provider-2');
    expect(member).toMatchObject({ status: 'ending', exclusion: { resolutionId: 'exclude-2' } });
    const running = await vote('running', ALL_YES);
    expect(running).toMatchObject({ status: 'adopted', tally: { yes: 4 } });
    expect(running.risks.map(({ code }) => code)).toContain('excluded-member-votes');
    await openAs('itdz-berlin', recordOnly('next'));
    expect((await resolution('next')).opening?.roll.map(({ memberId }) => memberId)).not.toContain(
      'municipal-provider-2',
    );
    await expect(
      act('municipal-provider-2', 'board', 'POST', '/resolutions', recordOnly('by-excluded')),
    ).rejects.toMatchObject(problem('organization-not-allowed'));
  });
});
