import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.js';
import { startFakeGateway } from '../testing/fake-gateway.js';

const PORTAL = 'https://portal.example';
type FakeGateway = Awaited<ReturnType<typeof startFakeGateway>>;
let closed: FakeGateway;
let open: FakeGateway;
beforeEach(async () => {
  [closed, open] = await Promise.all([startFakeGateway(), startFakeGateway({ origins: [PORTAL] })]);
});
afterEach(() => Promise.all([closed.stop(), open.stop()]));

const preflight = {
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization',
};
const corsHeaders = (headers: Headers) =>
  [...headers].filter(([name]) => name.startsWith('access-control-')).map(([name]) => name);

describe('pages of other origins', () => {
  it('may not call by default, nor those of origins that are not named exactly', async () => {
    for (const [gateway, origin] of [
      [closed, PORTAL],
      [open, 'https://portal.example.evil.example'],
      [open, 'https://PORTAL.example'],
      [open, 'http://portal.example'],
      [open, 'null'],
    ] as const) {
      const read = await gateway.request('GET', '/api/v1/members', { headers: { origin } });
      expect([read.status, corsHeaders(read.headers)]).toEqual([200, []]);
      const asked = await gateway.request('OPTIONS', '/api/v1/members', {
        role: null,
        headers: { origin, ...preflight },
      });
      expect([asked.status, corsHeaders(asked.headers)]).toEqual([401, []]);
    }
  });

  it('may call from an origin that is named, without what a browser sends by itself', async () => {
    const asked = await open.request('OPTIONS', '/api/v1/members', {
      role: null,
      headers: { origin: PORTAL, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PORTAL);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    const read = await open.request('GET', '/api/v1/members', { headers: { origin: PORTAL } });
    expect(read.headers.get('access-control-allow-origin')).toBe(PORTAL);
    expect(read.headers.get('access-control-expose-headers')).toContain('Transaction-Id');
    expect(read.headers.get('access-control-allow-credentials')).toBeNull();
    expect(read.headers.get('vary')).toContain('Origin');
  });
});

describe('what every answer says', () => {
  it.each(['/api/v1/members', '/health/live', '/openapi.json', '/nowhere'])(
    'of %s: how browsers are to treat it',
    async (path) => {
      const { headers } = await closed.request('GET', path);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );
});

describe('requests of nobody known', () => {
  it('are counted by the address that they come from, or that a trusted proxy says', async () => {
    const counted: string[] = [];
    const stranger = (address: string) => {
      counted.push(address);
      return counted.length > 3 ? Promise.reject(new ProblemError('too-many-requests')) : Promise.resolve();
    };
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    for (const trustedProxies of [[], ['127.0.0.0/8']]) {
      const gateway = await startFakeGateway({ stranger, trustedProxies });
      try {
        await gateway.request('GET', '/openapi.json', { headers });
        await gateway.request('GET', '/nowhere', { headers });
        await gateway.request('GET', '/health/live', { headers });
        await gateway.request('GET', '/api/v1/members', { headers });
      } finally {
        await gateway.stop();
      }
    }
    expect(counted).toEqual(['127.0.0.1', '127.0.0.1', '192.0.2.7', '192.0.2.7']);
  });
});
