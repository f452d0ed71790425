import { once } from 'node:events';
import { connect as connectPlainly, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectByTls } from 'node:tls';
import express, { type Response } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Line } from '../events/line.js';
import { testCertificate } from '../testing/certificates.js';
import { lineOf } from './bare-line.js';
import { whenEnded, type Ending } from './ending.js';
import { Connections } from './connections.js';
import { drained, serverFor, type AnyServer } from './server.js';

interface Opened {
  readonly line: Line;
  readonly response: Response;
}

const IDLE_MS = 300;
const LIMITS = { headersMs: 5_000, requestMs: 5_000, handshakeMs: 5_000, connections: 10 };
const eventually = (check: () => void) => vi.waitFor(check, 10_000);

let opened: Opened[];
let endings: Ending[];
let answerFirst: (() => void) | undefined;
const application = () =>
  express()
    .get(['/line', '/line/at-once'], async (request, response) => {
      if (request.path === '/line') await setImmediate();
      // Of this test, also when it ends later.
      const told = endings;
      whenEnded(response, (ending) => told.push(ending));
      const line = lineOf(request, response);
      opened.push({ line, response });
      line.write('begun');
    })
    .get('/first', (_request, response) => {
      answerFirst = () => response.send('first');
    });

describe.each(['plain', 'tls'])('a bare line, %s', (kind) => {
  let server: AnyServer;
  let connections: Connections;
  const clients: Socket[] = [];
  beforeEach(() => {
    [opened, endings, answerFirst] = [[], [], undefined];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await drained(server, connections, 0);
  });

  async function connected(idleMs = 60_000): Promise<Socket> {
    const listen = { host: '127.0.0.1', port: 0, connections: 10, trustedProxies: [] };
    const tls = { ...testCertificate({ ca: false }), minimumVersion: 'TLSv1.3' as const };
    const parameters = kind === 'tls' ? { ...listen, tls } : listen;
    connections = new Connections();
    server = serverFor(application(), parameters, undefined, { ...LIMITS, idleMs }, connections);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client =
      kind === 'tls'
        ? connectByTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
        : connectPlainly({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }

  async function asked(request: string, idleMs?: number) {
    const client = await connected(idleMs);
    let text = '';
    client.setEncoding('latin1').on('data', (part: string) => (text += part));
    client.write(request);
    await eventually(() => expect(text).toContain('begun'));
    return { client, text: () => text, line: opened[0]!.line, response: opened[0]!.response };
  }
  const LINE = 'GET /line HTTP/1.1\r\nHost: x\r\n\r\n';

  it('sends chunks, of text and of bytes, and ends with the last', async () => {
    const { text, line, response, client } = await asked(LINE);
    expect(line).not.toBe(response);
    expect(response.socket).toBeNull();
    line.write(Buffer.from('grün'));
    line.write('grün');
    line.end();
    await once(client, 'end');
    const [head, body] = text().split(/\r\n\r\n(.*)/s);
    expect(head).toMatch(/^Connection: close$/m);
    expect(head).toMatch(/^Transfer-Encoding: chunked$/m);
    const bytes = Buffer.from('grün').toString('latin1');
    expect(body).toBe(`5\r\nbegun\r\n5\r\n${bytes}\r\n5\r\n${bytes}\r\n0\r\n\r\n`);
    await eventually(() => expect(endings).toMatchObject([{ status: 200, complete: true }]));
    expect(line.destroyed).toBe(true);
  });

  it('sends no chunks to who speaks HTTP/1.0', async () => {
    const { text, line, response, client } = await asked('GET /line HTTP/1.0\r\n\r\n');
    expect(line).not.toBe(response);
    line.write('more');
    line.end();
    await once(client, 'end');
    expect(text()).toMatch(/\r\n\r\nbegunmore$/);
  });

  it.each<[string, (client: Socket) => void]>([
    ['goes', (client) => client.destroy()],
    ['closes its side', (client) => client.end()],
    ['writes', (client) => client.write('GET ')],
  ])('ends when its client %s', async (_how, act) => {
    const { client, line } = await asked(LINE);
    const closed = vi.fn();
    line.on('close', closed);
    act(client);
    await eventually(() => expect(closed).toHaveBeenCalledOnce());
    expect(endings).toMatchObject([{ status: 200, complete: false }]);
    await eventually(() => expect(connections.size).toBe(0));
  });

  it('is closed when nothing is said for too long', async () => {
    const { client, line } = await asked(LINE, IDLE_MS);
    await once(client, 'end');
    await eventually(() => expect(line.destroyed).toBe(true));
  });

  it('survives the end of idle connections, and not that of the server', async () => {
    const { client, line } = await asked(LINE);
    server.closeIdleConnections();
    line.write('more');
    expect(line.destroyed).toBe(false);
    const over = once(client, 'end');
    await drained(server, connections, 10);
    await over;
    await eventually(() => expect(line.destroyed).toBe(true));
  });

  it('ends with a client that has begun another request', async () => {
    const { client, line } = await asked(`${LINE}GET /fir`);
    client.write('st HTTP/1.1\r\n');
    await eventually(() => expect(line.destroyed).toBe(true));
  });

  it('is the answer itself while the request is still being read', async () => {
    const { client, text, line, response } = await asked(LINE.replace('/line', '/line/at-once'));
    expect(line).toBe(response);
    line.end();
    await once(client, 'end');
    expect(text()).toMatch(/begun\r\n0\r\n\r\n$/);
  });

  it('is the answer itself where another one comes first', async () => {
    const client = await connected();
    let text = '';
    client.setEncoding('latin1').on('data', (part: string) => (text += part));
    client.write(`GET /first HTTP/1.1\r\nHost: x\r\n\r\n${LINE}`);
    await eventually(() => expect(opened).toHaveLength(1));
    const { line, response } = opened[0]!;
    expect(line).toBe(response);
    answerFirst?.();
    line.end();
    await once(client, 'end');
    expect(text).toMatch(/first.*begun\r\n0\r\n\r\n$/s);
    await eventually(() => expect(endings).toMatchObject([{ complete: true }]));
  });
});
