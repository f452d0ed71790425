/**
 * What one member can repeat without limit must keep no act of the others out: every key that it writes and that such an
 * act reads is a conflict. A change of who represents it writes a key that only views read; proposals and applications
 * write what is the proposer's own; receipts, joining, resigning and endings are recorded once.
 *
 * What remains belongs to the act: a decision reads every ballot, so whoever may change its ballot can delay the
 * decision, but not past the deadline, after which at most one vote of its own that it held back is left.
 */
import { describe, expect, it } from 'vitest';
import type { InputOf, SubmitName } from '../../api/transactions';
import {
  Cooperative,
  DOCUMENT,
  admission,
  amendment,
  application,
  exclusion,
  mspIdOf,
} from '../../testing/cooperative';
import { VALID } from '../../testing/fake-ledger';
import type { Office } from '../../testing/world';

const HOSTILE = 'delta';
type Pending = <N extends SubmitName>(name: N, input: InputOf<N>, office?: Office) => Promise<void>;

/** Everything that a member's board may do again and again, each with what takes it back. */
async function repeatable(cooperative: Cooperative, round: number): Promise<void> {
  const board = cooperative.board(HOSTILE);
  await board.call('members:change', {
    id: HOSTILE,
    change: { office: `Office ${round}`, operator: `Body ${round}` },
  });
  const proposal = cooperative.proposal();
  await board.call('resolutions:propose', proposal);
  await board.call('resolutions:receive', { id: proposal.id });
  await board.call('resolutions:withdraw', { id: proposal.id });
  await board.call('members:apply', application('puppet'));
  await board.call('members:withdraw', { id: 'puppet' });
}

/** Commits each act after the hostile member has repeated all that it can since the endorsement. */
function besieged(cooperative: Cooperative): Pending {
  let round = 0;
  return async (name, input, office = cooperative.board('alpha')) => {
    const endorsed = await office.endorse(name, input);
    round += 1;
    await repeatable(cooperative, round);
    expect(cooperative.world.commit(endorsed), name).toBe(VALID);
  };
}

describe('a member that repeats what it can without limit', () => {
  it('keeps nobody from deciding its exclusion, from proposal to dispatch', async () => {
    const cooperative = await Cooperative.founded();
    const act = besieged(cooperative);
    const proposal = cooperative.proposal(exclusion(HOSTILE));
    const { id } = proposal;
    await act('resolutions:propose', proposal);
    await act('resolutions:receive', { id });
    await act('resolutions:open', { id });
    await act('resolutions:receive', { id });
    for (const voter of ['alpha', 'bravo', 'charlie'])
      await act('resolutions:vote', { id, choice: 'yes' }, cooperative.representative(voter));
    await act('resolutions:decide', { id });
    await act('resolutions:finding', { id, date: '2026-03-02', minutes: { ...DOCUMENT } });
    await act('resolutions:dispatch', { id, date: '2026-03-02' });
    expect(
      (await cooperative.board('alpha').call('members:get', { id: HOSTILE })).exclusion?.dispatched,
    ).toBeDefined();
  });

  it('keeps nobody from admitting others or amending the bylaws', async () => {
    const cooperative = await Cooperative.founded();
    const act = besieged(cooperative);
    await act('members:apply', application('north'));
    const amending = { ...cooperative.bylaws, actWithin: 'P10D' };
    for (const motion of [admission('north'), amendment('foundation', amending)]) {
      const proposal = cooperative.proposal(motion);
      const { id } = proposal;
      await act('resolutions:propose', proposal);
      await act('resolutions:open', { id });
      await cooperative.vote(id, { alpha: 'yes', bravo: 'yes', charlie: 'yes', delta: 'yes' });
      if (motion.matter === 'bylaws-amendment') {
        const north = cooperative.representative('north');
        cooperative.world.organizations.set(mspIdOf('north'), true);
        await act('members:confirmJoined', { id: 'north' });
        await act('resolutions:vote', { id, choice: 'yes' }, north);
      }
      await act('resolutions:decide', { id });
      if (motion.matter === 'bylaws-amendment') await act('resolutions:register', { id, date: '2026-03-02' });
    }
  });

  it('keeps nobody from receiving its resignation', async () => {
    const cooperative = await Cooperative.founded();
    const act = besieged(cooperative);
    await cooperative.representative(HOSTILE).call('members:resign', { id: HOSTILE });
    await act('members:receive', { id: HOSTILE });
  });

  it('keeps nobody from confirming that it has joined', async () => {
    const cooperative = await Cooperative.founded();
    await cooperative.admitted('north');
    cooperative.world.organizations.set(mspIdOf('north'), true);
    const joining = await cooperative.board('alpha').endorse('members:confirmJoined', { id: 'north' });
    const change = { office: 'Another office' };
    await cooperative.board('north').call('members:change', { id: 'north', change });
    expect(cooperative.world.commit(joining)).toBe(VALID);
  });

  it('votes again only against itself: of two votes endorsed at once one counts, so none outlasts the deadline', async () => {
    const cooperative = await Cooperative.founded();
    const id = await cooperative.opened();
    const votes = await Promise.all(
      (['yes', 'no'] as const).map((choice) =>
        cooperative.representative(HOSTILE).endorse('resolutions:vote', { id, choice }),
      ),
    );
    expect(votes.filter((vote) => cooperative.world.commit(vote) === VALID)).toHaveLength(1);
  });
});
