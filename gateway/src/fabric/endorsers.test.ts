import { describe, expect, it } from 'vitest';
import { channelConfig, signaturePolicy } from '../testing/fake-channel.js';
import { FakeFabric, FakeTime } from '../testing/fake-fabric.js';
import { Channel } from './channel.js';
import { Endorsers } from './endorsers.js';

const MEMBERS = ['OwnMSP', 'BMSP', 'CMSP', 'DMSP'];
const channelNeed = { policy: 'channel' } as const;
const ballotNeed = { policy: 'ballot', others: MEMBERS, f: 1 } as const;

function endorsersOf(config: Uint8Array) {
  const fabric = new FakeFabric();
  const time = new FakeTime();
  let reads = 0;
  fabric.onEvaluate = () => {
    reads += 1;
    return Promise.resolve(config);
  };
  const channel = new Channel(fabric, 'main');
  return { endorsers: new Endorsers('OwnMSP', channel, time), channel, time, fabric, reads: () => reads };
}

const flat = (threshold: number) => endorsersOf(channelConfig(MEMBERS, signaturePolicy(threshold, MEMBERS)));

describe('Endorsers for the policy of the channel', () => {
  it('names as many as the threshold asks for, the own organization first and the others in turn', async () => {
    const { endorsers } = flat(3);
    const chosen = await Promise.all([1, 2, 3].map(() => endorsers.choose(channelNeed)));
    for (const names of chosen) {
      expect(names?.[0]).toBe('OwnMSP');
      expect(new Set(names).size).toBe(3);
    }
    expect(new Set(chosen.flat())).toEqual(new Set(MEMBERS));
  });

  it('reads the configuration once, and again after it was told to forget it', async () => {
    const { endorsers, channel, reads } = flat(3);
    await endorsers.choose(channelNeed);
    await endorsers.choose(channelNeed);
    expect(reads()).toBe(1);
    channel.forget();
    await endorsers.choose(channelNeed);
    expect(reads()).toBe(2);
  });

  it('reads the configuration again when reading it failed', async () => {
    const { endorsers, fabric } = flat(3);
    const working = fabric.onEvaluate;
    fabric.onEvaluate = () => Promise.reject(new Error('down'));
    await expect(endorsers.choose(channelNeed)).rejects.toThrow('down');
    fabric.onEvaluate = working;
    await expect(endorsers.choose(channelNeed)).resolves.toHaveLength(3);
  });

  it('lets the peer choose when the policy is no flat one', async () => {
    const { endorsers } = endorsersOf(channelConfig(MEMBERS));
    await expect(endorsers.choose(channelNeed)).resolves.toBeUndefined();
  });

  it('passes over organizations that were set aside, its own too, until they have rested', async () => {
    const { endorsers, time } = flat(2);
    endorsers.setAside(['OwnMSP', 'BMSP']);
    expect(new Set(await endorsers.choose(channelNeed))).toEqual(new Set(['CMSP', 'DMSP']));
    time.advance(5_001);
    expect((await endorsers.choose(channelNeed))?.[0]).toBe('OwnMSP');
  });

  it('lets them rest twice as long when they fail again, and forgets it once they endorsed', async () => {
    const { endorsers, time } = flat(2);
    endorsers.setAside(['OwnMSP']);
    time.advance(5_001);
    endorsers.setAside(['OwnMSP']);
    time.advance(5_001);
    expect(await endorsers.choose(channelNeed)).not.toContain('OwnMSP');
    time.advance(5_000);
    expect(await endorsers.choose(channelNeed)).toContain('OwnMSP');
    endorsers.succeeded(['OwnMSP'], time.now());
    endorsers.setAside(['OwnMSP']);
    time.advance(5_001);
    expect(await endorsers.choose(channelNeed)).toContain('OwnMSP');
  });

  it('does not forget what failed while they were endorsing', async () => {
    const { endorsers, time } = flat(2);
    const asked = time.now();
    time.advance(1);
    endorsers.setAside(['OwnMSP']);
    endorsers.succeeded(['OwnMSP'], asked);
    expect(endorsers.isResting('OwnMSP')).toBe(true);
    endorsers.succeeded(['OwnMSP'], time.now());
    expect(endorsers.isResting('OwnMSP')).toBe(false);
    await expect(endorsers.choose(channelNeed)).resolves.toContain('OwnMSP');
  });

  it('lets them rest longer for a worse reason, and not less for another', async () => {
    const { endorsers, time } = flat(2);
    endorsers.setAside(['OwnMSP']);
    endorsers.setAside(['OwnMSP'], 300_000);
    endorsers.setAside(['OwnMSP']);
    time.advance(299_000);
    expect(await endorsers.choose(channelNeed)).not.toContain('OwnMSP');
  });

  it('names those that were set aside when too few others are left', async () => {
    const { endorsers } = flat(4);
    endorsers.setAside(['BMSP', 'OwnMSP']);
    expect(new Set(await endorsers.choose(channelNeed))).toEqual(new Set(MEMBERS));
  });
});

describe('Endorsers for a key of the own organization', () => {
  it('names it, enough of those pinned with the key, and as many as the channel asks for', async () => {
    const { endorsers } = flat(3);
    const need = { policy: 'owned', others: ['DMSP', 'GoneMSP'], count: 1 } as const;
    for (const names of await Promise.all([1, 2, 3].map(() => endorsers.choose(need)))) {
      expect(names?.slice(0, 2)).toEqual(['OwnMSP', 'DMSP']);
      expect(new Set(names).size).toBe(3);
    }
  });
});

describe('Endorsers for a ballot', () => {
  it('names the own organization and f others of those pinned, without reading the configuration', async () => {
    const { endorsers, reads } = flat(3);
    const names = await endorsers.choose({ ...ballotNeed, f: 2 });
    expect(names?.[0]).toBe('OwnMSP');
    expect(new Set(names).size).toBe(3);
    expect(reads()).toBe(0);
  });

  it('names the own organization even while it rests: no other can stand in for it', async () => {
    const { endorsers } = flat(3);
    endorsers.setAside(['OwnMSP']);
    expect((await endorsers.choose(ballotNeed))?.[0]).toBe('OwnMSP');
  });

  it('names another when one was set aside', async () => {
    const { endorsers } = flat(3);
    endorsers.setAside(['BMSP', 'CMSP']);
    expect(await endorsers.choose(ballotNeed)).toEqual(['OwnMSP', 'DMSP']);
  });
});
