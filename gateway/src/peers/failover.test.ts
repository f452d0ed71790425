import { describe, expect, it } from 'vitest';
import type { PeerAddress, Peers } from '../fabric/connection.js';
import { FakeTime } from '../testing/fake-fabric.js';
import { Failover } from './failover.js';
import type { Standing } from './standing.js';

const NONE: Standing = { answers: false, ready: false, height: 0n };
const lacking = (height: bigint): Standing => ({ answers: true, ready: false, height });
const sound = (height: bigint): Standing => ({ answers: true, ready: true, height });

/** Peers that stand as they are said to, of which the first is in use. */
function setUp(...standings: (Standing | ((now: number) => Standing))[]) {
  const time = new FakeTime();
  const begun = time.now();
  const peers = standings.map((_, place) => ({ endpoint: `peer${place}:1`, tlsRootCertificates: '' }));
  const state = { at: 0, asked: 0, abandoned: false };
  const failover = new Failover({
    peers: () => peers as unknown as Peers,
    at: () => state.at,
    standingOf: (peer: PeerAddress) => {
      state.asked += 1;
      const standing = standings[peers.findIndex(({ endpoint }) => endpoint === peer.endpoint)] ?? NONE;
      return Promise.resolve(typeof standing === 'function' ? standing(time.now() - begun) : standing);
    },
    known: () => 10n,
    goTo: (at, abandoned) => Object.assign(state, { at, abandoned }),
    time,
  });
  return { state, failover, time };
}

describe('Failover', () => {
  it.each([
    { what: 'the next one that lacks nothing', peers: [NONE, NONE, sound(10n)], uses: 2 },
    { what: 'the first of those that are as good', peers: [NONE, sound(12n), sound(15n)], uses: 1 },
    {
      what: 'one that lacks nothing rather than one that only answers',
      peers: [lacking(10n), lacking(12n), sound(10n)],
      uses: 2,
    },
    { what: 'one that only answers rather than none', peers: [NONE, lacking(10n), NONE], uses: 1 },
    { what: 'none that is no better', peers: [lacking(10n), lacking(12n)], uses: 0 },
    { what: 'none while the one in use lacks nothing', peers: [sound(10n), sound(12n)], uses: 0 },
    { what: 'none where none answers', peers: [NONE, NONE], uses: 0 },
    { what: 'none that has fewer blocks than it has told of', peers: [NONE, sound(9n)], uses: 0 },
  ])('goes to $what', async ({ peers, uses }) => {
    const { failover, state } = setUp(...peers);
    await failover.look();
    expect(state.at).toBe(uses);
  });

  it.each([
    {
      left: NONE,
      what: 'no longer waits for calls that are under way at one that does not answer',
      abandoned: true,
    },
    { left: lacking(10n), what: 'lets calls end that are under way at one that answers', abandoned: false },
  ])('$what', async ({ left, abandoned }) => {
    const { failover, state } = setUp(left, sound(10n));
    await failover.look();
    expect(state).toMatchObject({ at: 1, abandoned });
  });

  it('waits a moment for one that is a block behind', async () => {
    const { failover, state } = setUp(NONE, (ms) => sound(ms < 600 ? 9n : 10n));
    await failover.look();
    expect(state.at).toBe(1);
  });

  it('stays with the one that it went to, until that one fails', async () => {
    let second = sound(10n);
    const { failover, state } = setUp(NONE, () => second);
    await failover.look();
    const firstIsBack = setUp(sound(10n), () => second);
    firstIsBack.state.at = 1;
    await firstIsBack.failover.look();
    expect([state.at, firstIsBack.state.at]).toEqual([1, 1]);
    second = NONE;
    await firstIsBack.failover.look();
    expect(firstIsBack.state.at).toBe(0);
  });

  it('asks once for all calls that fail together, and not again at once where none is better', async () => {
    const { failover, state, time } = setUp(NONE, NONE);
    await Promise.all([failover.unreached(), failover.unreached(), failover.unreached()]);
    await failover.unreached();
    expect(state.asked).toBe(2);
    time.advance(1_000);
    await failover.unreached();
    expect(state.asked).toBe(4);
  });

  it('asks nobody where there is one alone', async () => {
    const { failover, state } = setUp(NONE);
    await failover.unreached();
    expect(state.asked).toBe(0);
  });
});
