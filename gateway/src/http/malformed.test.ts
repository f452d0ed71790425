/** Malformed requests: each gets the right problem, and none reaches the ledger. */
import type { ProblemCode } from 'umlauf-chaincode/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeGateway } from '../testing/fake-gateway.js';
import { brokenRequests } from '../testing/requests/broken.js';
import { ApiDocument } from '../testing/requests/document.js';
import { sendMade } from '../testing/requests/send.js';
import { EXAMPLES } from './examples.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeAll(async () => {
  gateway = await startFakeGateway({ public: () => Promise.resolve() });
});
afterAll(() => gateway.stop());

interface Malformed {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: object;
  readonly role?: string;
  readonly expected: ProblemCode;
  /** Where the issue has to be, for `invalid-input`. */
  readonly at?: string;
}

const BAD_IDS = ['A', 'ab', 'x'.repeat(64), '-abc', 'a_b', 'ä-ö', 'a%00b', '..%2Fb', '%F0%9F%98%80%20'];

const texts = [
  '',
  ' ',
  'x'.repeat(201),
  'two\nlines',
  'a\u0007b',
  'a\u202eb',
  'jane.doe@example.org',
  '\ud800',
];

function malformedValues(): Malformed[] {
  const invalid = { expected: 'invalid-input' } as const;
  const post = (path: string, body: unknown, at: string, what: string): Malformed => ({
    ...invalid,
    method: 'POST',
    path,
    body,
    at,
    what,
  });
  const { application, proposal } = EXAMPLES;
  return [
    ...texts.map((text) =>
      post(
        '/members',
        { ...application, legalName: text },
        'legalName',
        `legalName ${JSON.stringify(text).slice(0, 30)}`,
      ),
    ),
    ...BAD_IDS.map((id) =>
      post('/members', { ...application, id: decodeURIComponent(id) }, 'id', `id ${id}`),
    ),
    ...['2021-13-01', '2021-02-29', '21-01-01', '2021-01-01T00:00:00Z', ''].map((date) =>
      post('/resolutions/r-1/registration', { date }, 'date', `date ${date}`),
    ),
    ...['14D', 'P', 'PT', 'P1.5D', 'P-1D', 'P14D '].map((votingPeriod) =>
      post('/resolutions', { ...proposal, votingPeriod }, 'votingPeriod', `votingPeriod ${votingPeriod}`),
    ),
    post('/resolutions', { ...proposal, effects: [] }, 'effects', 'no effect'),
    post('/resolutions', { ...proposal, effects: [{ kind: 'rob' }] }, 'effects.0.kind', 'an unknown effect'),
    post('/resolutions', { ...proposal, matter: 'robbery' }, 'matter', 'an unknown matter'),
    post('/members', { ...application, levels: ['state', 'state'] }, 'levels', 'a level twice'),
    post(
      '/members',
      { ...application, mspFingerprints: { signing: ['A'], tls: [] } },
      'mspFingerprints.signing.0',
      'no SHA-256',
    ),
    post(
      '/foundations',
      { ...EXAMPLES.foundation, members: EXAMPLES.foundation.members.slice(1) },
      'members',
      'three founders',
    ),
  ];
}

function malformedPaths(): Malformed[] {
  const invalid = { method: 'GET', expected: 'invalid-input' } as const;
  return [
    ...BAD_IDS.flatMap((id) => [
      { ...invalid, what: 'a bad id', path: `/members/${id}` },
      { ...invalid, what: 'a bad id', path: `/resolutions/${id}` },
      { ...invalid, what: 'a bad id', path: `/transactions/${id}` },
      { ...invalid, what: 'a bad id', path: `/resolutions/${id}/open`, method: 'POST' },
    ]),
    { ...invalid, what: 'a path that cannot be decoded', path: '/members/%zz' },
    ...[
      'status=unheard-of',
      'status=admitted&status=ending',
      'limit=0',
      'limit=201',
      'limit=-1',
      'limit=1.5',
      'limit=1e2',
      'limit=',
      'limit[]=3',
      'bookmark=%20',
      'bookmark=',
      'at=yesterday',
      'level=city',
      'unheardOf=1',
      '__proto__=1',
      'status[$ne]=x',
    ].map((query) => ({ ...invalid, what: query, path: `/members?${query}` })),
    { ...invalid, what: 'a parameter where there is none', path: '/members/m-1?at=2021-03-01' },
    ...['-1', '1.5', 'x', '0x10', '1e3', '99999999999999999', ''].map((block) => ({
      ...invalid,
      what: `Min-Block ${block}`,
      path: '/members',
      headers: { 'min-block': block },
      at: 'Min-Block',
    })),
    ...['/unheard-of', '/members/m-1/unheard-of', '/members/m-1/history/x', '/Members'].map((path) => ({
      method: 'GET',
      what: 'no route',
      path,
      expected: 'route-not-found' as const,
    })),
  ];
}

const CASES = [...malformedValues(), ...malformedPaths()];

describe('malformed requests', () => {
  it('made from the description: 100 of them', async () => {
    const document = new ApiDocument((await gateway.request('GET', '/openapi.json')).body);
    const requests = brokenRequests(document, {
      bookmark: [],
      Prefer: ['return=minimal'],
      'Min-Block': ['1'],
    });
    const sending = { url: gateway.url, tokens: ['board', 'representative'], document, requests, runs: 100 };
    expect((await sendMade(sending)).wrong).toEqual([]);
    expect(gateway.ledger.submitted).toEqual([]);
    expect(gateway.ledger.evaluated).toEqual([]);
  });

  it.each(CASES)(
    '$method $path with $what: $expected',
    async ({ method, path, body, headers, role, expected, at }) => {
      const answer = await gateway.request(method, `/api/v1${path}`, {
        body,
        ...(headers ? { headers } : {}),
        ...(role === undefined ? {} : { role }),
      });
      expect(answer.body).toMatchObject({ type: `urn:umlauf:problem:${expected}`, status: answer.status });
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      if (at !== undefined) {
        const { issues } = answer.body['data'] as { issues: { path: string; message: string }[] };
        expect(issues.map((issue) => issue.path)).toEqual(
          expect.arrayContaining([expect.stringMatching(new RegExp(`^${at.replaceAll('.', '\\.')}`))]),
        );
      }
      expect(gateway.ledger.submitted).toEqual([]);
      expect(gateway.ledger.evaluated).toEqual([]);
    },
  );

  it('are answered shortly, without the values that were wrong', async () => {
    const body = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`secret${index}`, 'secret value']),
    );
    const answer = await gateway.request('POST', '/api/v1/members', { body });
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain('secret value');
    expect(text.length).toBeLessThan(2_500);
  });
});
