import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeGateway } from '../testing/fake-gateway.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeEach(async () => {
  gateway = await startFakeGateway({ cacheBytes: 1_000_000 });
});
afterEach(() => gateway.stop());

const MEMBER = '/api/v1/members/m-1';
const asked = () => gateway.ledger.evaluated.length;

describe('asking twice', () => {
  it('answers 304 without a body while the answer is the one that the caller has', async () => {
    gateway.ledger.answer = () => ({ id: 'm-1', status: 'admitted' });
    const first = await gateway.request('GET', MEMBER);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('vary')).toMatch(/Authorization/);
    const headers = { 'if-none-match': first.headers.get('etag') };
    const again = await gateway.request('GET', MEMBER, { headers });
    expect(again).toMatchObject({ status: 304, body: {} });
    expect(again.headers.get('etag')).toBe(headers['if-none-match']);
    expect(again.headers.get('block-number')).toBe('4');
    gateway.ledger.answer = () => ({ id: 'm-1', status: 'ending' });
    gateway.answers.forget();
    expect(await gateway.request('GET', MEMBER, { headers })).toMatchObject({
      status: 200,
      body: { status: 'ending' },
    });
  });

  it('asks the peer once, for each role', async () => {
    for (const role of ['board', 'board', 'auditor', 'board', 'auditor'])
      await gateway.request('GET', MEMBER, { role });
    expect(gateway.ledger.evaluated.map(({ role }) => role)).toEqual(['board', 'auditor']);
  });

  it('answers nobody from memory who may not ask', async () => {
    await gateway.request('GET', MEMBER);
    expect((await gateway.request('GET', MEMBER, { role: null })).status).toBe(401);
    expect((await gateway.request('GET', MEMBER, { role: 'nobody' })).status).toBe(403);
  });

  it('lets no problem be kept', async () => {
    gateway.ledger.answer = () => expect.fail();
    const { status, headers } = await gateway.request('GET', MEMBER);
    expect(status).toBe(500);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBeNull();
  });
});

describe('cursors', () => {
  const LIST = '/api/v1/resolutions?status=open';
  const cursor = async (path: string) => {
    const answer = await gateway.request('GET', path);
    return String(answer.body['bookmark']);
  };
  const bookmarks = () =>
    gateway.ledger.evaluated.map(({ input }) => (input as { bookmark?: string }).bookmark);
  beforeEach(() => {
    gateway.ledger.answer = () => ({ items: [{ id: 'r-1' }], bookmark: 'b2Zmc2V0' });
  });

  it('lead on in the same list, with a page of another size too', async () => {
    const next = await cursor(LIST);
    const { status } = await gateway.request('GET', `${LIST}&limit=7&bookmark=${next}`);
    expect(status).toBe(200);
    expect(bookmarks()).toEqual([undefined, 'b2Zmc2V0']);
  });

  it.each([
    ['of another filter', '/api/v1/resolutions?status=adopted'],
    ['of no filter', '/api/v1/resolutions'],
    ['of another list', '/api/v1/members'],
    ["of another resource's list", '/api/v1/resolutions/r-2/ballots'],
  ])('%s are refused', async (_what, path) => {
    const next = await cursor(LIST);
    const before = asked();
    const { status, body } = await gateway.request(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}bookmark=${next}`,
    );
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:umlauf:problem:invalid-input',
      data: { issues: [{ path: 'bookmark' }] },
    });
    expect(asked()).toBe(before);
  });

  it.each([
    ['the bare position', (next: string) => next.slice(12)],
    ['a changed position', (next: string) => `${next.slice(0, -1)}A`],
    ['the seal alone', (next: string) => next.slice(0, 12)],
    ['an invention', () => 'AAAA'],
  ])('refuses %s', async (_what, forge) => {
    const forged = forge(await cursor(LIST));
    expect((await gateway.request('GET', `${LIST}&bookmark=${forged}`)).status).toBe(400);
    expect(asked()).toBe(1);
  });
});
