import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { testCertificate } from '../testing/certificates.js';
import { Post, retryAfterMs, type Target } from './post.js';
import { signedHeaders } from './signature.js';

const SECRETS = [`whsec_${Buffer.alloc(32, 1).toString('base64')}`];
const message = { id: 'tx-0', body: '{"specversion":"1.0"}' };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Listens on loopback and notes what comes. */
async function receiver(answer: RequestListener, server: Server = createServer()) {
  const received: { readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }[] = [];
  server.on('request', (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.once('end', () => {
      received.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
}

const ok: RequestListener = (_request, response) => void response.end();

function post(url: string, more: Partial<Target> = {}): Post {
  const made = new Post({
    url,
    secrets: SECRETS,
    allowedNetworks: ['127.0.0.1'],
    timeoutMs: 5_000,
    parallel: 4,
    ...more,
  });
  ends.push(() => made.close());
  return made;
}
const send = (sender: Post) => sender.send(message, new AbortController().signal);

describe('Post', () => {
  it('delivers the event as it is, signed', async () => {
    const { received, port } = await receiver(ok);
    expect(await send(post(`http://127.0.0.1:${port}/hook?x=1`))).toEqual({ kind: 'delivered' });
    const [{ headers, body }] = received as [(typeof received)[0]];
    expect(body).toBe(message.body);
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const atMs = Number(headers['webhook-timestamp']) * 1_000;
    expect(Math.abs(Date.now() - atMs)).toBeLessThan(60_000);
    expect(headers).toMatchObject(signedHeaders({ ...message, atMs }, SECRETS));
  });

  it('signs with the secrets and believes the authorities that it is told later, from the next try on', async () => {
    const [old, renewed] = [testCertificate({ ca: true }), testCertificate({ ca: true })];
    const tls = createTlsServer({ cert: renewed.certificate, key: renewed.privateKey });
    const { received, port } = await receiver(ok, tls);
    const sender = post(`https://localhost:${port}`, { tlsRootCertificates: old.certificate });
    expect(await send(sender)).toMatchObject({ kind: 'failed' });
    const secrets = [`whsec_${Buffer.alloc(32, 2).toString('base64')}`, ...SECRETS];
    sender.renew({ secrets, tlsRootCertificates: renewed.certificate });
    expect(await send(sender)).toEqual({ kind: 'delivered' });
    const { headers } = received[0]!;
    const atMs = Number(headers['webhook-timestamp']) * 1_000;
    expect(headers).toMatchObject(signedHeaders({ ...message, atMs }, secrets));
  });

  it('tells what the receiver answered, and how long it wants to be left alone', async () => {
    let status = 503;
    const { port } = await receiver((_request, response) => {
      response.writeHead(status, { 'retry-after': '7' }).end('why');
    });
    const sender = post(`http://127.0.0.1:${port}`);
    expect(await send(sender)).toEqual({ kind: 'failed', reason: 'answered 503', retryAfterMs: 7_000 });
    status = 410;
    expect(await send(sender)).toMatchObject({ gone: true });
  });

  it('follows no redirect', async () => {
    const inside = await receiver(ok);
    const { port } = await receiver((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end();
    });
    expect(await send(post(`http://127.0.0.1:${port}`))).toMatchObject({ reason: 'answered 307' });
    expect(inside.received).toEqual([]);
  });

  it('waits only so long for an answer, and reads only so much of it', async () => {
    const silent = await receiver(() => undefined);
    expect(await send(post(`http://127.0.0.1:${silent.port}`, { timeoutMs: 100 }))).toEqual({
      kind: 'failed',
      reason: 'no answer in 100 ms',
    });
    let cut: () => void = () => undefined;
    const wasCut = new Promise<void>((resolve) => (cut = resolve));
    const endless = await receiver((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour).once('close', cut);
      pour();
    });
    expect(await send(post(`http://127.0.0.1:${endless.port}`))).toEqual({ kind: 'delivered' });
    await wasCut;
  });

  it('fails where nobody listens, and when it is called off', async () => {
    expect(await send(post('http://127.0.0.1:1'))).toMatchObject({ reason: 'ECONNREFUSED' });
    const { port } = await receiver(() => undefined);
    const called = new AbortController();
    const sent = post(`http://127.0.0.1:${port}`).send(message, called.signal);
    called.abort();
    expect(await sent).toMatchObject({ kind: 'failed' });
  });
});

describe('Post never gets to an address that is not allowed', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    'localhost',
    '127.0.0.1.',
  ])('be it written as %s', async (host) => {
    const { received, port } = await receiver(ok);
    for (const scheme of ['http', 'https'])
      expect(
        await send(post(`${scheme}://${host}:${port}`, { allowedNetworks: ['10.0.0.0/8'] })),
      ).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(/is not allowed$|ENOTFOUND|EAI_AGAIN/) as string,
      });
    expect(received).toEqual([]);
  });

  it('when its name comes to stand for another address between two deliveries', async () => {
    const { received, port } = await receiver((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end();
    });
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1', '169.254.169.254'], []];
    const sender = post(`http://rebinding.example:${port}`, {
      resolve: (_name, done) => {
        done(
          null,
          (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
        );
      },
    });
    expect(await send(sender)).toEqual({ kind: 'delivered' });
    expect(await send(sender)).toMatchObject({ reason: 'the address 127.0.0.2 is not allowed' });
    // One bad address among several spoils all: which one is connected to would be chance.
    expect(await send(sender)).toMatchObject({ reason: 'the address 169.254.169.254 is not allowed' });
    expect(await send(sender)).toMatchObject({ kind: 'failed' });
    expect(received).toHaveLength(1);
  });

  it('and public ones only over TLS', async () => {
    const resolve: Target['resolve'] = (_name, done) => done(null, [{ address: '8.8.8.8', family: 4 }]);
    expect(await send(post('http://public.example:9', { resolve }))).toMatchObject({
      reason: 'the address 8.8.8.8 is not allowed',
    });
  });
});

describe('Post over TLS', () => {
  it('checks whom it talks to', async () => {
    const { certificate, privateKey } = testCertificate({ ca: true });
    const server = createTlsServer({ cert: certificate, key: privateKey });
    const { received, port } = await receiver(ok, server);
    const known = { tlsRootCertificates: certificate };
    const resolve: Target['resolve'] = (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
    expect(await send(post(`https://localhost:${port}`, { resolve }))).toMatchObject({
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await send(post(`https://other.example:${port}`, { ...known, resolve }))).toMatchObject({
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(received).toEqual([]);
    expect(await send(post(`https://localhost:${port}`, { ...known, resolve }))).toEqual({
      kind: 'delivered',
    });
  });
});

describe('retryAfterMs', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    ['120', 120_000],
    ['999999999', 86_400_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 59_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, 1_000)).toBe(expected);
  });
});
