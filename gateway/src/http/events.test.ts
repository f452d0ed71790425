import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../problem.js';
import { blockOf, eventsIn } from '../testing/events.js';
import { startFakeGateway } from '../testing/fake-gateway.js';

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeEach(async () => {
  gateway = await startFakeGateway({ streams: 2 });
  see(0);
});
afterEach(() => gateway.stop());

const see = (number: number, ...ids: string[]): void =>
  gateway.feed.see(number, eventsIn(blockOf(number, ids)));
/** The machine may be busy with other tests. */
const eventually = (check: () => void) => vi.waitFor(check, 10_000);

interface Open {
  readonly answer: IncomingMessage;
  /** Lines that carry an id and data: the positions of events. */
  events(): string[];
  text(): string;
  ended(): boolean;
  close(): void;
}

async function open(query = '', headers: Record<string, string> = {}): Promise<Open> {
  const request = httpRequest(`${gateway.url}/api/v1/events${query}`, {
    headers: { authorization: 'Bearer auditor', 'accept-encoding': 'gzip', ...headers },
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    request.once('response', resolve).once('error', reject).end(),
  );
  let [text, ended] = ['', false];
  answer.setEncoding('utf8').on('data', (part: string) => (text += part));
  answer.once('close', () => (ended = true)).on('error', () => undefined);
  return {
    answer,
    events: () => [...text.matchAll(/^id: (\S+)\ndata:/gm)].map(([, id]) => String(id)),
    text: () => text,
    ended: () => ended,
    close: () => request.destroy(),
  };
}

describe('GET /events', () => {
  it('sends what happens, uncompressed, with a mark to come back to before anything has happened', async () => {
    const stream = await open();
    expect(stream.answer.headers).toMatchObject({ 'content-type': 'text/event-stream' });
    expect(stream.answer.headers['content-encoding']).toBeUndefined();
    see(1, 'r-1', 'r-2');
    await eventually(() => expect(stream.events()).toEqual(['1-0-0', '1-0-1']));
    const [, data] = /^data: (.*)$/m.exec(stream.text()) ?? [];
    expect(JSON.parse(data!)).toMatchObject({ type: 'umlauf.v1.ballot.cast', subject: 'resolutions/r-1' });
    stream.close();
    await eventually(() => expect(gateway.streams.size).toBe(0));
  });

  it('goes on after what was received last', async () => {
    see(1, 'r-1', 'r-2');
    see(2, 'r-3');
    const stream = await open('?from=0', { 'last-event-id': '1-0-0' });
    await eventually(() => expect(stream.events()).toEqual(['1-0-1', '2-0-0']));
    const whole = await open('', { 'last-event-id': '1' });
    await eventually(() => expect(whole.events()).toEqual(['2-0-0']));
  });

  it('begins with a block, and lets a filter choose', async () => {
    see(1, 'r-1', 'r-2');
    see(2, 'r-1');
    const stream = await open('?from=0&type=ballot.cast&type=resolution.opened&resource=resolutions/r-1');
    await eventually(() => expect(stream.events()).toEqual(['1-0-0', '2-0-0']));
    const none = await open('?from=0&type=resolution.opened');
    see(3, 'r-1');
    // The heartbeat moves the mark.
    await eventually(() => expect(none.text()).toContain(':\nid: 3\n\n'));
    expect(none.events()).toEqual([]);
  });

  it.each([
    ['?type=unheard-of', {}],
    ['?resource=../x', {}],
    ['?from=-1', {}],
    ['?from=1&from=2', {}],
    ['?other=1', {}],
    ['', { 'last-event-id': 'x' }],
  ])('refuses %s %j', async (query, headers) => {
    const { status, body } = await gateway.request('GET', `/api/v1/events${query}`, { headers });
    expect([status, body['type']]).toEqual([400, 'urn:umlauf:problem:invalid-input']);
  });

  it('is for those who may read: a role here, and a member by the contract’s word', async () => {
    expect(await gateway.request('GET', '/api/v1/events', { role: null })).toMatchObject({ status: 401 });
    expect(await gateway.request('GET', '/api/v1/events', { role: 'nobody' })).toMatchObject({ status: 403 });
    gateway.ledger.answer = () => {
      throw new ProblemError('organization-not-allowed');
    };
    expect(await gateway.request('GET', '/api/v1/events')).toMatchObject({ status: 403 });
  });

  it('opens so many streams and no more; who leaves makes room', async () => {
    const [first] = [await open(), await open()];
    expect(await gateway.request('GET', '/api/v1/events')).toMatchObject({
      status: 503,
      body: { type: 'urn:umlauf:problem:too-many-streams' },
    });
    first.close();
    await eventually(() => expect(gateway.streams.size).toBe(1));
    expect((await open()).answer.statusCode).toBe(200);
  });

  it('answers HEAD without a stream', async () => {
    expect(await gateway.request('HEAD', '/api/v1/events')).toMatchObject({ status: 200 });
    expect(gateway.streams.size).toBe(0);
  });

  it('ends streams when asked to', async () => {
    const stream = await open();
    gateway.streams.end();
    await eventually(() => expect(stream.ended()).toBe(true));
    expect(stream.answer.complete).toBe(true);
  });

  it('opens none for a caller who was let in before they were ended', async () => {
    gateway.ledger.answer = () => {
      gateway.streams.end();
      return { items: [] };
    };
    await expect(open()).rejects.toThrow();
    expect(gateway.streams.size).toBe(0);
  });

  it('ends when the token expires', async () => {
    const stream = await open('', { authorization: `Bearer auditor;${Date.now() + 300}` });
    expect(stream.ended()).toBe(false);
    await eventually(() => expect(stream.ended()).toBe(true));
    expect(stream.answer.complete).toBe(true);
  });

  it('cuts a client off that doesn’t read, which costs the gateway no more than a buffer', async () => {
    const stream = await open();
    stream.answer.pause();
    const long = Array.from({ length: 100 }, (_, index) => `r-${index}-${'x'.repeat(200)}`);
    let block = 0;
    await vi.waitUntil(
      () => {
        see((block += 1), ...long);
        return gateway.streams.size === 0;
      },
      { timeout: 20_000, interval: 4 },
    );
    stream.answer.resume();
    await eventually(() => expect(stream.ended()).toBe(true));
    expect(stream.answer.complete).toBe(false);
  });
});
