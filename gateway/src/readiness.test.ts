import { describe, expect, it, vi } from 'vitest';
import { Channel } from './fabric/channel.js';
import { LedgerLookup } from './fabric/transactions.js';
import { complete, ReadinessCheck } from './readiness.js';
import { channelConfig } from './testing/fake-channel.js';
import { FakeFabric } from './testing/fake-fabric.js';

function setUp(members = ['OwnMSP', 'BMSP', 'CMSP']) {
  const fabric = new FakeFabric();
  fabric.onEvaluate = () => Promise.resolve(channelConfig(members));
  const lookup = new LedgerLookup(fabric, 'main');
  const heights: Record<string, bigint | undefined> = { own: 5n, BMSP: 5n, CMSP: 5n };
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
    });
  return { heights, state, check, asked };
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
