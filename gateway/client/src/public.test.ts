import { describe, expect, it } from 'vitest';
import { createPublicClient } from './public.js';

/** A client of the public whose gateway answers one after the other. */
function clientOf(...answers: (() => Response)[]) {
  const sent: { readonly url: string; readonly headers: Headers }[] = [];
  const client = createPublicClient({
    url: 'https://gateway.example/',
    patienceMs: 2_000,
    fetch: (url, { headers } = {}) => {
      sent.push({ url: url as string, headers: new Headers(headers) });
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      return Promise.resolve(answer?.() ?? Response.json({ items: [] }));
    },
  });
  return { client, sent };
}

describe('the client of the public', () => {
  it('asks without a token, for a language and a page', async () => {
    const { client, sent } = clientOf();
    await client.announcements();
    await client.announcements({ language: 'en', bookmark: 'a b' });
    await client.announcement({ id: 'a/1', language: 'de' });
    expect((await client.members()).body).toEqual({ items: [] });
    expect(sent.map(({ url }) => url.slice(23))).toEqual([
      '/public/announcements',
      '/public/announcements?language=en&bookmark=a+b',
      '/public/announcements/a%2F1?language=de',
      '/public/members',
    ]);
    expect(sent.some(({ headers }) => headers.has('authorization'))).toBe(false);
  });

  it('asks again where the gateway can not answer for a moment, and throws what it refuses', async () => {
    const problem = (code: string, status: number, data = {}) =>
      Response.json({ type: `urn:umlauf:problem:${code}`, title: code, status, data }, { status });
    const { client, sent } = clientOf(
      () => problem('public-unavailable', 503, { retryAfter: 0.01 }),
      () => Response.json({ items: [] }),
      () => problem('not-found', 404),
    );
    expect((await client.members()).status).toBe(200);
    expect(sent).toHaveLength(2);
    await expect(client.announcement({ id: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
  });
});
