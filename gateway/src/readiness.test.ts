import { describe, expect, it, vi } from 'vitest';
import { Channel } from './fabric/channel.js';
import { LedgerLookup } from './fabric/transactions.js';
import { complete, ReadinessCheck } from './readiness.js';
import { channelConfig, signaturePolicy } from './testing/fake-channel.js';
import { FakeFabric } from './testing/fake-fabric.js';

function setUp(members = ['OwnMSP', 'BMSP', 'CMSP'], threshold?: number) {
  const fabric = new FakeFabric();
  const endorsement = threshold === undefined ? undefined : signaturePolicy(threshold, members);
  fabric.onEvaluate = () => Promise.resolve(channelConfig(members, endorsement));
  const alive = new Map(members.map((mspId) => [mspId, ['other', 'umlauf']]));
  fabric.onNodes = () =>
    Promise.resolve({
      peers: [...alive].map(([mspId, chaincodes]) => ({
        ...{ mspId, chaincodes, endpoint: `${mspId}:7051`, height: 5, heartbeat: '1.1' },
      })),
      orderers: [],
    });
  const lookup = new LedgerLookup(fabric, 'main');
  const heights: Record<string, bigint | undefined> = { own: 5n, BMSP: 5n, CMSP: 5n, DMSP: 5n };
  const asked: string[] = [];
  vi.spyOn(lookup, 'height').mockImplementation((mspId = 'own') => {
    asked.push(mspId);
    const height = heights[mspId];
    return height === undefined ? Promise.reject(new Error('away')) : Promise.resolve(height);
  });
  const state = { connected: true, arrives: false, contract: () => Promise.resolve<unknown>({}) };
  const check = () =>
    new ReadinessCheck({
      own: 'OwnMSP',
      channel: new Channel(fabric, 'main'),
      lookup,
      blocks: {
        get connected() {
          return state.connected;
        },
        reached: () => Promise.resolve(state.arrives),
      },
      readContract: () => state.contract(),
      endorsing: { chaincode: 'umlauf', peers: () => fabric.peers() },
    });
  return { fabric, alive, heights, state, check, asked };
}

describe('ReadinessCheck', () => {
  it('is ready when reads work and another member’s peer has no more blocks', async () => {
    await expect(setUp().check().check()).resolves.toEqual({ ready: true, missing: [], height: 5n });
  });

  it('misses the own peer', async () => {
    const { heights, check } = setUp();
    heights['own'] = undefined;
    await expect(check().check()).resolves.toEqual({ ready: false, missing: ['own-peer'] });
  });

  it('misses the chaincode and the stream of blocks', async () => {
    const { state, check } = setUp();
    state.contract = () => Promise.reject(new Error('x'));
    state.connected = false;
    await expect(check().check()).resolves.toMatchObject({ missing: ['chaincode', 'block-stream'] });
  });

  it('misses its membership when the configuration does not have it', async () => {
    const { check } = setUp(['BMSP', 'CMSP']);
    await expect(check().check()).resolves.toMatchObject({ missing: ['membership'] });
  });

  it('misses blocks that others have and that do not arrive', async () => {
    const { heights, check } = setUp();
    heights['BMSP'] = heights['CMSP'] = 9n;
    await expect(check().check()).resolves.toMatchObject({ missing: ['blocks'] });
  });

  it('waits a moment for them', async () => {
    const { heights, state, check } = setUp();
    heights['BMSP'] = heights['CMSP'] = 6n;
    state.arrives = true;
    await expect(check().check()).resolves.toMatchObject({ ready: true });
  });

  it('does not believe one other member alone', async () => {
    const { heights, check } = setUp();
    heights['BMSP'] = 1_000n;
    await expect(check().check()).resolves.toMatchObject({ ready: true });
  });

  it('asks further members when one does not answer, and has no proof when none does', async () => {
    const { heights, check } = setUp();
    heights['BMSP'] = undefined;
    await expect(check().check()).resolves.toMatchObject({ ready: true });
    heights['CMSP'] = undefined;
    await expect(check().check()).resolves.toMatchObject({ missing: ['other-members'] });
  });

  it('asks once a second at most, whoever calls', async () => {
    const { check, asked } = setUp();
    const readiness = check();
    await Promise.all(Array.from({ length: 20 }, () => readiness.check()));
    expect(asked.filter((mspId) => mspId === 'own')).toHaveLength(1);
  });
});

describe('ReadinessCheck, of those who endorse', () => {
  const FOUR = ['OwnMSP', 'BMSP', 'CMSP', 'DMSP'];
  const fine = { ready: true, missing: [], height: 5n };

  it('names who is away while the others suffice', async () => {
    const { alive, check } = setUp(FOUR, 3);
    alive.delete('CMSP');
    await expect(check().check()).resolves.toEqual({ ...fine, endorsersAway: ['CMSP'] });
  });

  it('misses endorsers once too few are left', async () => {
    const { alive, check } = setUp(FOUR, 3);
    alive.delete('CMSP');
    alive.delete('BMSP');
    await expect(check().check()).resolves.toEqual({
      ...{ ready: false, missing: ['endorsers'], height: 5n },
      endorsersAway: ['BMSP', 'CMSP'],
    });
  });

  it('counts a peer without the chaincode as away', async () => {
    const { alive, check } = setUp(FOUR, 4);
    alive.set('DMSP', ['other']);
    await expect(check().check()).resolves.toMatchObject({
      ...{ missing: ['endorsers'], endorsersAway: ['DMSP'] },
    });
  });

  it('never takes the own peer for away: whether it works shows in what is read', async () => {
    const { alive, check } = setUp(FOUR, 4);
    alive.delete('OwnMSP');
    await expect(check().check()).resolves.toEqual(fine);
  });

  it('knows of one that the own peer still takes for alive, from its silence, until it answers again', async () => {
    const { heights, check } = setUp(FOUR, 3);
    heights['CMSP'] = undefined;
    const readiness = check();
    const now = vi.spyOn(Date, 'now');
    const later = (seconds: number) => {
      now.mockReturnValue(1_000_000 * seconds);
      return readiness.check();
    };
    try {
      const rounds = [await later(1), await later(2), await later(3)];
      expect(rounds.every(({ ready }) => ready)).toBe(true);
      expect(rounds.at(-1)).toEqual({ ...fine, endorsersAway: ['CMSP'] });
      heights['CMSP'] = 5n;
      for (const second of [4, 5]) await later(second);
      expect(await later(6)).toEqual(fine);
    } finally {
      now.mockRestore();
    }
  });

  it('asks those that were silent again before it misses them', async () => {
    const { heights, asked, check } = setUp(FOUR, 4);
    const readiness = check();
    heights['CMSP'] = undefined;
    const now = vi.spyOn(Date, 'now');
    try {
      now.mockReturnValue(1_000_000);
      expect(await readiness.check()).toMatchObject({ missing: ['endorsers'], endorsersAway: ['CMSP'] });
      heights['CMSP'] = 5n;
      now.mockReturnValue(2_000_000);
      asked.length = 0;
      expect(await readiness.check()).toEqual(fine);
      expect(asked).toEqual(['own', 'DMSP', 'CMSP']);
    } finally {
      now.mockRestore();
    }
  });

  it('judges by silence alone where the peer does not tell who is alive', async () => {
    const { fabric, heights, check } = setUp(['OwnMSP', 'BMSP', 'CMSP'], 3);
    fabric.onNodes = () => Promise.reject(new Error('unknown service'));
    await expect(check().check()).resolves.toEqual(fine);
    heights['BMSP'] = heights['CMSP'] = undefined;
    await expect(check().check()).resolves.toMatchObject({ missing: ['other-members'] });
  });

  it('does not judge them where only the peer knows who has to endorse, or nobody answers', async () => {
    const { alive, heights, check } = setUp(FOUR);
    alive.clear();
    await expect(check().check()).resolves.toEqual(fine);
    const cutOff = setUp(FOUR, 3);
    cutOff.alive.clear();
    for (const mspId of FOUR.slice(1)) heights[mspId] = cutOff.heights[mspId] = undefined;
    await expect(cutOff.check().check()).resolves.toEqual({
      ...{ ready: false, missing: ['other-members'], height: 5n },
    });
  });
});

describe('complete', () => {
  const network = { ready: true, missing: [], height: 5n };
  const fine = { audit: true, journal: true, certificates: true };

  it.each(['audit', 'journal', 'certificates'] as const)('is not ready without its %s', (what) => {
    expect(complete(network, { ...fine, [what]: false }, [])).toEqual({
      ...network,
      ready: false,
      missing: [what],
    });
  });

  it('is ready while an issuer is away', () => {
    expect(complete(network, fine, ['urn:away'])).toEqual({ ...network, issuersAway: ['urn:away'] });
  });
});
