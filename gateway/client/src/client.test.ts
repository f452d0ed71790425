import { describe, expect, it } from 'vitest';
import { createClient } from './client.js';

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

const problem = (code: string, status: number, data: object = {}) =>
  Response.json({ type: `urn:umlauf:problem:${code}`, title: code, status, data }, { status });

/** A client whose gateway answers one after the other. */
function clientOf(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const client = createClient({
    url: 'https://gateway.example/',
    token: () => Promise.resolve('token'),
    patienceMs: 2_000,
    fetch: (url, { method, headers, body } = {}) => {
      const json = typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined;
      sent.push({ method: method ?? '', url: url as string, headers: new Headers(headers), body: json });
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      return new Promise((resolve) => resolve(answer?.() ?? Response.json({})));
    },
  });
  return { client, sent };
}
const brokenLine = () => {
  throw new TypeError('fetch failed');
};

describe('the client', () => {
  it('puts what is asked for into path, query and body', async () => {
    const { client, sent } = clientOf();
    await client.members.list({ status: 'admitted', limit: 5 });
    await client.resolutions.vote({ id: 'r-1', choice: 'yes' }, { minBlock: '7' });
    await client.members.change({ id: 'm-1', change: { office: 'CIO' } });
    await client.resolutions.open({ id: 'r/1' });
    await client.health.live();
    expect(sent.map(({ method, url, body }) => [method, url.slice(23), body])).toEqual([
      ['GET', '/api/v1/members?status=admitted&limit=5', undefined],
      ['PUT', '/api/v1/resolutions/r-1/ballot', { choice: 'yes' }],
      ['PATCH', '/api/v1/members/m-1', { office: 'CIO' }],
      ['POST', '/api/v1/resolutions/r%2F1/open', undefined],
      ['GET', '/api/v1/health/live', undefined],
    ]);
    expect(sent[1]?.headers.get('min-block')).toBe('7');
    expect(sent[1]?.headers.get('authorization')).toBe('Bearer token');
  });

  it('sends a write again under the same key until there is an answer', async () => {
    const { client, sent } = clientOf(
      brokenLine,
      () => problem('request-in-progress', 409, { retryAfter: 0.01 }),
      () => new Response('bad gateway', { status: 502 }),
      () => Response.json({ choice: 'yes' }, { headers: { 'transaction-id': 'abc', 'block-number': '7' } }),
    );
    expect(await client.resolutions.vote({ id: 'r-1', choice: 'yes' })).toEqual({
      status: 200,
      body: { choice: 'yes' },
      transactionId: 'abc',
      blockNumber: '7',
    });
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
  });

  it('gives each write a key of its own, unless it is told one', async () => {
    const { client, sent } = clientOf();
    await client.resolutions.open({ id: 'r-1' });
    await client.resolutions.open({ id: 'r-1' });
    await client.resolutions.open({ id: 'r-1' }, { idempotencyKey: 'mine' });
    const [first, second, third] = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(first).not.toBe(second);
    expect(third).toBe('"mine"');
  });

  it('throws problems with their code and data, at once where another try mends nothing', async () => {
    const { client, sent } = clientOf(() => problem('wrong-status', 409, { status: 'adopted' }));
    await expect(client.resolutions.open({ id: 'r-1' })).rejects.toMatchObject({
      name: 'Problem',
      code: 'wrong-status',
      status: 409,
      data: { status: 'adopted' },
    });
    expect(sent).toHaveLength(1);
  });

  it('gives up when patience ends, with what was answered last', async () => {
    const { client } = clientOf(() => problem('request-in-progress', 409, { retryAfter: 5 }));
    await expect(client.resolutions.open({ id: 'r-1' })).rejects.toMatchObject({
      code: 'request-in-progress',
    });
  });

  it('follows what was accepted to its end', async () => {
    const { client, sent } = clientOf(
      () => Response.json({}, { status: 202, headers: { 'transaction-id': 'abc' } }),
      () => Response.json({ id: 'abc', status: 'pending' }),
      () => Response.json({ id: 'abc', status: 'valid' }),
    );
    const transaction = await client.accept('resolutions-open', { id: 'r-1' });
    expect(await client.settled(transaction)).toEqual({ id: 'abc', status: 'valid' });
    expect(sent[0]?.headers.get('prefer')).toBe('respond-async');
  });

  it('reads events, and goes on after the last one when the stream ends', async () => {
    const stream = (...positions: string[]) =>
      new Response(
        `: heartbeat\n\n${positions.map((position) => `id: ${position}\ndata: {"position":"${position}"}\n\n`).join('')}`,
        { headers: { 'content-type': 'text/event-stream' } },
      );
    const { client, sent } = clientOf(
      () => stream('7-0-0', '7-0-1'),
      () => problem('shutting-down', 503, { retryAfter: 0.01 }),
      () => stream('8-0-0'),
    );
    const seen: string[] = [];
    for await (const { position } of client.events.read({ type: ['a', 'b'], from: '7' })) {
      seen.push(position);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['7-0-0', '7-0-1', '8-0-0']);
    expect(sent[0]?.url).toMatch(/\/events\?type=a&type=b&from=7$/);
    expect(sent.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '7-0-1', '7-0-1']);
  });

  it('comes back ever more slowly to a stream that ends at once, and at once when it is told to stop', async () => {
    const empty = () => new Response(':\n\n', { headers: { 'content-type': 'text/event-stream' } });
    const { client, sent } = clientOf(empty);
    const begun = performance.now();
    const reading = client.events.read({ from: '0' }, { signal: AbortSignal.timeout(400) });
    expect(await reading.next()).toMatchObject({ done: true });
    // 50, 100 and 200 ms at least between the first four.
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
