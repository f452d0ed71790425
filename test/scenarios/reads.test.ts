/** Reading twice: answers that needn't be asked for again, and none that a block has made old. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resolution } from 'umlauf-chaincode/api';
import { call, type GatewayAccess } from 'umlauf-network';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';

let consortium: TestConsortium;
let [chair, other]: GatewayAccess[] = [];
beforeAll(async () => {
  consortium = await startConsortium();
  [chair, other] = [consortium.gateway('bundesdruckerei'), consortium.gateway('itdz-berlin')];
  for (const id of ['first', 'second', 'third']) {
    await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
    await call(chair, 'board', 'POST', `/resolutions/${id}/open`);
  }
}, 120_000);
afterAll(() => consortium.stop());

interface Page {
  readonly items: readonly Resolution[];
  readonly bookmark?: string;
}

/** A read with its headers, as no client of ours makes it. */
async function get(gateway: GatewayAccess, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${gateway.tokens.auditor}`, ...headers },
  });
  const text = await response.text();
  return { response, body: (text === '' ? {} : JSON.parse(text)) as Resolution & Page };
}
const etagOf = ({ response }: { response: Response }) => response.headers.get('etag') ?? '';

describe('a read', () => {
  it('is the same at every gateway that has its block, and 304 to whoever has it', async () => {
    const here = await get(chair!, '/resolutions/first');
    const minBlock = { 'min-block': here.response.headers.get('block-number') ?? '' };
    const there = await get(other!, '/resolutions/first', minBlock);
    expect(there.body).toEqual(here.body);
    expect(etagOf(there)).toBe(etagOf(here));
    const again = await get(other!, '/resolutions/first', { 'if-none-match': etagOf(here) });
    expect(again.response.status).toBe(304);
  });

  it('shows each vote at once to whoever cast it, and to others from its block on', async () => {
    for (const voter of consortium.gateways.slice(0, 2)) {
      const before = await get(chair!, '/resolutions/first');
      await get(voter, '/resolutions/first');
      const { blockNumber } = await call(voter, 'representative', 'PUT', '/resolutions/first/ballot', {
        body: { choice: 'no' },
      });
      const own = await get(voter, '/resolutions/first');
      const others = await get(chair!, '/resolutions/first', { 'min-block': String(blockNumber) });
      expect(etagOf(own)).not.toBe(etagOf(before));
      expect(own.body).toEqual(others.body);
      expect(own.body.tally?.no).toBeGreaterThan(before.body.tally?.no ?? 0);
    }
  });

  it('goes through a list page by page, while votes are cast', async () => {
    const ids: string[] = [];
    let bookmark = '';
    do {
      const { response, body } = await get(chair!, `/resolutions?status=open&limit=1${bookmark}`);
      expect(response.status).toBe(200);
      ids.push(...body.items.map(({ id }) => id));
      await call(other!, 'representative', 'PUT', `/resolutions/${ids.at(-1)}/ballot`, {
        body: { choice: ids.length === 1 ? 'no' : 'yes' },
      });
      bookmark = body.bookmark === undefined ? '' : `&bookmark=${body.bookmark}`;
      if (bookmark === '') continue;
      expect((await get(chair!, `/resolutions?limit=1${bookmark}`)).response.status).toBe(400);
      expect((await get(chair!, `/members?limit=1${bookmark}`)).response.status).toBe(400);
    } while (bookmark !== '');
    expect(ids).toEqual(['first', 'second', 'third']);
  });
});
