import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';
import { startFakeGateway } from '../testing/fake-gateway.js';
import { ApiDocument } from '../testing/requests/document.js';
import { parseXml } from '../testing/xml.js';

const transactionId = (digit: string) => digit.repeat(64);
const recorded = (at: string, digit: string) =>
  ({ at, mspId: 'AlphaMSP', role: 'board', transactionId: transactionId(digit) }) as const;

const announcement = (id: string, change: Partial<Announcement> = {}): Announcement => ({
  id,
  title: { de: 'Beitritt', en: 'Accession' },
  text: { de: '<script>alert("&")</script>\nZeile', en: 'Text' },
  about: [{ resource: 'member', id: 'bavaria' }],
  contentSha256: transactionId('c'),
  draft: { memberId: 'alpha', recorded: recorded('2026-03-01T08:00:00.000Z', 'd') },
  status: 'released',
  release: { recorded: recorded('2026-03-02T09:00:00.000Z', 'a'), resolutionId: 'admission-bavaria' },
  ...change,
});

const options = { public: () => Promise.resolve(), cacheBytes: 1_000_000, requestsPerMinute: 1_000 };
let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
let released: Announcement[];
let all: Announcement[];
const begin = async (change: Parameters<typeof startFakeGateway>[0] = {}) => {
  gateway = await startFakeGateway({ ...options, ...change });
  gateway.ledger.answer = (transaction, input) => {
    if (transaction === 'announcements:released') return { items: released };
    const { id } = input as { id: string };
    const found = all.find((each) => each.id === id);
    if (!found) throw new ProblemError('not-found', { resource: 'announcement' });
    return found;
  };
  for (const digit of ['a', 'b'])
    gateway.transactions.set(transactionId(digit), {
      transactionId: transactionId(digit),
      validationCode: 0,
      blockNumber: 17n,
      timestampMs: 0,
      content: () => expect.fail(),
    });
};
beforeEach(() => {
  released = [announcement('news-1')];
  all = [...released];
  return begin();
});
afterEach(() => gateway.stop());

const read = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(`${gateway.url}/public${path}`, { headers, method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('the public feed', () => {
  it('is JSON Feed 1.1 with the place of each entry on the ledger, without a token', async () => {
    const { status, headers, text } = await read('/announcements');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
    expect(json(text)).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Bekanntmachungen der Genossenschaft',
      language: 'de',
      authors: [{ name: 'Die Genossenschaft' }],
      feed_url: '/public/announcements',
      items: [
        {
          id: 'urn:umlauf:ledger:channel:chaincode:announcement:news-1',
          url: '/public/announcements/news-1',
          title: 'Beitritt',
          content_text: '<script>alert("&")</script>\nZeile',
          date_published: '2026-03-02T09:00:00.000Z',
          date_modified: '2026-03-02T09:00:00.000Z',
          language: 'de',
          _umlauf: {
            announcementId: 'news-1',
            status: 'released',
            transactionId: transactionId('a'),
            blockNumber: 17,
            resolutionId: 'admission-bavaria',
            about: [{ resource: 'member', id: 'bavaria', url: '/api/v1/members/bavaria' }],
          },
        },
      ],
    });
    expect(gateway.ledger.evaluated.map(({ role }) => role)).toEqual(['auditor']);
  });

  it('is Atom where that is asked for, by address or by Accept', async () => {
    const byPath = await read('/announcements.atom');
    const byHeader = await read('/announcements', { accept: 'application/atom+xml' });
    for (const { headers } of [byPath, byHeader])
      expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(byHeader.headers.get('vary')).toContain('Accept');
    expect(byHeader.text).toBe(byPath.text);
    const entry = parseXml(byPath.text).children.find(({ name }) => name === 'entry');
    expect(entry?.children.find(({ name }) => name === 'content')?.text).toBe(released[0]?.text.de);
    expect(byPath.text).not.toContain('<script>');
  });

  it('speaks English where that is there', async () => {
    released = [
      announcement('news-1'),
      announcement('news-2', { title: { de: 'Neu' }, text: { de: 'Neues' } }),
    ];
    const { items, language } = json((await read('/announcements?language=en')).text) as {
      items: { title: string; language: string }[];
      language: string;
    };
    expect(language).toBe('en');
    expect(items.map(({ title, language }) => [title, language])).toEqual([
      ['Accession', 'en'],
      ['Neu', 'de'],
    ]);
  });

  it('goes on in pages whose addresses are good for that feed alone', async () => {
    const bookmark = Buffer.from('position').toString('base64url');
    gateway.ledger.answer = (_transaction, input) =>
      'bookmark' in (input as object) ? { items: [] } : { items: released, bookmark };
    const first = json((await read('/announcements?language=en')).text);
    const next = String(first['next_url']);
    expect(next).toMatch(/^\/public\/announcements\?language=en&bookmark=[\w-]+$/);
    const last = json((await read(next.slice('/public'.length))).text);
    expect(last).not.toHaveProperty('next_url');
    expect(gateway.ledger.evaluated.at(-1)?.input).toEqual({ limit: 20, bookmark });
    const atom = parseXml((await read('/announcements.atom')).text);
    expect(
      atom.children.find(({ attributes }) => attributes['rel'] === 'next')?.attributes['href'],
    ).toContain('/public/announcements.atom?bookmark=');
    expect((await read(`/announcements?bookmark=${bookmark}`)).status).toBe(400);
  });

  it('has the addresses that the gateway was told', async () => {
    await gateway.stop();
    await begin({ publicUrl: 'https://genossenschaft.example/amt' });
    const { feed_url: url } = json((await read('/announcements')).text);
    expect(url).toBe('https://genossenschaft.example/amt/public/announcements');
  });

  it('leads from what was corrected to what corrects it, and back', async () => {
    const correctedBy = { announcementId: 'news-2', recorded: recorded('2026-03-05T09:00:00.000Z', 'b') };
    released = [
      announcement('news-2', {
        corrects: 'news-1',
        release: { recorded: recorded('2026-03-05T09:00:00.000Z', 'b') },
      }),
      announcement('news-1', { status: 'corrected', correctedBy }),
    ];
    const { items } = json((await read('/announcements')).text) as { items: Record<string, unknown>[] };
    expect(items[1]).toMatchObject({
      date_modified: '2026-03-05T09:00:00.000Z',
      summary: 'Berichtigt durch /public/announcements/news-2',
      _umlauf: { status: 'corrected', correctedBy: { url: '/public/announcements/news-2' } },
    });
    expect(items[0]).toMatchObject({ _umlauf: { corrects: { url: '/public/announcements/news-1' } } });
    expect((await read('/announcements.atom')).text).toContain('href="/public/announcements/news-2"');
  });
});

describe('one announcement', () => {
  it('is shown once it is released', async () => {
    const { items } = json((await read('/announcements/news-1')).text) as { items: unknown[] };
    expect(items).toHaveLength(1);
  });

  it.each(['drafted', 'withdrawn'] as const)('is not there for the public while it is %s', async (status) => {
    const { release: _release, ...hidden } = announcement('news-2', { status });
    all = [hidden];
    // Nor would it be, should a peer ever list it.
    released = [hidden];
    const [known, unknown] = [await read('/announcements/news-2'), await read('/announcements/news-3')];
    expect(known.status).toBe(404);
    expect(known.text).toBe(unknown.text);
    expect(json((await read('/announcements')).text)['items']).toEqual([]);
  });
});

describe('the public register', () => {
  it('says of each member what the public may know, and nothing else', async () => {
    const member = (id: string, rest: object = {}) => ({
      id,
      legalName: `Land ${id}`,
      levels: ['state'],
      office: 'CIO',
      status: 'admitted',
      mspId: 'SecretMSP',
      application: { declaration: { name: 'secret.pdf' } },
      // Half past midnight in Berlin.
      admission: { effectiveAt: '2026-03-02T23:30:00.000Z' },
      ...rest,
    });
    gateway.ledger.answer = (transaction, input) => {
      if (transaction === 'bylaws:get') return { bylaws: { timeZone: 'Europe/Berlin' } };
      return (input as { bookmark?: string }).bookmark === undefined
        ? { items: [member('alpha', { operator: 'IT' })], bookmark: 'next' }
        : { items: [member('bravo')] };
    };
    const { headers, text } = await read('/members');
    expect(headers.get('content-type')).toContain('application/json');
    const base = { levels: ['state'], since: '2026-03-03', office: 'CIO' };
    expect(json(text)).toEqual({
      items: [
        { ...base, id: 'alpha', legalName: 'Land alpha', operator: 'IT' },
        { ...base, id: 'bravo', legalName: 'Land bravo' },
      ],
    });
    const { at } = gateway.ledger.evaluated.at(-1)?.input as { at: string };
    expect(at).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});

describe('what the public reads', () => {
  it('is made once for each change, and not sent to who has it', async () => {
    const first = await read('/announcements');
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    const etag = first.headers.get('etag') ?? '';
    expect(await read('/announcements', { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' });
    expect(gateway.ledger.evaluated).toHaveLength(1);
    gateway.answers.forget();
    await read('/announcements');
    expect(gateway.ledger.evaluated).toHaveLength(2);
  });

  it('may be read by any page, with security headers and without cookies', async () => {
    const { headers } = await read('/announcements', { origin: 'https://anywhere.example' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('set-cookie')).toBeNull();
    const preflight = await read('/announcements', { origin: 'https://anywhere.example' }, 'OPTIONS');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD');
    expect(await read('/announcements', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('can’t be changed by %s', async (method) => {
    for (const path of ['/announcements', '/announcements.atom', '/announcements/news-1', '/members'])
      expect((await read(path, {}, method)).status).toBe(405);
    expect(gateway.ledger.submitted).toEqual([]);
  });

  it.each([
    '',
    '/',
    '/nowhere',
    '/announcements/news-1/history',
    '/members/alpha',
    '/api/v1/members',
    '/..%2fapi/v1/members',
  ])('is all there is: %j is no route', async (path) => {
    expect((await read(path)).status).toBe(404);
    expect(gateway.ledger.evaluated).toEqual([]);
  });

  it.each([
    '/announcements?language=fr',
    '/announcements?limit=5',
    '/announcements?utm=x',
    '/members?at=2020-01-01',
    '/announcements/%0a',
    '/announcements?bookmark=',
  ])('is asked for as described, not by %s', async (path) => {
    const { status, headers, text } = await read(path);
    expect(status).toBe(400);
    expect(json(text)['type']).toBe('urn:umlauf:problem:invalid-input');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(gateway.ledger.evaluated).toEqual([]);
  });

  it('tells nothing of what is wrong inside', async () => {
    gateway.ledger.answer = () => {
      throw new ProblemError('peer-unavailable', { mspIds: ['SecretMSP'] });
    };
    const { status, headers, text } = await read('/announcements');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json(text)).toMatchObject({
      type: 'urn:umlauf:problem:public-unavailable',
      data: { retryAfter: 5 },
    });
    expect(text).not.toContain('SecretMSP');
  });

  it('is counted for each address, apart from everything else', async () => {
    await gateway.stop();
    let left = 1;
    await begin({
      public: () =>
        (left -= 1) >= 0
          ? Promise.resolve()
          : Promise.reject(new ProblemError('too-many-requests', { retryAfter: 60 })),
    });
    expect((await read('/announcements')).status).toBe(200);
    expect(await read('/announcements')).toMatchObject({ status: 429 });
    expect((await gateway.request('GET', '/api/v1/health/live', { role: null })).status).toBe(200);
  });

  it('is described without security, and answered as described', async () => {
    const description = (await gateway.request('GET', '/openapi.json')).body;
    const document = new ApiDocument(description);
    const operations = document.operations.filter(({ path }) => path.startsWith('/public/'));
    expect(operations.map(({ path, secured }) => [path, secured])).toEqual(
      ['announcements', 'announcements.atom', 'announcements/{id}', 'members'].map((path) => [
        `/public/${path}`,
        false,
      ]),
    );
    const [feed] = operations;
    const schema = feed?.responses['200']?.content?.['application/feed+json']?.schema ?? {};
    expect(document.fault(schema, json((await read('/announcements')).text))).toBeUndefined();
  });

  it('is not there where nobody turned it on', async () => {
    await gateway.stop();
    gateway = await startFakeGateway();
    for (const path of ['/announcements', '/members']) expect((await read(path)).status).toBe(404);
    expect(JSON.stringify((await gateway.request('GET', '/openapi.json')).body)).not.toContain('/public/');
  });
});
