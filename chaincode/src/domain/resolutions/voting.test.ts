import { describe, expect, it } from 'vitest';
import {
  Cooperative,
  DOCUMENT,
  admission,
  amendment,
  application,
  exclusion,
  mspIdOf,
} from '../../testing/cooperative';
import {
  ENDORSEMENT_POLICY_FAILURE,
  MVCC_READ_CONFLICT,
  PHANTOM_READ_CONFLICT,
  VALID,
} from '../../testing/fake-ledger';

const HOUR = 60 * 60;

describe('opening', () => {
  it('pins roll, rule, skew, endorsers, version and deadline', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    const id = await cooperative.proposed();
    const { opening, status } = await cooperative.board('bravo').call('resolutions:open', { id });
    expect(status).toBe('open');
    expect(opening).toMatchObject({
      rule: { majority: 'simple', base: 'votes-cast', quorumPercent: 0 },
      ballotsChangeable: false,
      skew: 'PT30S',
      f: 1,
      bylawsVersion: 'foundation',
      roll: ['alpha', 'bravo', 'charlie', 'delta', 'north'].map((memberId) => ({
        memberId,
        mspId: mspIdOf(memberId),
        votes: 1,
      })),
      // North is on the roll, but not on the network.
      endorsers: ['alpha', 'bravo', 'charlie', 'delta'].map(mspIdOf),
    });
    expect(opening?.deadline).toBe('2026-03-16T09:00:00.000Z');
  });

  it('waits for the notice, whose last day counts whole', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed({ form: 'virtual', procedureBasis: undefined });
    await cooperative.received(id);
    cooperative.world.now = Date.parse('2026-03-16T22:59:59.999Z');
    expect(await cooperative.board('alpha').refused('resolutions:open', { id })).toEqual({
      code: 'notice-running',
      data: { from: '2026-03-16T23:00:00.000Z' },
    });
    cooperative.world.now += 1;
    await cooperative.board('alpha').call('resolutions:open', { id });
  });

  it('is harmless when repeated', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    expect((await cooperative.board('alpha').refused('resolutions:open', { id })).code).toBe('unchanged');
  });

  it('is reserved for the board-holding organizations for a while', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    await cooperative.received(id);
    expect(await cooperative.board('charlie').refused('resolutions:open', { id })).toEqual({
      code: 'reserved-for-board-holding',
      data: { act: 'open', from: '2026-03-16T09:00:00.000Z' },
    });
    cooperative.world.pass({ days: 14 });
    expect((await cooperative.board('charlie').call('resolutions:open', { id })).status).toBe('open');
  });

  it('claims its target: another resolution on it waits, and is stale once the first is decided', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const first = await cooperative.proposed(admission('north'));
    const second = await cooperative.proposed(admission('north'));
    await cooperative.board('alpha').call('resolutions:open', { id: first });
    expect(await cooperative.board('alpha').refused('resolutions:open', { id: second })).toEqual({
      code: 'target-claimed',
      data: { resolutionId: first },
    });
    await cooperative.vote(first, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    await cooperative.board('alpha').call('resolutions:decide', { id: first });
    expect(await cooperative.board('alpha').refused('resolutions:open', { id: second })).toEqual({
      code: 'effect-invalid',
      data: { index: 0, reason: 'applicant-is-admitted' },
    });
  });

  it('is refused when the applicant has applied with other content since the proposal', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const id = await cooperative.proposed(admission('north'));
    await cooperative.board('alpha').call('members:withdraw', { id: 'north' });
    const other = { signing: ['cd'.repeat(32)], tls: ['ef'.repeat(32)] };
    await cooperative.board('alpha').call('members:apply', application('north', { mspFingerprints: other }));
    expect(await cooperative.board('alpha').refused('resolutions:open', { id })).toEqual({
      code: 'effect-invalid',
      data: { index: 0, reason: 'application-differs' },
    });
  });

  it('meanwhile another is admitted is done again with the new roll', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const admitting = await cooperative.opened(admission('north'));
    const id = await cooperative.proposed();
    const opening = await cooperative.board('bravo').endorse('resolutions:open', { id });
    await cooperative.vote(admitting, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    await cooperative.board('alpha').call('resolutions:decide', { id: admitting });
    expect(cooperative.world.commit(opening)).toBe(PHANTOM_READ_CONFLICT);
    const again = await cooperative.board('bravo').call('resolutions:open', { id });
    expect(again.opening?.roll.map(({ memberId }) => memberId)).toContain('north');
  });

  it('gives each ballot its voter’s and other members’ policy', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.opened();
    const { ledger } = cooperative.world;
    expect(ledger.protectedKeys).toHaveLength(4);
    expect(ledger.protectedKeys.every((key) => key.startsWith('\u0000ballot\u0000'))).toBe(true);
  });
});

describe('voting', () => {
  it('is each representative’s of a member on the roll, once', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const vote = { id, choice: 'yes', statement: { ...DOCUMENT } } as const;
    const cast = await cooperative.representative('bravo').call('resolutions:vote', vote);
    expect(cast).toMatchObject({ id: 'bravo', status: 'cast', choice: 'yes', at: cooperative.world.instant });
    expect(await cooperative.representative('bravo').refused('resolutions:vote', vote)).toEqual({
      code: 'unchanged',
      data: { resource: 'ballot' },
    });
    expect(
      (await cooperative.representative('bravo').refused('resolutions:vote', { id, choice: 'no' })).code,
    ).toBe('ballot-already-cast');
  });

  it('can be changed where the bylaws say so, until the deadline and with its history', async () => {
    const { matters } = Cooperative.unfounded().bylaws;
    const cooperative = await Cooperative.founded(4, {
      matters: { ...matters, ordinary: { ...matters.ordinary, ballotsChangeable: true } },
    });
    const id = await cooperative.opened();
    await cooperative.vote(id, { bravo: 'yes' });
    await cooperative.vote(id, { bravo: 'no' });
    const ballot = await cooperative.auditor('alpha').call('resolutions:ballot', { id, memberId: 'bravo' });
    expect(ballot.choice).toBe('no');
    const { items } = await cooperative.auditor('alpha').call('resolutions:history', { id });
    expect(items.map(({ part, value }) => [part, (value as { choice?: string }).choice])).toEqual([
      ['resolution', undefined],
      ['resolution', undefined],
      ['opening-receipt', undefined],
      ['ballot', 'yes'],
      ['ballot', 'no'],
    ]);
  });

  it.each([
    ['a board', (c: Cooperative) => c.board('bravo'), 'role-not-allowed'],
    ['an auditor', (c: Cooperative) => c.auditor('bravo'), 'role-not-allowed'],
    [
      'a stranger',
      (c: Cooperative) => c.world.office('stranger-msp', 'representative'),
      'organization-not-allowed',
    ],
  ] as const)('is refused to %s', async (_who, office, code) => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    expect((await office(cooperative).refused('resolutions:vote', { id, choice: 'yes' })).code).toBe(code);
  });

  it('is refused to a member that was admitted after the opening', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.joined('north');
    expect(
      (await cooperative.representative('north').refused('resolutions:vote', { id, choice: 'yes' })).code,
    ).toBe('organization-not-allowed');
  });

  it('is refused before the opening and after the decision, with what would allow it', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    const vote = { id, choice: 'yes' } as const;
    const refusal = (status: string) => ({
      code: 'wrong-status',
      data: { resource: 'resolution', status, allowed: ['open'] },
    });
    const delta = cooperative.representative('delta');
    expect(await delta.refused('resolutions:vote', vote)).toEqual(refusal('proposed'));
    await cooperative.board('alpha').call('resolutions:open', { id });
    await cooperative.vote(id, { alpha: 'no', bravo: 'no' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(await delta.refused('resolutions:vote', vote)).toEqual(refusal('rejected'));
    expect(await delta.refused('resolutions:vote', { ...vote, id: 'nothing' })).toEqual({
      code: 'not-found',
      data: { resource: 'resolution' },
    });
  });

  it('is refused after the deadline', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened({ votingPeriod: 'PT1H' });
    cooperative.world.pass({ seconds: HOUR });
    await cooperative.vote(id, { bravo: 'yes' });
    cooperative.world.now += 1;
    expect(
      await cooperative.representative('alpha').refused('resolutions:vote', { id, choice: 'yes' }),
    ).toEqual({
      code: 'voting-closed',
      data: { deadline: '2026-03-02T10:00:00.000Z' },
    });
  });

  it('is refused with a timestamp that is off by more than the pinned skew', async () => {
    const cooperative = await Cooperative.founded(4, { skew: 'PT3S' });
    const id = await cooperative.opened();
    const { now } = cooperative.world;
    const vote = { id, choice: 'yes' } as const;
    for (const at of [now - 3001, now + 3001])
      expect(await cooperative.representative('alpha').refused('resolutions:vote', vote, { at })).toEqual({
        code: 'timestamp-off',
        data: { skew: 'PT3S' },
      });
    await cooperative.representative('alpha').call('resolutions:vote', vote, { at: now - 3000 });
  });

  it('says whether the member consents exactly where the procedure rests on it', async () => {
    const cooperative = await Cooperative.founded();
    const clause = await cooperative.opened();
    const consent = await cooperative.opened({ procedureBasis: 'consent-of-all' });
    const alpha = cooperative.representative('alpha');
    expect((await alpha.refused('resolutions:vote', { id: consent, choice: 'yes' })).code).toBe(
      'consent-expected',
    );
    expect(
      (await alpha.refused('resolutions:vote', { id: clause, choice: 'yes', consentToProcedure: true })).code,
    ).toBe('consent-not-expected');
    await alpha.call('resolutions:vote', { id: consent, choice: 'yes', consentToProcedure: true });
  });

  it('never conflicts with another member’s vote', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const held = await Promise.all(
      cooperative.founders.map((memberId) =>
        cooperative.representative(memberId).endorse('resolutions:vote', { id, choice: 'yes' }),
      ),
    );
    expect(held.map((vote) => cooperative.world.commit(vote))).toEqual([VALID, VALID, VALID, VALID]);
  });

  it('counts once of two held back', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const alpha = cooperative.representative('alpha');
    const yes = await alpha.endorse('resolutions:vote', { id, choice: 'yes' });
    const no = await alpha.endorse('resolutions:vote', { id, choice: 'no' });
    expect(cooperative.world.commit(no)).toBe(VALID);
    expect(cooperative.world.commit(yes)).toBe(MVCC_READ_CONFLICT);
  });

  it('held back beyond the decision is invalid', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const held = await cooperative.representative('delta').endorse('resolutions:vote', { id, choice: 'no' });
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(cooperative.world.commit(held)).toBe(MVCC_READ_CONFLICT);
  });

  it('is not written by any set of other organizations', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const vote = await cooperative.representative('alpha').endorse('resolutions:vote', { id, choice: 'yes' });
    const others = ['bravo', 'charlie', 'delta'].map(mspIdOf);
    expect(cooperative.world.commit(vote, others)).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(cooperative.world.commit(vote, [mspIdOf('alpha')])).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(cooperative.world.commit(vote, [mspIdOf('alpha'), mspIdOf('delta')])).toBe(VALID);
  });
});

describe('deciding', () => {
  it('is any admitted member’s, early once nothing can change the outcome', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes' });
    expect((await cooperative.auditor('alpha').call('resolutions:get', { id })).decidable).toBe(false);
    await cooperative.vote(id, { charlie: 'yes' });
    expect((await cooperative.auditor('alpha').call('resolutions:get', { id })).decidable).toBe(true);
    const decided = await cooperative.representative('delta').call('resolutions:decide', { id });
    expect(decided).toMatchObject({
      status: 'adopted',
      tally: { yes: 3, no: 0, abstain: 0, notCast: 1 },
      decision: { outcome: 'adopted', reason: 'majority' },
    });
    expect(decided.decision?.ballots.map(({ memberId }) => memberId)).toEqual(['alpha', 'bravo', 'charlie']);
  });

  it('waits otherwise until the deadline has passed for every peer', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened({ votingPeriod: 'PT1H' });
    await cooperative.vote(id, { alpha: 'yes' });
    cooperative.world.now = Date.parse('2026-03-02T10:00:59.999Z');
    expect(await cooperative.board('alpha').refused('resolutions:decide', { id })).toEqual({
      code: 'not-decidable',
      data: { from: '2026-03-02T10:01:00.000Z' },
    });
    cooperative.world.now += 1;
    expect((await cooperative.board('alpha').call('resolutions:decide', { id })).status).toBe('adopted');
  });

  it('keeps the margin of its opening when bylaws since allow timestamps that are further off', async () => {
    const cooperative = await Cooperative.founded(4, { skew: 'PT3S' });
    const id = await cooperative.opened({ votingPeriod: 'PT1H' });
    const { virtual, circular } = cooperative.bylaws.forms;
    const [assembly, round] = [virtual!, circular!].map((form) => ({ ...form, shortestVoting: 'PT45M' }));
    const forms = { 'in-person': assembly, virtual: assembly, hybrid: assembly, circular: round };
    const looser = { ...cooperative.bylaws, forms, skew: 'PT15M' };
    const amending = await cooperative.adopted(amendment('foundation', looser));
    await cooperative.board('alpha').call('resolutions:register', { id: amending, date: '2026-03-02' });
    cooperative.world.pass({ seconds: HOUR - 60 });
    const early = { at: cooperative.world.now + 70_000 };
    expect(await cooperative.board('alpha').refused('resolutions:decide', { id }, early)).toEqual({
      code: 'timestamp-off',
      data: { skew: 'PT3S' },
    });
  });

  it('of a decided resolution is refused with its status', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted();
    expect(await cooperative.board('bravo').refused('resolutions:decide', { id })).toEqual({
      code: 'wrong-status',
      data: { resource: 'resolution', status: 'adopted', allowed: ['open'] },
    });
  });

  it('loses no vote acknowledged meanwhile', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    const decision = await cooperative.board('alpha').endorse('resolutions:decide', { id });
    await cooperative.vote(id, { delta: 'no' });
    expect(cooperative.world.commit(decision)).toBe(MVCC_READ_CONFLICT);
    const decided = await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(decided.tally).toEqual({ yes: 3, no: 1, abstain: 0, notCast: 0 });
  });

  it('at once by several members is done once', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    const all = await Promise.all(
      cooperative.founders.map((memberId) =>
        cooperative.board(memberId).endorse('resolutions:decide', { id }),
      ),
    );
    expect(all.map((decision) => cooperative.world.commit(decision))).toEqual([
      VALID,
      MVCC_READ_CONFLICT,
      MVCC_READ_CONFLICT,
      MVCC_READ_CONFLICT,
    ]);
  });

  it('lapses without the quorum, releases the claim and leaves the application', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const id = await cooperative.opened({ ...admission('north'), quorumPercent: 75, votingPeriod: 'PT1H' });
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes' });
    cooperative.world.pass({ seconds: 2 * HOUR });
    const decided = await cooperative.board('alpha').call('resolutions:decide', { id });
    expect(decided).toMatchObject({ status: 'lapsed', decision: { reason: 'quorum' }, effectResults: [] });
    expect(await cooperative.status('north')).toBe('applied');
    await cooperative.opened(admission('north'));
  });

  it('rejects at once under the consent of all when one does not consent', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened({ procedureBasis: 'consent-of-all' });
    const vote = { id, choice: 'yes', consentToProcedure: false } as const;
    await cooperative.representative('delta').call('resolutions:vote', vote);
    expect(await cooperative.board('alpha').call('resolutions:decide', { id })).toMatchObject({
      status: 'rejected',
      decision: { reason: 'consent' },
      tally: { yes: 1, withoutConsent: 1, notCast: 3 },
    });
  });

  it('rejects at the deadline under the consent of all when one is missing', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened({ procedureBasis: 'consent-of-all', votingPeriod: 'PT1H' });
    for (const memberId of ['alpha', 'bravo', 'charlie'])
      await cooperative
        .representative(memberId)
        .call('resolutions:vote', { id, choice: 'yes', consentToProcedure: true });
    expect((await cooperative.board('alpha').refused('resolutions:decide', { id })).code).toBe(
      'not-decidable',
    );
    cooperative.world.pass({ seconds: 2 * HOUR });
    expect((await cooperative.board('alpha').call('resolutions:decide', { id })).decision?.reason).toBe(
      'consent',
    );
  });

  it('shows each ballot with the office that represented the member at its time', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes' });
    cooperative.world.pass({ days: 1 });
    await cooperative
      .board('alpha')
      .call('members:change', { id: 'alpha', change: { office: 'Chief Digital Officer' } });
    await cooperative.vote(id, { charlie: 'yes' });
    await cooperative.board('alpha').call('resolutions:decide', { id });
    const { items } = await cooperative.auditor('delta').call('resolutions:ballots', { id });
    expect(items.map(({ id, status, office }) => [id, status, office])).toEqual([
      ['alpha', 'cast', 'Chief Information Officer'],
      ['bravo', 'cast', 'Chief Information Officer'],
      ['charlie', 'cast', 'Chief Information Officer'],
      ['delta', 'not-cast', undefined],
    ]);
  });
});

describe('a member whose exclusion is dispatched during another vote', () => {
  it('keeps its ballot there, reads and decides, and is flagged as a risk', async () => {
    const cooperative = await Cooperative.founded();
    const running = await cooperative.opened();
    const excluding = await cooperative.adopted(exclusion('delta'));
    cooperative.world.pass({ seconds: 60 });
    await cooperative.board('alpha').call('resolutions:dispatch', { id: excluding, date: '2026-03-02' });
    cooperative.world.pass({ seconds: 60 });

    await cooperative.vote(running, { delta: 'yes', alpha: 'yes', bravo: 'yes' });
    const decided = await cooperative.board('delta').call('resolutions:decide', { id: running });
    expect(decided.status).toBe('adopted');
    expect(decided.risks.map(({ code }) => code)).toContain('excluded-member-votes');
    const later = await cooperative.opened();
    const { opening } = await cooperative.auditor('delta').call('resolutions:get', { id: later });
    expect(opening?.roll.map(({ memberId }) => memberId)).toEqual(['alpha', 'bravo', 'charlie']);
    // Its organization is still on the network, and still endorses.
    expect(opening?.endorsers).toContain(mspIdOf('delta'));
  });

  it('does nothing else any more', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted(exclusion('delta'));
    await cooperative.board('alpha').call('resolutions:dispatch', { id, date: '2026-03-02' });
    const board = cooperative.board('delta');
    for (const refusal of [
      await board.refused('resolutions:propose', cooperative.proposal()),
      await board.refused('members:apply', application('north')),
      await board.refused('members:confirmJoined', { id: 'alpha' }),
      await board.refused('members:completeEnding', { id: 'alpha' }),
    ])
      expect(refusal.code).toBe('organization-not-allowed');
  });
});
