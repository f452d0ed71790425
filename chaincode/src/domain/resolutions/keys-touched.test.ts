import { describe, expect, it } from 'vitest';
import { Cooperative, admission, exclusion, mspIdOf } from '../../testing/cooperative';
import type { Simulation } from '../../testing/fake-ledger';
import { compositeKey } from '../composite-key';
import { ballot, claim, effect, member, memberRepresentation, openingReceipt, resolution } from '../keys';

const read = ({ reads }: Simulation) => [...reads.keys()];
const written = ({ writes }: Simulation) => [...writes.keys()];
const ofType = (keys: readonly string[], type: string) =>
  keys.filter((key) => key.startsWith(`\u0000${type}\u0000`));

describe('a vote', () => {
  it('reads exactly the resolution’s key and its own ballot’s, by no range, and writes only the ballot', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const { simulation } = await cooperative
      .representative('bravo')
      .endorse('resolutions:vote', { id, choice: 'no' });
    expect(read(simulation)).toEqual([resolution(id), ballot(id, 'bravo')].map(compositeKey));
    expect(simulation.ranges).toEqual([]);
    expect(written(simulation)).toEqual([compositeKey(ballot(id, 'bravo'))]);
    expect(simulation.policies.size).toBe(0);
  });

  it('reads the opening’s receipt besides only after the pinned deadline, and still never conflicts', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed({ votingPeriod: 'PT1H' });
    const opening = await cooperative.board('alpha').endorse('resolutions:open', { id });
    cooperative.world.pass({ seconds: 3590 });
    cooperative.world.commit(opening);
    await cooperative.received(id);
    cooperative.world.pass({ seconds: 11 });
    const votes = await Promise.all(
      ['bravo', 'charlie'].map((memberId) =>
        cooperative.representative(memberId).endorse('resolutions:vote', { id, choice: 'no' }),
      ),
    );
    expect(read(votes[0]!.simulation)).toEqual(
      [resolution(id), ballot(id, 'bravo'), openingReceipt(id)].map(compositeKey),
    );
    expect(written(votes[0]!.simulation)).toEqual([compositeKey(ballot(id, 'bravo'))]);
    expect(votes.map((vote) => cooperative.world.commit(vote))).toEqual([0, 0]);
  });
});

describe('a receipt', () => {
  it('is a key of its own, under the channel’s policy', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.proposed();
    await cooperative.board('alpha').call('resolutions:open', { id });
    const receipt = await cooperative.board('delta').endorse('resolutions:receive', { id });
    expect(written(receipt.simulation)).toEqual([compositeKey(openingReceipt(id))]);
    expect(receipt.simulation.policies.size).toBe(0);
    expect(cooperative.world.commit(receipt, ['alpha', 'bravo'].map(mspIdOf))).toBe(10);
    expect(cooperative.world.commit(receipt)).toBe(0);
  });

  it('reads no ballot: neither keeps the other out, whichever comes first', async () => {
    for (const votesFirst of [true, false]) {
      const cooperative = await Cooperative.founded();
      const id = await cooperative.proposed();
      await cooperative.board('alpha').call('resolutions:open', { id });
      const receipt = await cooperative.board('delta').endorse('resolutions:receive', { id });
      expect(ofType(read(receipt.simulation), 'ballot')).toEqual([]);
      const vote = await cooperative
        .representative('bravo')
        .endorse('resolutions:vote', { id, choice: 'no' });
      const order = votesFirst ? [vote, receipt] : [receipt, vote];
      expect(order.map((each) => cooperative.world.commit(each))).toEqual([0, 0]);
    }
  });
});

describe('a decision', () => {
  it('point-reads every ballot on the roll, by no range, even when the outcome is clear earlier', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes' });
    const { simulation } = await cooperative.board('alpha').endorse('resolutions:decide', { id });
    expect(ofType(read(simulation), 'ballot')).toEqual(
      cooperative.founders.map((memberId) => compositeKey(ballot(id, memberId))),
    );
    expect(simulation.ranges).toEqual([]);
  });

  it('writes the resolution, each effect’s own key, the register and the indexes, and no ballot', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.applied('north');
    const id = await cooperative.opened(admission('north'));
    await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
    const { simulation } = await cooperative.board('alpha').endorse('resolutions:decide', { id });
    const keys = written(simulation);
    expect(ofType(keys, 'ballot')).toEqual([]);
    expect(keys.filter((key) => !key.startsWith('\u0000index\u0000')).sort()).toEqual(
      [resolution(id), effect(id, 0), member('north'), claim('applicant', 'north')].map(compositeKey).sort(),
    );
    expect(simulation.writes.get(compositeKey(claim('applicant', 'north')))).toHaveLength(0);
  });
});

describe('a change of representation', () => {
  it('writes one key, which no act on a resolution or on the member reads', async () => {
    const cooperative = await Cooperative.founded();
    const board = cooperative.board('delta');
    const change = { id: 'delta', change: { office: 'Another office' } };
    const { simulation } = await board.endorse('members:change', change);
    expect(written(simulation)).toEqual([compositeKey(memberRepresentation('delta'))]);
    expect(simulation.policies.size).toBe(0);
    const id = await cooperative.proposed(exclusion('delta'));
    const alpha = cooperative.board('alpha');
    const { simulation: opening } = await alpha.endorse('resolutions:open', { id });
    expect(ofType(read(opening), 'member-representation')).toEqual([]);
  });
});

describe('the resolution’s key', () => {
  it('is written by propose, open, withdraw and decide and by nothing else', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted();
    const { simulation } = await cooperative.board('alpha').endorse('resolutions:finding', {
      id,
      date: '2026-03-02',
      minutes: { name: 'Minutes.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) },
    });
    expect(written(simulation)).toEqual([`\u0000finding\u0000${id}\u0000`]);
  });
});

describe('keys with a policy of their own', () => {
  it('are ballots only and are never deleted', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.adopted();
    const { protectedKeys, contents } = cooperative.world.ledger;
    expect([...protectedKeys].sort()).toEqual(
      cooperative.founders.map((memberId) => compositeKey(ballot(id, memberId))).sort(),
    );
    expect(protectedKeys.every((key) => contents.has(key))).toBe(true);
  });

  it('name members that have joined beside the voter, who may not have', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    const id = await cooperative.opened();
    cooperative.world.organizations.set(mspIdOf('north'), true);
    const vote = await cooperative.representative('north').endorse('resolutions:vote', { id, choice: 'yes' });
    expect(cooperative.world.commit(vote, [mspIdOf('north')])).toBe(10);
    expect(cooperative.world.commit(vote, [mspIdOf('north'), mspIdOf('alpha')])).toBe(0);
  });
});
