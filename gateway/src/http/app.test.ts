import { PROBLEMS } from 'umlauf-chaincode/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.js';
import { startFakeGateway } from '../testing/fake-gateway.js';
import { EXAMPLES } from './examples.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.stop());

const unread = () => expect.unreachable();

const refused =
  (code: keyof typeof PROBLEMS, data: object = {}) =>
  () => {
    throw new ProblemError(code, { ...data });
  };

describe('reading', () => {
  it('passes on what the contract answered, with the height that it is at least as new as', async () => {
    gateway.ledger.answer = () => ({ items: [{ id: 'm-1', status: 'admitted' }], bookmark: 'abc' });
    const { status, headers, body } = await gateway.request('GET', '/api/v1/members');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('block-number')).toBe('4');
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(body).toEqual({
      items: [{ id: 'm-1', status: 'admitted' }],
      bookmark: expect.stringMatching(/abc$/) as unknown,
    });
  });

  it('hands filters over as the schemas have them', async () => {
    await gateway.request('GET', '/api/v1/members?status=admitted&level=state&at=2021-03-01&limit=7');
    expect(gateway.ledger.evaluated).toEqual([
      {
        transaction: 'members:list',
        input: { status: 'admitted', level: 'state', at: '2021-03-01', limit: 7 },
        role: 'board',
      },
    ]);
  });

  it.each([
    ['/members/m-1', 'members:get', { id: 'm-1' }],
    ['/members/m-1/history', 'members:history', { id: 'm-1', limit: 50 }],
    [
      '/resolutions?matter=admission&status=open',
      'resolutions:list',
      { matter: 'admission', status: 'open', limit: 50 },
    ],
    ['/resolutions/r-1', 'resolutions:get', { id: 'r-1' }],
    ['/resolutions/r-1/ballots?limit=2', 'resolutions:ballots', { id: 'r-1', limit: 2 }],
    ['/resolutions/r-1/ballot', 'resolutions:ballot', { id: 'r-1', memberId: 'itdz-berlin' }],
    ['/resolutions/r-1/history', 'resolutions:history', { id: 'r-1', limit: 50 }],
    ['/bylaws?at=2021-03-01', 'bylaws:get', { at: '2021-03-01' }],
    ['/open-points', 'members:openPoints', { limit: 50 }],
    ['/foundations', 'foundations:list', { limit: 50 }],
    [`/foundations/${'a'.repeat(64)}`, 'foundations:get', { id: 'a'.repeat(64) }],
  ])('%s asks %s', async (path, transaction, input) => {
    const { status } = await gateway.request('GET', `/api/v1${path}`, { role: 'auditor' });
    expect(status).toBe(200);
    expect(gateway.ledger.evaluated).toEqual([{ transaction, input, role: 'auditor' }]);
  });

  it('answers HEAD like GET without a body', async () => {
    const { status, headers, body } = await gateway.request('HEAD', '/api/v1/members');
    expect(status).toBe(200);
    expect(headers.get('block-number')).toBe('4');
    expect(body).toEqual({});
  });

  it('waits for the block asked for, and says how far it is if that does not come', async () => {
    expect((await gateway.request('GET', '/api/v1/members', { headers: { 'min-block': '4' } })).status).toBe(
      200,
    );
    const late = await gateway.request('GET', '/api/v1/members', { headers: { 'min-block': '5' } });
    expect(late.status).toBe(503);
    expect(late.body).toMatchObject({ type: 'urn:umlauf:problem:block-not-reached', data: { height: '5' } });
    const write = await gateway.request('POST', '/api/v1/resolutions/r-1/open', {
      headers: { 'min-block': '9' },
    });
    expect(write.status).toBe(503);
    expect(gateway.ledger.submitted).toEqual([]);
  });
});

describe('writing', () => {
  it('answers the new representation, where it is found and where it was recorded', async () => {
    const { status, headers, body } = await gateway.request('POST', '/api/v1/members', {
      body: EXAMPLES.application,
    });
    expect(status).toBe(201);
    expect(body).toEqual(EXAMPLES.application);
    expect(headers.get('location')).toBe('/api/v1/members/north-rhine-westphalia');
    expect(headers.get('transaction-id')).toBe('f'.repeat(64));
    expect(headers.get('block-number')).toBe('12');
  });

  it('makes an id where none is given', async () => {
    const { id: _, ...withoutId } = EXAMPLES.application;
    const { headers, body } = await gateway.request('POST', '/api/v1/members', { body: withoutId });
    expect(body['id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(headers.get('location')).toBe(`/api/v1/members/${String(body['id'])}`);
  });

  const withdraw = { id: 'm-1' };
  it.each([
    ['POST', '/members/m-1/withdraw', undefined, 'members:withdraw', withdraw, 'board'],
    [
      'PATCH',
      '/members/m-1',
      { office: 'CIO' },
      'members:change',
      { id: 'm-1', change: { office: 'CIO' } },
      'board',
    ],
    ['POST', '/members/m-1/joined', undefined, 'members:confirmJoined', { id: 'm-1' }, 'board'],
    [
      'POST',
      '/members/itdz-berlin/resignation',
      undefined,
      'members:resign',
      { id: 'itdz-berlin' },
      'representative',
    ],
    [
      'POST',
      '/members/other/resignation',
      EXAMPLES.resignation,
      'members:resign',
      { id: 'other', ...EXAMPLES.resignation },
      'board',
    ],
    ['POST', '/members/m-1/end', {}, 'members:completeEnding', { id: 'm-1' }, 'board'],
    ['POST', '/resolutions/r-1/open', undefined, 'resolutions:open', { id: 'r-1' }, 'board'],
    ['POST', '/resolutions/r-1/withdraw', undefined, 'resolutions:withdraw', { id: 'r-1' }, 'board'],
    ['POST', '/resolutions/r-1/decide', undefined, 'resolutions:decide', { id: 'r-1' }, 'board'],
    [
      'PUT',
      '/resolutions/r-1/ballot',
      { choice: 'no' },
      'resolutions:vote',
      { id: 'r-1', choice: 'no' },
      'representative',
    ],
    [
      'POST',
      '/resolutions/r-1/finding',
      EXAMPLES.finding,
      'resolutions:finding',
      { id: 'r-1', ...EXAMPLES.finding },
      'board',
    ],
    [
      'POST',
      '/resolutions/r-1/registration',
      EXAMPLES.registration,
      'resolutions:register',
      { id: 'r-1', ...EXAMPLES.registration },
      'board',
    ],
    [
      'POST',
      '/resolutions/r-1/dispatch',
      EXAMPLES.dispatch,
      'resolutions:dispatch',
      { id: 'r-1', ...EXAMPLES.dispatch },
      'board',
    ],
    [
      'POST',
      `/foundations/${'a'.repeat(64)}/confirm`,
      undefined,
      'foundations:confirm',
      { id: 'a'.repeat(64) },
      'board',
    ],
  ])('%s %s submits in the role that may', async (method, path, body, transaction, input, role) => {
    gateway.ledger.answer = () => {
      const recorded = { transactionId: 'f'.repeat(64) };
      return { joined: recorded, resignation: { recorded, received: recorded }, completed: recorded };
    };
    const answer = await gateway.request(method, `/api/v1${path}`, { role: 'board,representative', body });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toMatch(
      /^\/api\/v1\/(members|resolutions|foundations)\/[a-z0-9-]+/,
    );
    expect(gateway.ledger.submitted).toEqual([{ transaction, input, role }]);
  });

  it('answers the whole member after an act that must not read who represents it', async () => {
    const recorded = { transactionId: 'f'.repeat(64) };
    const shown = [{ office: 'CIO' }, { office: 'CIO', joined: recorded }];
    gateway.ledger.answer = () => (shown.length > 1 ? shown.shift() : shown[0]);
    gateway.ledger.commit = () => ({ id: 'm-1', joined: recorded });
    const { status, headers, body } = await gateway.request('POST', '/api/v1/members/m-1/joined');
    expect(status).toBe(200);
    expect(body).toEqual({ office: 'CIO', joined: recorded });
    expect(headers.get('transaction-id')).toBe('f'.repeat(64));
    expect(headers.get('block-number')).toBe('12');
    expect(gateway.ledger.evaluated).toHaveLength(2);
  });

  it('says which transaction recorded it even where it cannot be read back', async () => {
    gateway.ledger.answer = refused('peer-unavailable', { mspIds: ['ItdzBerlinMSP'] });
    const { status, headers } = await gateway.request('POST', '/api/v1/members/m-1/joined');
    expect(status).toBe(503);
    expect(headers.get('transaction-id')).toBe('f'.repeat(64));
  });

  it('takes the location of a foundation from the answer, since the contract makes its id', async () => {
    gateway.ledger.commit = () => ({ id: 'b'.repeat(64) });
    const { status, headers } = await gateway.request('POST', '/api/v1/foundations', {
      body: EXAMPLES.foundation,
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/foundations/${'b'.repeat(64)}`);
  });

  describe('what stands already', () => {
    const recorded = { transactionId: 'a'.repeat(64) };

    it('is answered from a read, with the transaction and the block that recorded it', async () => {
      gateway.ledger.commit = refused('unchanged', { resource: 'ballot' });
      gateway.ledger.answer = () => ({
        id: 'itdz-berlin',
        memberId: 'itdz-berlin',
        status: 'cast',
        choice: 'yes',
        ...recorded,
      });
      gateway.transactions.set(recorded.transactionId, {
        ...recorded,
        validationCode: 0,
        blockNumber: 9n,
        timestampMs: 0,
        content: unread,
      });
      const { status, headers, body } = await gateway.request('PUT', '/api/v1/resolutions/r-1/ballot', {
        role: 'representative',
        body: { choice: 'yes' },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ choice: 'yes' });
      expect(headers.get('location')).toBe('/api/v1/resolutions/r-1/ballot');
      expect(headers.get('transaction-id')).toBe(recorded.transactionId);
      expect(headers.get('block-number')).toBe('9');
      expect(gateway.ledger.evaluated).toMatchObject([{ transaction: 'resolutions:ballot' }]);
    });

    describe('where the own peer lags behind those that found it', () => {
      const ballot = {
        id: 'itdz-berlin',
        memberId: 'itdz-berlin',
        status: 'cast',
        choice: 'yes',
        ...recorded,
      };
      const vote = () =>
        gateway.request('PUT', '/api/v1/resolutions/r-1/ballot', {
          role: 'representative',
          body: { choice: 'yes' },
        });
      const lagging = (...answers: (() => unknown)[]) => {
        let reads = 0;
        gateway.ledger.answer = () => answers[Math.min(reads++, answers.length - 1)]?.();
      };
      beforeEach(() => {
        gateway.ledger.commit = refused('unchanged', { resource: 'ballot' });
      });

      it.each([
        ['knows nothing of it', refused('not-found', { resource: 'ballot' })],
        ['has it empty', () => ({ id: 'itdz-berlin', memberId: 'itdz-berlin', status: 'not-cast' })],
        ['has what stood before', () => ({ ...ballot, choice: 'no', transactionId: 'b'.repeat(64) })],
      ])('is read again while it %s', async (_what, before) => {
        lagging(before, before, () => ballot);
        const { status, headers, body } = await vote();
        expect(status).toBe(200);
        expect(body).toEqual(ballot);
        expect(headers.get('transaction-id')).toBe(recorded.transactionId);
        expect(gateway.ledger.evaluated).toHaveLength(3);
      });

      it('is a problem that names the height once it has waited long enough', async () => {
        lagging(() => ({ id: 'itdz-berlin', memberId: 'itdz-berlin', status: 'not-cast' }));
        const { status, body } = await vote();
        expect(status).toBe(503);
        expect(body).toMatchObject({ type: 'urn:umlauf:problem:peer-behind', data: { height: '5' } });
        expect(gateway.ledger.evaluated.length).toBeGreaterThan(1);
      });

      it('is a problem at once when it cannot be read', async () => {
        lagging(refused('peer-unavailable', { mspIds: ['ItdzBerlinMSP'] }));
        expect((await vote()).body).toMatchObject({ type: 'urn:umlauf:problem:peer-unavailable' });
        expect(gateway.ledger.evaluated).toHaveLength(1);
      });

      it('tells a changed office and a receipt by their content', async () => {
        const changed = { representation: [{ office: 'CIO', recorded }] };
        lagging(
          () => ({ ...changed, office: 'Before' }),
          () => ({ ...changed, office: 'CIO', operator: 'IT.NRW' }),
          () => ({ ...changed, office: 'CIO' }),
        );
        gateway.ledger.commit = refused('unchanged', { resource: 'member' });
        const change = { office: 'CIO', operator: null };
        const member = await gateway.request('PATCH', '/api/v1/members/m-1', { body: change });
        expect(member.body).toEqual({ ...changed, office: 'CIO' });

        const proposed = { id: 'r-1', proposalReceipt: { recorded } };
        const opened = { ...proposed, opening: {}, openingReceipt: { recorded } };
        lagging(
          () => proposed,
          () => opened,
        );
        gateway.ledger.commit = refused('unchanged', { resource: 'opening-receipt' });
        const receipt = await gateway.request('POST', '/api/v1/resolutions/r-1/receipt');
        expect(receipt.body).toEqual({ id: 'r-1', status: 'received', phase: 'opening', recorded });
      });

      it('is read again for a foundation that is not listed yet, and for a decision', async () => {
        const { members, bylaws } = EXAMPLES.foundation;
        const submitted = { id: 'b'.repeat(64), bylaws, members, submitted: recorded };
        lagging(
          () => ({ items: [] }),
          () => ({ items: [submitted] }),
        );
        const foundation = await gateway.request('POST', '/api/v1/foundations', {
          body: EXAMPLES.foundation,
        });
        expect(foundation.status).toBe(200);

        gateway.ledger.commit = refused('wrong-status', { resource: 'resolution', status: 'adopted' });
        lagging(
          () => ({ id: 'r-1', status: 'open' }),
          () => ({ id: 'r-1', status: 'adopted', decision: { recorded } }),
        );
        const { body } = await gateway.request('POST', '/api/v1/resolutions/r-1/decide');
        expect(body).toMatchObject({ status: 'adopted' });
      });
    });

    it('is answered even when its block cannot be looked up', async () => {
      gateway.ledger.commit = refused('unchanged');
      gateway.ledger.answer = () => ({ withdrawal: recorded });
      gateway.state.lookup = () => Promise.reject(new Error('away'));
      const { status, headers } = await gateway.request('POST', '/api/v1/members/m-1/withdraw');
      expect(status).toBe(200);
      expect(headers.get('transaction-id')).toBe(recorded.transactionId);
      expect(headers.has('block-number')).toBe(false);
    });

    it('is a success for decide when the resolution is decided', async () => {
      gateway.ledger.commit = refused('wrong-status', { resource: 'resolution', status: 'adopted' });
      gateway.ledger.answer = () => ({ id: 'r-1', status: 'adopted', decision: { recorded } });
      const { status, headers } = await gateway.request('POST', '/api/v1/resolutions/r-1/decide');
      expect(status).toBe(200);
      expect(headers.get('transaction-id')).toBe(recorded.transactionId);
    });

    it.each([
      ['decide', { resource: 'resolution', status: 'withdrawn' }],
      ['open', { resource: 'resolution', status: 'adopted' }],
    ])('is none for %s in %j', async (act, data) => {
      gateway.ledger.commit = refused('wrong-status', data);
      const { status, body } = await gateway.request('POST', `/api/v1/resolutions/r-1/${act}`);
      expect(status).toBe(409);
      expect(body).toMatchObject({ type: 'urn:umlauf:problem:wrong-status', data });
    });

    it('is found for a foundation by its content', async () => {
      gateway.ledger.commit = refused('unchanged');
      const { members, bylaws } = EXAMPLES.foundation;
      gateway.ledger.answer = () => ({
        items: [
          { id: 'c'.repeat(64), members: [], bylaws, submitted: recorded },
          { id: 'b'.repeat(64), bylaws, members, submitted: recorded },
        ],
      });
      const { status, headers } = await gateway.request('POST', '/api/v1/foundations', {
        body: EXAMPLES.foundation,
      });
      expect(status).toBe(200);
      expect(headers.get('location')).toBe(`/api/v1/foundations/${'b'.repeat(64)}`);
    });
  });

  it('always carries the id of a transaction whose outcome is not known', async () => {
    gateway.ledger.commit = refused('outcome-unknown', { transactionId: 'e'.repeat(64) });
    const { status, headers, body } = await gateway.request('POST', '/api/v1/resolutions/r-1/open');
    expect(status).toBe(504);
    expect(body).toMatchObject({ transactionId: 'e'.repeat(64) });
    expect(headers.get('transaction-id')).toBe('e'.repeat(64));
  });

  it('answers a fault of its own without its text', async () => {
    gateway.ledger.commit = () => {
      throw new TypeError('secret');
    };
    const { status, body } = await gateway.request('POST', '/api/v1/resolutions/r-1/open');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each(Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[])(
    'answers %s as the registry has it',
    async (code) => {
      if (code === 'unchanged') return;
      gateway.ledger.commit = refused(code, { reason: 'x', allow: ['GET'], retryAfter: 1 });
      const { status, headers, body } = await gateway.request('POST', '/api/v1/resolutions/r-1/open');
      const { status: expected, title } = PROBLEMS[code];
      expect(status).toBe(expected);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ type: `urn:umlauf:problem:${code}`, title, status: expected });
    },
  );
});

describe('transactions', () => {
  const id = 'd'.repeat(64);

  it('answers what became of a transaction', async () => {
    gateway.transactions.set(id, {
      transactionId: id,
      validationCode: 11,
      blockNumber: 8n,
      timestampMs: 0,
      content: unread,
    });
    const { status, body } = await gateway.request('GET', `/api/v1/transactions/${id}`, { role: 'auditor' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      status: 'invalid',
      validationCode: 11,
      validation: 'MVCC_READ_CONFLICT',
      blockNumber: 8,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('does not know an unknown one and refuses what is no id', async () => {
    expect(await gateway.request('GET', `/api/v1/transactions/${id}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:umlauf:problem:not-found' },
    });
    expect((await gateway.request('GET', '/api/v1/transactions/xyz')).status).toBe(400);
    expect((await gateway.request('GET', `/api/v1/transactions/${id}?x=1`)).status).toBe(400);
  });
});

describe('without a token', () => {
  it('answers health and the description, and nothing else', async () => {
    for (const path of [
      '/api/v1/health/live',
      '/api/v1/health/ready',
      '/health/live',
      '/health/ready',
      '/openapi.json',
    ])
      expect((await gateway.request('GET', path, { role: null })).status).toBe(200);
    for (const path of ['/members', '/no-such-route', `/transactions/${'d'.repeat(64)}`, '/foundations']) {
      const { status, headers, body } = await gateway.request('GET', `/api/v1${path}`, { role: null });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="umlauf"');
      expect(body).toMatchObject({ type: 'urn:umlauf:problem:unauthenticated', data: { reason: 'missing' } });
    }
    expect(gateway.ledger.evaluated).toEqual([]);
  });

  it('says what is missing when it is not ready', async () => {
    gateway.state.readiness = {
      ...{ ready: false, missing: ['blocks', 'endorsers'], height: 3n },
      endorsersAway: ['BMSP', 'CMSP'],
    };
    expect(await gateway.request('GET', '/api/v1/health/ready', { role: null })).toMatchObject({
      status: 503,
      body: {
        ...{ status: 'not-ready', missing: ['blocks', 'endorsers'], height: 3 },
        endorsersAway: ['BMSP', 'CMSP'],
      },
    });
  });

  it('leaves / free', async () => {
    expect(await gateway.request('GET', '/', { role: null })).toMatchObject({
      status: 404,
      body: { type: 'urn:umlauf:problem:route-not-found' },
    });
  });
});

describe('methods', () => {
  it.each([
    ['DELETE', '/members', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/members/m-1', 'GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/resolutions/r-1/ballot', 'GET, HEAD, OPTIONS, PUT'],
    ['GET', '/resolutions/r-1/decide', 'OPTIONS, POST'],
    ['PUT', '/transactions/x', 'GET, HEAD, OPTIONS'],
  ])('%s %s is refused with those that are allowed', async (method, path, allow) => {
    const { status, headers } = await gateway.request(method, `/api/v1${path}`);
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
  });

  it('tells the allowed ones when asked', async () => {
    const { status, headers } = await gateway.request('OPTIONS', '/api/v1/members');
    expect(status).toBe(204);
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });
});

it('refuses more requests than a caller may make', async () => {
  const limited = await startFakeGateway({ requestsPerMinute: 2 });
  try {
    await limited.request('GET', '/api/v1/members');
    await limited.request('GET', '/api/v1/members');
    const { status, headers, body } = await limited.request('GET', '/api/v1/members');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('60');
    expect(body).toMatchObject({ type: 'urn:umlauf:problem:too-many-requests' });
  } finally {
    await limited.stop();
  }
});

it('answers nothing in a role that it has no identity for', async () => {
  const limited = await startFakeGateway({ identities: ['board'] });
  try {
    expect(await limited.request('GET', '/api/v1/members', { role: 'auditor' })).toMatchObject({
      status: 403,
      body: { type: 'urn:umlauf:problem:forbidden' },
    });
  } finally {
    await limited.stop();
  }
});
