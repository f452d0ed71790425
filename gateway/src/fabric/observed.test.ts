import { describe, expect, it } from 'vitest';
import type { DiscoveredNodes, DiscoveredPeer } from './discovery.js';
import { Observed } from './observed.js';

const FRESH_MS = 3_000;

const peer = (mspId: string, heartbeat = '1.1', height = 7): DiscoveredPeer => ({
  mspId,
  endpoint: `${mspId}:7051`,
  height,
  chaincodes: ['umlauf'],
  heartbeat,
});

function observed(...views: (DiscoveredNodes | Error)[]) {
  const clock = { ms: 1_000, looks: 0 };
  const look = (): Promise<DiscoveredNodes> => {
    const view = views[Math.min(clock.looks, views.length - 1)];
    clock.looks += 1;
    return view instanceof Error
      ? Promise.reject(view)
      : Promise.resolve(view ?? { peers: [], orderers: [] });
  };
  return { clock, nodes: new Observed({ look, freshMs: FRESH_MS, now: () => clock.ms }) };
}

describe('what is observed on the channel', () => {
  it('names each node with its kind, and is in order', async () => {
    const orderer = { mspId: 'A', endpoint: 'A:7050' };
    const { nodes } = observed({ peers: [peer('B'), peer('A')], orderers: [orderer] });
    expect(await nodes.nodes()).toEqual([
      { kind: 'orderer', ...orderer, seen: true, lastSeenMs: 1_000 },
      { kind: 'peer', mspId: 'A', endpoint: 'A:7051', seen: true, height: 7, lastSeenMs: 1_000 },
      { kind: 'peer', mspId: 'B', endpoint: 'B:7051', seen: true, height: 7, lastSeenMs: 1_000 },
    ]);
  });

  it('is looked for again only when somebody asks after a while', async () => {
    const { clock, nodes } = observed({ peers: [peer('A')], orderers: [] });
    await Promise.all([nodes.nodes(), nodes.nodes()]);
    clock.ms += FRESH_MS - 1;
    await nodes.nodes();
    expect(clock.looks).toBe(1);
    clock.ms += 1;
    await nodes.nodes();
    expect(clock.looks).toBe(2);
  });

  it('is last seen at its newest sign of life, although the peer takes it for alive for longer', async () => {
    const silent = { peers: [peer('A', '1.2'), peer('B', '1.1')], orderers: [] };
    const { clock, nodes } = observed({ peers: [peer('A'), peer('B')], orderers: [] }, silent);
    await nodes.nodes();
    clock.ms += FRESH_MS;
    const seen = (await nodes.nodes()).map(({ mspId, lastSeenMs }) => [mspId, lastSeenMs]);
    expect(seen).toEqual([
      ['A', 1_000 + FRESH_MS],
      ['B', 1_000],
    ]);
  });

  it('is remembered when it is gone, and found again when it is back', async () => {
    const both = { peers: [peer('A'), peer('B')], orderers: [{ mspId: 'B', endpoint: 'B:7050' }] };
    const { clock, nodes } = observed(both, { peers: [peer('A', '1.2')], orderers: [] }, both);
    await nodes.nodes();
    clock.ms += FRESH_MS;
    expect((await nodes.nodes()).filter(({ seen }) => !seen)).toEqual([
      { kind: 'orderer', mspId: 'B', endpoint: 'B:7050', seen: false, lastSeenMs: 1_000 },
      { kind: 'peer', mspId: 'B', endpoint: 'B:7051', seen: false, height: 7, lastSeenMs: 1_000 },
    ]);
    clock.ms += FRESH_MS;
    expect((await nodes.nodes()).every(({ seen }) => seen)).toBe(true);
  });

  it('forgets those gone longest when there are too many', async () => {
    const many = Array.from({ length: 600 }, (_, index) => peer(`M${index}`));
    const { clock, nodes } = observed({ peers: many, orderers: [] }, { peers: [], orderers: [] });
    await nodes.nodes();
    clock.ms += FRESH_MS;
    expect(await nodes.nodes()).toHaveLength(500);
  });

  it('is asked for again at once after a failure, and keeps what it knew', async () => {
    const { clock, nodes } = observed({ peers: [peer('A')], orderers: [] }, new Error('the peer is down'), {
      peers: [],
      orderers: [],
    });
    await nodes.nodes();
    clock.ms += FRESH_MS;
    await expect(nodes.nodes()).rejects.toThrow('the peer is down');
    expect(await nodes.nodes()).toMatchObject([{ mspId: 'A', seen: false }]);
  });
});
