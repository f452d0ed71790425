/** Generated malformed requests: each gets the right problem, and none reaches the ledger. */
import { gzipSync } from 'node:zlib';
import type { ProblemCode } from 'umlauf-chaincode/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeGateway } from '../testing/fake-gateway.js';
import { EXAMPLES } from './examples.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeAll(async () => {
  gateway = await startFakeGateway();
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

/** Routes with a body: a valid one and which of its fields may be left out. */
const WITH_BODY = [
  { method: 'POST', path: '/members', body: EXAMPLES.application, optional: ['id', 'operator'] },
  { method: 'PATCH', path: '/members/m-1', body: EXAMPLES.change, optional: [] },
  { method: 'POST', path: '/members/m-1/resignation', body: EXAMPLES.resignation, optional: ['document'] },
  { method: 'POST', path: '/resolutions', body: EXAMPLES.proposal, optional: ['id', 'procedureBasis'] },
  {
    method: 'PUT',
    path: '/resolutions/r-1/ballot',
    body: EXAMPLES.vote,
    optional: [],
    role: 'representative',
  },
  { method: 'POST', path: '/resolutions/r-1/finding', body: EXAMPLES.finding, optional: [] },
  { method: 'POST', path: '/resolutions/r-1/registration', body: EXAMPLES.registration, optional: [] },
  { method: 'POST', path: '/resolutions/r-1/dispatch', body: EXAMPLES.dispatch, optional: ['proof'] },
  { method: 'POST', path: '/foundations', body: EXAMPLES.foundation, optional: [] },
] as const;

const WITHOUT_BODY = [
  '/members/m-1/withdraw',
  '/members/m-1/joined',
  '/members/m-1/end',
  '/resolutions/r-1/open',
  '/resolutions/r-1/withdraw',
  '/resolutions/r-1/decide',
  `/foundations/${'a'.repeat(64)}/confirm`,
];

const BAD_IDS = ['A', 'ab', 'x'.repeat(64), '-abc', 'a_b', 'ä-ö', 'a%00b', '..%2Fb', '%F0%9F%98%80%20'];

/** A value of another type than the one given. */
function otherTypes(value: unknown): unknown[] {
  const types: unknown[] = [null, 7, 'text', true, ['text'], { a: 1 }];
  const typeOf = (of: unknown) => (Array.isArray(of) ? 'array' : of === null ? 'null' : typeof of);
  return types.filter((candidate) => typeOf(candidate) !== typeOf(value));
}

function malformedBodies(): Malformed[] {
  return WITH_BODY.flatMap((route) => {
    const { method, path, optional } = route;
    const valid = route.body as Readonly<Record<string, unknown>>;
    const base = { method, path, ...('role' in route ? { role: route.role } : {}) };
    const invalid = { ...base, expected: 'invalid-input' } as const;
    const fields = Object.entries(valid).flatMap(([name, value]): Malformed[] => {
      const { [name]: _, ...without } = valid;
      return [
        ...otherTypes(value).map((wrong) => ({
          ...invalid,
          what: `${name} as ${JSON.stringify(wrong)}`,
          body: { ...valid, [name]: wrong },
          at: name,
        })),
        ...((optional as readonly string[]).includes(name)
          ? []
          : [{ ...invalid, what: `no ${name}`, body: without }]),
      ];
    });
    return [
      ...fields,
      { ...invalid, what: 'an unknown field', body: { ...valid, unheardOf: 1 } },
      { ...invalid, what: '__proto__', body: `{"__proto__":{},${JSON.stringify(valid).slice(1)}` },
      ...[
        '[]',
        'null',
        '7',
        '"text"',
        '{',
        '{"a":1,}',
        'choice=yes',
        '\u0000',
        'NaN',
        '[[['.repeat(2_000),
      ].map((body) => ({ ...invalid, what: `a body of ${body.slice(0, 12)}`, body })),
      { ...invalid, what: 'bytes that are no UTF-8', body: Buffer.from([0x22, 0xff, 0x22]) },
      { ...invalid, what: 'a parameter', path: `${path}?x=1`, body: valid, at: 'x' },
      ...[
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/xml',
        'application/json; charset=latin1',
        'x',
      ].map((type) => ({
        ...base,
        what: `media type ${type}`,
        body: JSON.stringify(valid),
        headers: { 'content-type': type },
        expected: 'unsupported-media-type' as const,
      })),
      {
        ...base,
        what: 'a compressed body',
        body: gzipSync(JSON.stringify(valid)),
        headers: { 'content-encoding': 'gzip' },
        expected: 'unsupported-media-type' as const,
      },
      {
        ...base,
        what: 'an oversized body',
        body: { ...valid, unheardOf: 'x'.repeat(30_000) },
        expected: 'payload-too-large' as const,
      },
      {
        ...base,
        what: 'the wrong role',
        body: valid,
        role: 'auditor',
        expected: 'role-not-allowed' as const,
      },
      { ...base, what: 'no role', body: valid, role: 'unheard-of', expected: 'forbidden' as const },
    ];
  });
}

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
    ...WITHOUT_BODY.flatMap((path) =>
      ['[]', '{"a":1}', 'null', '{'].map((body) => ({
        ...invalid,
        method: 'POST',
        what: `a body of ${body} where there is none`,
        path,
        body,
      })),
    ),
  ];
}

const CASES = [...malformedBodies(), ...malformedValues(), ...malformedPaths()];

describe('malformed requests', () => {
  it('are at least a hundred', () => {
    expect(CASES.length).toBeGreaterThan(100);
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
