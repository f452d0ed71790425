import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audit } from '../audit/audit.js';
import type { Decision } from '../audit/line.js';
import { ProblemError } from '../problem.js';
import { startFakeGateway } from '../testing/fake-gateway.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
let noted: Decision[];
let full: boolean;
beforeEach(async () => {
  noted = [];
  full = false;
  const note = (decision: Decision) => {
    if (!full) noted.push(decision);
    return Promise.resolve();
  };
  const audit: Audit = {
    required: (decision) => (full ? Promise.reject(new ProblemError('audit-unavailable')) : note(decision)),
    attempted: note,
    works: true,
    reopen: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  gateway = await startFakeGateway({ audit });
});
afterEach(() => gateway.stop());

describe('what is decided on a request', () => {
  it('is noted before it has any effect, by the template of its path, with the id that is answered', async () => {
    gateway.ledger.commit = (_transaction, input) => {
      expect(noted).toHaveLength(1);
      return input;
    };
    const { headers } = await gateway.request('POST', '/api/v1/members/m-1/withdraw');
    expect(noted).toEqual([
      {
        requestId: headers.get('request-id'),
        subject: 'somebody',
        method: 'POST',
        route: '/api/v1/members/{id}/withdraw',
        decision: 'allow',
        role: 'board',
      },
    ]);
    await gateway.request('GET', '/api/v1/members?status=admitted', { role: 'auditor' });
    await gateway.request('GET', `/api/v1/transactions/${'a'.repeat(64)}`, { role: 'auditor' });
    expect(noted.slice(1)).toMatchObject([
      { method: 'GET', route: '/api/v1/members', role: 'auditor' },
      { method: 'GET', route: '/api/v1/transactions/{id}', role: 'auditor' },
    ]);
  });

  it('is noted when it is refused, and why', async () => {
    await gateway.request('GET', '/api/v1/members/m-1?x=%0a', { role: null });
    await gateway.request('PUT', '/api/v1/resolutions/r-1/ballot', { body: { choice: 'yes' } });
    await gateway.request('GET', '/api/v1/members', { role: 'nobody' });
    await gateway.request('GET', '/api/v1/members/a/b/c%0d%0a{"decision":"allow"}', { role: null });
    gateway.ledger.commit = () => {
      throw new ProblemError('organization-not-allowed', { act: 'propose', of: 'members' });
    };
    await gateway.request('POST', '/api/v1/members/m-1/withdraw');
    expect(noted.map(({ requestId: _, ...rest }) => rest)).toEqual([
      {
        method: 'GET',
        route: '/api/v1/members/{id}',
        decision: 'deny',
        problem: 'unauthenticated',
        reason: 'missing',
      },
      {
        subject: 'somebody',
        method: 'PUT',
        route: '/api/v1/resolutions/{id}/ballot',
        decision: 'deny',
        problem: 'role-not-allowed',
      },
      {
        subject: 'somebody',
        method: 'GET',
        route: '/api/v1/members',
        decision: 'deny',
        problem: 'forbidden',
      },
      { method: 'GET', route: 'unknown', decision: 'deny', problem: 'unauthenticated', reason: 'missing' },
      expect.objectContaining({ decision: 'allow' }),
      expect.objectContaining({ decision: 'deny', problem: 'organization-not-allowed', subject: 'somebody' }),
    ]);
  });

  it('lets nothing be written that cannot be noted; reading goes on', async () => {
    full = true;
    const written = await gateway.request('POST', '/api/v1/members/m-1/withdraw');
    expect([written.status, written.body['type']]).toEqual([503, 'urn:umlauf:problem:audit-unavailable']);
    expect(gateway.ledger.submitted).toEqual([]);
    expect((await gateway.request('GET', '/api/v1/members')).status).toBe(200);
  });

  it('takes no id from the caller', async () => {
    const { headers } = await gateway.request('GET', '/api/v1/members', {
      headers: { 'request-id': 'mine', 'x-request-id': 'mine' },
    });
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
