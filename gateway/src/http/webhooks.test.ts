import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventFeed } from '../events/feed.js';
import { MemoryStorage } from '../journal/memory-storage.js';
import { FakeTime } from '../testing/fake-fabric.js';
import { blockOf, eventsIn } from '../testing/events.js';
import { startFakeGateway } from '../testing/fake-gateway.js';
import type { CheckedWebhook } from '../webhooks/options.js';
import { DeliveryStore } from '../webhooks/store.js';
import { Webhook } from '../webhooks/webhook.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
let webhook: Webhook;
let received: string[];
let fails: boolean;
beforeEach(async () => {
  [received, fails] = [[], true];
  const feed = new EventFeed({ around: () => Promise.reject(new Error('no history')) });
  feed.see(0, eventsIn(blockOf(0, ['r-1', 'r-2', 'r-3'])));
  webhook = new Webhook({
    id: 'register',
    filter: {},
    from: 0,
    attempts: 2,
    parallel: 1,
    feed,
    store: new DeliveryStore(new MemoryStorage(), 'register'),
    send: ({ id }) => {
      if (fails) return Promise.resolve({ kind: 'failed', reason: 'ECONNREFUSED' });
      received.push(id);
      return Promise.resolve({ kind: 'delivered' });
    },
    time: new FakeTime(),
    logger: pino({ level: 'silent' }),
  });
  webhook.start();
  const options = { id: 'register', url: 'https://register.example/secret/path?token=x' } as CheckedWebhook;
  gateway = await startFakeGateway({ webhooks: [{ options, webhook }] });
  await vi.waitFor(async () => expect((await letters()).body['items']).toHaveLength(3));
});
afterEach(async () => {
  await webhook.stop(0);
  await gateway.stop();
});

const letters = (query = '') => gateway.request('GET', `/api/v1/webhooks/register/dead-letters${query}`);
const replay = (more: object) =>
  gateway.request('POST', '/api/v1/webhooks/register/dead-letters/replay', more);

describe('/webhooks', () => {
  it('tells how each stands, without what may be secret in its URL', async () => {
    const { status, body } = await gateway.request('GET', '/api/v1/webhooks', { role: 'auditor' });
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          id: 'register',
          receiver: 'https://register.example',
          status: 'delivering',
          pending: 0,
          position: '1-0-0',
        },
      ],
    });
  });

  it('lists what was given up, page by page', async () => {
    const { body } = await letters('?limit=2');
    expect(body['items']).toMatchObject([
      { id: 'tx-0-0-0', resource: 'resolutions/r-1', attempts: 2, reason: 'ECONNREFUSED' },
      { id: 'tx-0-0-1' },
    ]);
    const rest = await letters(`?limit=2&bookmark=${String(body['bookmark'])}`);
    expect(rest.body['items']).toMatchObject([{ id: 'tx-0-0-2' }]);
    expect(rest.body['bookmark']).toBeUndefined();
  });

  it('delivers those named again, or all', async () => {
    fails = false;
    expect((await replay({ body: { ids: ['tx-0-0-1', 'unheard-of'] } })).body).toEqual({
      replayed: ['tx-0-0-1'],
    });
    await vi.waitFor(() => expect(received).toEqual(['tx-0-0-1']));
    expect((await replay({})).body).toEqual({ replayed: ['tx-0-0-0', 'tx-0-0-2'] });
    await vi.waitFor(() => expect(received).toHaveLength(3));
    expect((await letters()).body).toEqual({ items: [] });
  });

  it('is for the board; the auditor looks', async () => {
    expect(await replay({ role: 'auditor' })).toMatchObject({ status: 403 });
    expect(await replay({ role: 'representative' })).toMatchObject({ status: 403 });
    expect(await gateway.request('GET', '/api/v1/webhooks', { role: 'representative' })).toMatchObject({
      status: 403,
    });
  });

  it.each([
    ['GET', '/webhooks/other/dead-letters', undefined, 404],
    ['POST', '/webhooks/other/dead-letters/replay', undefined, 404],
    ['GET', '/webhooks/register/dead-letters?limit=0', undefined, 400],
    ['GET', '/webhooks?x=1', undefined, 400],
    ['POST', '/webhooks/register/dead-letters/replay', { ids: [] }, 400],
    ['POST', '/webhooks/register/dead-letters/replay', [], 400],
    ['POST', '/webhooks', {}, 405],
  ])('answers %s %s %j with %d', async (method, path, body, status) => {
    expect(await gateway.request(method, `/api/v1${path}`, { body })).toMatchObject({ status });
    expect((await letters()).body['items']).toHaveLength(3);
  });
});
