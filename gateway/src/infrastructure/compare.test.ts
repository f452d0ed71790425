import type { Node } from 'umlauf-chaincode/api';
import { describe, expect, it } from 'vitest';
import type { ObservedNode } from '../fabric/observed.js';
import { compared } from './compare.js';

const node = (id: string, change: Partial<Node> = {}): Node =>
  ({ id, kind: 'peer', mspId: 'AMSP', endpoint: 'a:7051', status: 'running', ...change }) as Node;
const seen = (change: Partial<ObservedNode> = {}): ObservedNode => ({
  kind: 'peer',
  mspId: 'AMSP',
  endpoint: 'a:7051',
  seen: true,
  lastSeenMs: 0,
  ...change,
});
const statuses = (declared: Node[], observed: ObservedNode[]) =>
  Object.fromEntries(compared(declared, observed).map(({ id, status }) => [id, status]));

describe('what is declared, beside what is observed', () => {
  it('agrees where kind, organization and endpoint are the same', () => {
    expect(compared([node('peer-a')], [seen()])).toEqual([
      {
        ...{ id: 'peer-a', status: 'agrees', kind: 'peer', mspId: 'AMSP', endpoint: 'a:7051' },
        ...{ declared: node('peer-a'), observed: seen() },
      },
    ]);
  });

  it.each([
    ['kind', { kind: 'orderer' }],
    ['organization', { mspId: 'BMSP' }],
    ['endpoint', { endpoint: 'a:7052' }],
  ] as const)('differs on both sides where the %s is another', (_what, change) => {
    const { kind, mspId, endpoint } = seen(change);
    expect(statuses([node('peer-a')], [seen(change)])).toEqual({
      'peer-a': 'declared-not-seen',
      [`${kind}.${mspId}.${endpoint}`]: 'seen-not-declared',
    });
  });

  it('differs where a declared node is not seen any more, and shows when it was', () => {
    const gone = seen({ seen: false, lastSeenMs: 5 });
    expect(compared([node('peer-a')], [gone])).toMatchObject([
      { status: 'declared-not-seen', observed: { lastSeenMs: 5 } },
    ]);
  });

  it('leaves out what was seen once and nobody declares', () => {
    expect(compared([], [seen({ seen: false })])).toEqual([]);
  });

  it('counts nothing as a difference that the channel can not show', () => {
    const { endpoint: _endpoint, ...unlocated } = node('peer-b');
    const gateway = { ...unlocated, id: 'gate', kind: 'gateway' as const };
    expect(statuses([gateway, unlocated], [])).toEqual({ gate: 'unobservable', 'peer-b': 'unobservable' });
  });

  it('expects of a planned node that it is not seen yet', () => {
    const planned = node('peer-a', { status: 'planned' });
    expect(statuses([planned], [])).toEqual({ 'peer-a': 'planned' });
    expect(compared([planned], [seen()])).toMatchObject([{ id: 'peer-a', status: 'seen-not-declared' }]);
  });

  it('is in the order of organization, kind and id', () => {
    const all = compared([node('z'), node('a', { mspId: 'BMSP' })], [seen({ kind: 'orderer' })]);
    expect(all.map(({ id }) => id)).toEqual(['orderer.AMSP.a:7051', 'z', 'a']);
  });
});
