import { describe, expect, it, vi } from 'vitest';
import type { DiscoveredPeer } from 'umlauf-gateway/discovery';
import { PeerRefusal } from './client/endorser-client.js';
import type { Member } from './member.js';
import { callOnce, knowsEndorsers } from './readiness.js';

const known = (mspId: string, ...chaincodes: string[]): DiscoveredPeer => ({
  mspId,
  endpoint: `${mspId}:7051`,
  height: 1,
  chaincodes,
  heartbeat: '1.1',
});

function member(views: DiscoveredPeer[][], answers: (() => Promise<Uint8Array>)[] = []) {
  const peers = vi.fn(() => Promise.resolve(views.length > 1 ? views.shift()! : views[0]!));
  const query = vi.fn(() => (answers.length > 1 ? answers.shift()! : answers[0]!)());
  const parts = { administrator: { discovery: { peers }, endorser: { query } }, peer: { name: 'a.peer' } };
  return { peers, query, member: parts as unknown as Member };
}

describe('a peer', () => {
  it('knows the others once each runs the chaincode', async () => {
    const views = [
      [known('A', 'umlauf')],
      [known('A', 'umlauf'), known('B')],
      [known('A', 'umlauf'), known('B', 'umlauf'), known('C', 'other')],
    ];
    const { member: own, peers } = member(views);
    await knowsEndorsers(own, 'channel', 'umlauf', ['A', 'B']);
    expect(peers).toHaveBeenCalledTimes(3);
  });

  it('that never knows one is told with its name', async () => {
    vi.useFakeTimers();
    const { member: own } = member([[known('A', 'umlauf')]]);
    const waiting = knowsEndorsers(own, 'channel', 'umlauf', ['A', 'B', 'C']);
    const refused = expect(waiting).rejects.toThrow(/a\.peer to know the others .*not yet known: B, C/);
    await vi.advanceTimersByTimeAsync(120_000);
    await refused;
    vi.useRealTimers();
  });

  it('is called until its chaincode answers', async () => {
    const { member: own, query } = member(
      [],
      [
        () => Promise.reject(new PeerRefusal('could not launch chaincode', 500)),
        () => Promise.resolve(new Uint8Array()),
      ],
    );
    await callOnce(own, 'channel', 'umlauf');
    expect(query).toHaveBeenCalledTimes(2);
    expect(query).toHaveBeenLastCalledWith({
      channel: 'channel',
      chaincode: 'umlauf',
      args: ['org.hyperledger.fabric:GetMetadata'],
    });
  });
});
