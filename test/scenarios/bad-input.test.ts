import { SignJWT, UnsecuredJWT, generateKeyPair } from 'jose';
import type { Proposal, Resolution } from 'umlauf-chaincode/api';
import { call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from '../../gateway/src/testing/requests/conformity.js';
import { MALFORMED_HTTP } from '../../gateway/src/testing/requests/malformed-http.js';
import { exchange } from '../../gateway/src/testing/requests/wire.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { documentOf, expectConformity } from '../harness/made-requests.js';
import { standStill } from '../harness/still.js';
import { until } from '../harness/until.js';

let consortium: TestConsortium;
let gateway: GatewayAccess;
let unchanged: () => Promise<void>;

beforeAll(async () => {
  consortium = await startConsortium();
  gateway = consortium.gateway('bundesdruckerei');
  await call(gateway, 'board', 'POST', '/members', { body: consortium.application('bavaria') });
  await call(gateway, 'board', 'POST', '/resolutions', { body: recordOnly('proposed') });
  await call(gateway, 'board', 'POST', '/resolutions', {
    body: recordOnly('open', { majority: 'unanimous' }),
  });
  await call(gateway, 'board', 'POST', '/resolutions/open/open');
  await call(gateway, 'board', 'POST', '/resolutions', { body: recordOnly('closed') });
  const { blockNumber } = await call(gateway, 'board', 'POST', '/resolutions/closed/open');
  for (const id of ['proposed', 'open', 'closed'])
    await call(gateway, 'board', 'POST', `/resolutions/${id}/receipt`);
  for (const voter of consortium.gateways.slice(1))
    await call(voter, 'representative', 'PUT', '/resolutions/closed/ballot', {
      body: { choice: 'no' },
      minBlock: blockNumber,
    });
  await until('the settled vote is decided', async () => {
    const { body } = await call<Resolution>(gateway, 'auditor', 'GET', '/resolutions/closed');
    return body.status !== 'open' || undefined;
  });
  unchanged = await standStill(consortium);
});

afterAll(async () => {
  try {
    await unchanged();
  } finally {
    await consortium.stop();
  }
});

interface Request {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly role?: 'representative' | 'board' | 'auditor';
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
}

async function send({ method, path, role = 'board', token, body, raw, headers }: Request) {
  const bearer = token ?? gateway.tokens[role];
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: {
      ...(bearer === '' ? {} : { authorization: bearer.includes(' ') ? bearer : `Bearer ${bearer}` }),
      ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: raw ?? (body === undefined ? null : JSON.stringify(body)),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    problem: (await response.json()) as Record<string, unknown>,
  };
}

async function check(request: Request): Promise<void> {
  const { status, type, problem } = await send(request);
  expect({ what: request.what, status, code: problem['type'] }).toEqual({
    what: request.what,
    status: request.status,
    code: `urn:umlauf:problem:${request.code}`,
  });
  expect(type).toContain('application/problem+json');
  expect(problem['title']).toEqual(expect.any(String));
  expect(problem['status']).toBe(request.status);
}

it('two hundred requests that its description does not allow are refused', async () => {
  await expectConformity(gateway, 'broken', 200);
});

it.each(Object.entries(MALFORMED_HTTP))('%s is refused with a problem', async (what, bytes) => {
  const answer = await exchange(gateway.url, Buffer.from(bytes, 'latin1'));
  const request = { what, refused: true, method: '', target: '', headers: [] };
  expect(faultsOf(await documentOf(gateway), request, answer)).toEqual([]);
});

describe('a wrong request gets its own problem', () => {
  const get = (
    what: string,
    path: string,
    status: number,
    code: string,
    more: Partial<Request> = {},
  ): Request => ({
    what,
    method: 'GET',
    path: `/api/v1${path}`,
    role: 'auditor',
    status,
    code,
    ...more,
  });
  const post = (
    what: string,
    path: string,
    status: number,
    code: string,
    more: Partial<Request> = {},
  ): Request => ({
    what,
    method: 'POST',
    path: `/api/v1${path}`,
    status,
    code,
    ...more,
  });

  it('for its query', async () => {
    for (const request of [
      get('unknown parameter', '/members?stauts=admitted', 400, 'invalid-input'),
      get('unknown status', '/members?status=gone', 400, 'invalid-input'),
      get('unknown level', '/members?level=european', 400, 'invalid-input'),
      get('impossible date', '/members?at=2021-02-30', 400, 'invalid-input'),
      get('limit zero', '/members?limit=0', 400, 'invalid-input'),
      get('limit too high', '/members?limit=100000', 400, 'invalid-input'),
      get('limit no number', '/members?limit=many', 400, 'invalid-input'),
      get('foreign bookmark', '/members?bookmark=AAAA', 400, 'invalid-input'),
      get('bookmark with other characters', '/members?bookmark=%00', 400, 'invalid-input'),
      get('parameter twice', '/members?status=admitted&status=applied', 400, 'invalid-input'),
      get('unknown matter', '/resolutions?matter=war', 400, 'invalid-input'),
      get('malformed id', '/members/Bundesdruckerei', 400, 'invalid-input'),
      get('malformed transaction id', '/transactions/42', 400, 'invalid-input'),
    ])
      await check(request);
  });

  it('for what does not exist', async () => {
    for (const request of [
      get('member', '/members/nobody', 404, 'not-found'),
      get('resolution', '/resolutions/nothing', 404, 'not-found'),
      get('ballots', '/resolutions/nothing/ballots', 404, 'not-found'),
      get('history', '/members/nobody/history', 404, 'not-found'),
      get('transaction', `/transactions/${'0'.repeat(64)}`, 404, 'not-found'),
      get('bylaws', '/bylaws?version=nothing', 404, 'not-found'),
      get('route', '/nothing', 404, 'route-not-found'),
      get('path outside', '/../../etc/passwd', 404, 'route-not-found'),
      post('resolution to open', '/resolutions/nothing/open', 404, 'not-found'),
      post('applicant to withdraw', '/members/nobody/withdraw', 404, 'not-found'),
    ])
      await check(request);
  });

  it('for its token', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT({ roles: ['board'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'development' })
      .setIssuer('urn:umlauf:development')
      .setAudience('bundesdruckerei')
      .setExpirationTime('1h')
      .sign(privateKey);
    const unsecured = new UnsecuredJWT({ roles: ['board'] })
      .setIssuer('urn:umlauf:development')
      .setAudience('bundesdruckerei')
      .encode();
    const symmetric = await new SignJWT({ roles: ['board'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('urn:umlauf:development')
      .setAudience('bundesdruckerei')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret that is long enough for it'));
    for (const [what, token] of [
      ['no token', ''],
      ['garbage', 'garbage'],
      ['another scheme', 'Basic YTpi'],
      ['a forged signature', forged],
      ['no signature', unsecured],
      ['a symmetric signature', symmetric],
      ["another member's token", consortium.gateway('itdz-berlin').tokens.board],
      ['a cut token', gateway.tokens.board.slice(0, -8)],
    ] as const)
      for (const request of [
        get(what, '/members', 401, 'unauthenticated', { token }),
        post(what, '/resolutions/proposed/open', 401, 'unauthenticated', { token }),
      ])
        await check(request);
  });

  it('for its role', async () => {
    for (const request of [
      post('auditor applies', '/members', 403, 'role-not-allowed', {
        role: 'auditor',
        body: consortium.application('north-rhine-westphalia'),
      }),
      post('representative proposes', '/resolutions', 403, 'role-not-allowed', {
        role: 'representative',
        body: recordOnly('x-1'),
      }),
      post('auditor opens', '/resolutions/proposed/open', 403, 'role-not-allowed', { role: 'auditor' }),
      post('auditor decides', '/resolutions/open/decide', 403, 'role-not-allowed', { role: 'auditor' }),
      {
        ...post('board votes', '/resolutions/open/ballot', 403, 'role-not-allowed', {
          body: { choice: 'yes' },
        }),
        method: 'PUT',
      },
      post('board resigns', '/members/bundesdruckerei/resignation', 403, 'role-not-allowed', { body: {} }),
      post('representative registers', '/resolutions/closed/registration', 403, 'role-not-allowed', {
        role: 'representative',
        body: { date: '2026-01-01' },
      }),
    ])
      await check(request);
  });

  it('for the organization', async () => {
    for (const request of [
      {
        ...post('another member changed', '/members/itdz-berlin', 403, 'organization-not-allowed', {
          body: { office: 'Vorstand' },
        }),
        method: 'PATCH',
      },
      post('another member resigned', '/members/itdz-berlin/resignation', 403, 'role-not-allowed', {
        role: 'representative',
        body: {},
      }),
    ])
      await check(request);
  });

  it('for the status', async () => {
    for (const request of [
      post('opened twice', '/resolutions/closed/open', 409, 'wrong-status'),
      post('withdrawn when open', '/resolutions/open/withdraw', 409, 'wrong-status'),
      post('decided too early', '/resolutions/open/decide', 409, 'not-decidable'),
      {
        ...post('voted before opening', '/resolutions/proposed/ballot', 409, 'wrong-status', {
          role: 'representative',
          body: { choice: 'yes' },
        }),
        method: 'PUT',
      },
      {
        ...post('voted after the decision', '/resolutions/closed/ballot', 409, 'wrong-status', {
          role: 'representative',
          body: { choice: 'yes' },
        }),
        method: 'PUT',
      },
      post('joined without admission', '/members/bavaria/joined', 409, 'wrong-status'),
      post('ended without ending', '/members/bundesdruckerei/end', 409, 'wrong-status'),
      post('same id, other content', '/resolutions', 409, 'id-conflict', {
        body: recordOnly('proposed', { title: 'Another title' }),
      }),
    ])
      await check(request);
  });

  it('for a rule', async () => {
    const propose = (what: string, changes: Partial<Proposal>, code: string) =>
      post(what, '/resolutions', 422, code, { body: recordOnly('rule', changes) });
    for (const request of [
      propose('another organ', { organ: 'supervisory-board' }, 'unsupported'),
      propose('the extended form', { form: 'extended' }, 'unsupported'),
      propose('a form without circular basis', { form: 'in-person' }, 'procedure-basis'),
      propose('too short a vote', { votingPeriod: 'PT0S' }, 'voting-period'),
      propose('too long a vote', { votingPeriod: 'P90D' }, 'voting-period'),
      propose('a matter with an effect of its own', { matter: 'admission' }, 'effect-matter'),
      propose(
        'an applicant that does not exist',
        { matter: 'admission', effects: [{ kind: 'admit', memberId: 'nobody' }] },
        'effect-invalid',
      ),
      propose('confirms what does not exist', { confirms: 'nothing' }, 'resolution-reference'),
    ])
      await check(request);
  });

  it('for its form', async () => {
    for (const request of [
      post('no JSON', '/resolutions', 400, 'invalid-input', { raw: '{"id":' }),
      post('another media type', '/resolutions', 415, 'unsupported-media-type', {
        raw: 'id=1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      post('too large a body', '/resolutions', 413, 'payload-too-large', {
        raw: JSON.stringify({ motion: 'x'.repeat(2_000_000) }),
      }),
      { ...get('a method that is not there', '/members', 405, 'method-not-allowed'), method: 'DELETE' },
      get('a block that is no number', '/members', 400, 'invalid-input', {
        headers: { 'min-block': 'latest' },
      }),
      post('an e-mail address', '/resolutions', 400, 'invalid-input', {
        body: recordOnly('mail', { motion: 'Ask erika@example.org.' }),
      }),
    ])
      await check(request);
  });
});
