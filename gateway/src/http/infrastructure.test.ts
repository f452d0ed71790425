import type { Node } from 'umlauf-chaincode/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeGateway } from '../testing/fake-gateway.js';

type Gateway = Awaited<ReturnType<typeof startFakeGateway>>;
let gateway: Gateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.stop());

const recorded = {
  at: '2026-03-02T09:00:00.000Z',
  mspId: 'AMSP',
  role: 'board',
  transactionId: 'f'.repeat(64),
};
const node = (index: number): Node => ({
  id: `peer-${index}`,
  kind: 'peer',
  endpoint: `peer-${index}:7051`,
  site: 'a-site',
  runningSince: '2026-03-02',
  contentSha256: 'a'.repeat(64),
  declared: { memberId: 'alpha', recorded: { ...recorded, role: 'board' } },
  status: 'running',
  memberId: 'alpha',
  mspId: 'AMSP',
  operators: [],
  endorsements: [],
});
const seen = (index: number, lastSeenMs = 0) => ({
  ...{ kind: 'peer' as const, mspId: 'AMSP', endpoint: `peer-${index}:7051` },
  ...{ seen: true, height: 9, lastSeenMs },
});

async function get(query = '', role = 'auditor') {
  const response = await fetch(`${gateway.url}/api/v1/infrastructure${query}`, {
    headers: { authorization: `Bearer ${role}` },
  });
  const body = (await response.json()) as {
    items: { id: string; status: string; observed?: object }[];
    bookmark?: string;
    type?: string;
  };
  return { status: response.status, body };
}

describe('GET /infrastructure', () => {
  it('reads every page of what is declared, and lays it beside what is seen', async () => {
    gateway.ledger.answer = (_transaction, input) => {
      const { status, bookmark } = input as { status: string; bookmark?: string };
      if (status === 'planned') return { items: [] };
      return bookmark === undefined ? { items: [node(1)], bookmark: 'more' } : { items: [node(2)] };
    };
    gateway.state.observed = [seen(2), seen(3, Date.parse('2026-03-02T09:00:00.000Z'))];
    const { body } = await get();
    expect(body.items.map(({ id, status }) => [id, status])).toEqual([
      ['peer-1', 'declared-not-seen'],
      ['peer-2', 'agrees'],
      ['peer.AMSP.peer-3:7051', 'seen-not-declared'],
    ]);
    expect(body.items[2]?.observed).toEqual({
      seen: true,
      height: 9,
      lastSeen: '2026-03-02T09:00:00.000Z',
    });
  });

  it('is answered in pages, and by status', async () => {
    gateway.ledger.answer = () => ({ items: [] });
    gateway.state.observed = [seen(1), seen(2), seen(3)];
    const first = await get('?limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await get(`?limit=2&bookmark=${first.body.bookmark ?? ''}`);
    expect(second.body.items).toHaveLength(1);
    expect(second.body.bookmark).toBeUndefined();
    expect((await get('?status=agrees')).body.items).toEqual([]);
  });

  it.each(['?limit=0', '?status=broken', '?bookmark=elsewhere', '?bookmark=01', '?what=ever'])(
    'refuses %s',
    async (query) => {
      expect(await get(query)).toMatchObject({
        status: 400,
        body: { type: 'urn:umlauf:problem:invalid-input' },
      });
    },
  );

  it('needs a role', async () => {
    expect(await get('', 'nobody')).toMatchObject({ status: 403 });
  });
});
