/** The whole gateway over a connection with TLS, with the unmodified client library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, peer as protos } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type RunningGateway } from './gateway.js';
import type { GatewayOptions } from './gateway-options.js';
import { GatewayOptionsError } from './options.js';
import { createLogger } from './telemetry/log.js';
import { testCertificate } from './testing/certificates.js';
import type { FakePeer } from './testing/fake-peer.js';
import { wholeGateway } from './testing/whole-gateway.js';

let peer: FakePeer;
let options: GatewayOptions;
let gateway: RunningGateway | undefined;
let token: string;
let call: Awaited<ReturnType<typeof wholeGateway>>['call'];

beforeEach(async () => {
  ({ peer, options, token, call } = await wholeGateway());
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  peer.stop();
});

const start = async (more: Partial<GatewayOptions> = {}): Promise<RunningGateway> =>
  (gateway = await startGateway({ ...options, ...more }));

describe('startGateway', () => {
  it('reads and writes through its peer, with the endorsers that the channel asks for', async () => {
    const { url } = await start();
    peer.answer = (transaction, input) =>
      JSON.stringify({ transaction, input: JSON.parse(input) as unknown });
    const read = await call(`${url}/api/v1/members/m-1`);
    expect(await read.json()).toEqual({ transaction: 'members:get', input: { id: 'm-1' } });
    const written = await call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    expect(written.status).toBe(200);
    expect(await written.json()).toEqual({ id: 'm-1' });
    expect(written.headers.get('transaction-id')).toMatch(/^[0-9a-f]{64}$/);
    expect(peer.endorsers).toEqual([['ItdzBerlinMSP', expect.any(String)]]);
  });

  it.each(['blocks arrive', 'the peer has to be asked'])(
    'never answers that it wrote what is another transaction under the id, when %s',
    async (how) => {
      const running = await start();
      if (how === 'blocks arrive')
        await vi.waitFor(async () => expect(await running.ready()).toMatchObject({ ready: true }), 5_000);
      // Of somebody with the same key, who used the same nonce.
      peer.order = (envelope) => {
        const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
        const transaction = protos.Transaction.deserializeBinary(payload.getData_asU8());
        const [action] = transaction.getActionsList();
        const actionPayload = protos.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
        actionPayload.setChaincodeProposalPayload(Buffer.from('another proposal'));
        action!.setPayload(actionPayload.serializeBinary());
        payload.setData(transaction.serializeBinary());
        envelope.setPayload(payload.serializeBinary());
        return envelope;
      };
      const written = await call(`${running.url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
      expect(written.status).toBe(409);
      expect(await written.json()).toMatchObject({
        type: 'urn:umlauf:problem:transaction-invalid',
        data: { validationCode: 9 },
      });
    },
  );

  it('becomes ready, and lets a request wait for the block that a write was answered with', async () => {
    const running = await start();
    await vi.waitFor(
      async () => expect(await running.ready()).toMatchObject({ ready: true, missing: [] }),
      5_000,
    );
    const written = await call(`${running.url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    const block = written.headers.get('block-number')!;
    const read = await call(`${running.url}/api/v1/members`, { headers: { 'min-block': block } });
    expect(read.status).toBe(200);
    expect(BigInt(read.headers.get('block-number')!)).toBeGreaterThanOrEqual(BigInt(block));
  });

  it('signs with renewed keys from one moment to the next, and holds requests while its peer is exchanged', async () => {
    const running = await start();
    const write = () => call(`${running.url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    expect((await write()).status).toBe(200);
    const renewed = testCertificate({ ca: false });
    let released = false;
    let held: Promise<Response> | undefined;
    await running.whileHeld(async () => {
      held = write().then((answer) => {
        expect(released).toBe(true);
        return answer;
      });
      await call(`${running.url}/api/v1/health/live`); // came later and has been answered: it isn't held
      running.renewIdentities({ board: renewed });
      released = true;
    });
    expect((await held!).status).toBe(200);
    expect(peer.creators).toEqual([options.identities.board!.certificate, renewed.certificate]);
    await vi.waitFor(async () => expect(await running.ready()).toMatchObject({ ready: true }), 10_000);
  });

  it('does not wait for a client that keeps its body back', async () => {
    const running = await start();
    const { hostname, port } = new URL(running.url);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    await new Promise<void>((resolve) =>
      slow.write(
        `POST /api/v1/members HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 10\r\n\r\n`,
        () => resolve(),
      ),
    );
    // Sent later over another connection: when it is answered, the slow one has arrived too.
    await call(`${running.url}/api/v1/members`);
    await running.whileHeld(() => Promise.resolve());
    slow.destroy();
  });

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n'],
    [
      'headers beyond all measure',
      `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
  ])('answers %s with a problem too', async (_what, text) => {
    const running = await start();
    const { hostname, port } = new URL(running.url);
    const answer = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.setEncoding('utf8').on('data', (part: string) => (received += part));
      socket.on('error', () => undefined).on('close', () => resolve(received));
    });
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n(?:.*\r\n)*content-type: application\/problem\+json/i,
    );
    expect(answer).toContain('"urn:umlauf:problem:invalid-input"');
    expect((await call(`${running.url}/api/v1/members`)).status).toBe(200);
  });

  it('keeps its keys when the renewed ones are wrong, or of another role', async () => {
    const running = await start();
    const { certificate } = testCertificate({ ca: false });
    const { privateKey } = testCertificate({ ca: false });
    expect(() => running.renewIdentities({ board: { certificate, privateKey } })).toThrow(
      /identities\.board: the private key does not belong/,
    );
    expect(() => running.renewIdentities({ auditor: testCertificate({ ca: false }) })).toThrow(
      /identities\.board: must be there exactly if it was there before/,
    );
    await call(`${running.url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    expect(peer.creators).toEqual([options.identities.board!.certificate]);
  });

  it('reads the configuration again after a config block', async () => {
    const { url } = await start();
    const write = () => call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    await write();
    await write();
    expect(peer.configReads).toBe(1);
    peer.addConfig();
    await vi.waitFor(async () => {
      await write();
      expect(peer.configReads).toBe(2);
    }, 10_000);
  });

  it('goes on over a new connection after a call that never answered, and so do its streams', async () => {
    const { url, ready } = await start({ timeLimits: { evaluateMs: 1_500 } });
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ ready: true }), 10_000);
    peer.answer = () => undefined;
    const hanging = await call(`${url}/api/v1/members`);
    expect(hanging.status).toBe(503);
    expect(await hanging.json()).toMatchObject({
      type: 'urn:umlauf:problem:peer-unavailable',
      data: { mspIds: ['ItdzBerlinMSP'] },
    });
    peer.answer = () => '{"items":[]}';
    expect((await call(`${url}/api/v1/members`)).status).toBe(200);
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ ready: true }), 10_000);
  });

  describe('of a chaincode that fails with a text', () => {
    const ask = (url: string) => call(`${url}/api/v1/members`);
    const write = (url: string) => call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    const answerOf = async (response: Response) => {
      const text = await response.text();
      expect(text.length).toBeLessThan(1_000);
      const { type } = JSON.parse(text) as { type: string };
      return [response.status, type.replace('urn:umlauf:problem:', '')];
    };

    it('of thousands of characters, answers and logs none of them but the first', async () => {
      const lines: string[] = [];
      const logger = createLogger(
        { level: 'warn', format: 'json' },
        { write: (line: string) => lines.push(line) },
      );
      const { url } = await start({ logger });
      peer.refusal = 'x'.repeat(10_000);
      expect(await answerOf(await ask(url))).toEqual([500, 'internal']);
      expect(await answerOf(await write(url))).toEqual([500, 'internal']);
      peer.refusal = JSON.stringify({ code: 'not-found', data: { resource: 'x'.repeat(10_000) } });
      expect(await answerOf(await ask(url))).toEqual([500, 'internal']);
      expect(await answerOf(await write(url))).toEqual([500, 'internal']);
      expect(lines.filter((line) => line.includes('a request failed'))).toHaveLength(4);
      for (const line of lines) expect(line.length).toBeLessThan(20_000);
      peer.refusal = undefined;
      expect([(await ask(url)).status, (await write(url)).status]).toEqual([200, 200]);
    });

    it('of a megabyte, which no client can receive, goes on over a new connection', async () => {
      const { url } = await start({ timeLimits: { evaluateMs: 500, endorseMs: 500, unreachableMs: 0 } });
      peer.refusal = 'x'.repeat(1_000_000);
      expect(await answerOf(await ask(url))).toEqual([503, 'peer-unavailable']);
      peer.refusal = undefined;
      expect([(await ask(url)).status, (await write(url)).status]).toEqual([200, 200]);
      peer.refusal = 'x'.repeat(1_000_000);
      expect(await answerOf(await write(url))).toEqual([503, 'peer-unavailable']);
      peer.refusal = undefined;
      expect([(await ask(url)).status, (await write(url)).status]).toEqual([200, 200]);
    });
  });

  it('has others endorse in the place of a member whose chaincode fails with more than a client can receive', async () => {
    const { url } = await start({ timeLimits: { endorseMs: 500 } });
    peer.refusals.set('BMSP', 'x'.repeat(1_000_000));
    const write = () => call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
    const written = await Promise.all(Array.from({ length: 8 }, write));
    expect(written.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const tries = peer.endorsers.length;
    expect((await Promise.all([write(), write(), write()])).map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
    expect(peer.endorsers.slice(tries)).toEqual(Array.from({ length: 3 }, () => ['ItdzBerlinMSP', 'CMSP']));
  });

  it('answers 503 while its peer is away, and is not ready', async () => {
    const { url, ready } = await start();
    peer.stop();
    const [read, written] = await Promise.all([
      call(`${url}/api/v1/members`),
      call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST' }),
    ]);
    expect([read.status, written.status]).toEqual([503, 503]);
    expect(await ready()).toEqual({ ready: false, missing: ['own-peer'] });
    const health = await fetch(`${url}/health/ready`);
    expect([health.status, await health.json()]).toMatchObject([503, { missing: ['own-peer'] }]);
  });

  it('answers what is under way when it is stopped, then nothing', async () => {
    const { url, stop } = await start({ timeLimits: { evaluateMs: 5_000 } });
    const asked = new Promise<void>((resolve) => {
      peer.answer = () => {
        resolve();
        return undefined;
      };
    });
    const request = call(`${url}/api/v1/members`);
    await asked;
    const stopping = stop();
    peer.stop();
    expect((await request).status).toBe(503);
    await stopping;
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    await expect(stop()).resolves.toBeUndefined();
  });

  it('tells those whose request comes while it stops that it does', async () => {
    const { url, stop } = await start();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const text = new Promise<string>((resolve) => {
      let received = '';
      socket.setEncoding('utf8').on('data', (part: string) => (received += part));
      socket.on('error', () => undefined).on('close', () => resolve(received));
    });
    const headers = `Host: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 2`;
    await new Promise<void>((resolve) =>
      socket.write(`POST /api/v1/members/m-1/withdraw HTTP/1.1\r\n${headers}\r\n\r\n`, () => resolve()),
    );
    // Sent later over another connection: when it is answered, the first has arrived too.
    await call(`${url}/api/v1/members`);
    const stopping = stop();
    socket.write('{}');
    const answer = await text;
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/^connection: close/im);
    expect(answer).toMatch(/^retry-after: 1/im);
    expect(answer).toContain('urn:umlauf:problem:shutting-down');
    await stopping;
    expect(peer.endorsers).toEqual([]);
  });

  it('answers a key after a restart with what was committed before it could be answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'umlauf-gateway-'));
    try {
      const headers = { 'idempotency-key': '"k-1"' };
      const write = (url: string) => call(`${url}/api/v1/members/m-1/withdraw`, { method: 'POST', headers });
      const submitted = new Promise<common.Envelope>((resolve) => {
        peer.order = (envelope) => {
          resolve(envelope);
          return envelope;
        };
      });
      const { url } = await start({
        journal: { folder },
        timeLimits: { settleMs: 1, drainMs: 0, submitMs: 200 },
      });
      peer.losesAnswers = true;
      const lost = write(url).catch(() => undefined);
      await submitted;
      await gateway?.stop();
      await lost;
      peer.losesAnswers = false;
      const again = await start({ journal: { folder } });
      const answer = await vi.waitFor(async () => {
        const response = await write(again.url);
        expect(response.status).toBe(200);
        return response;
      }, 10_000);
      expect(answer.headers.get('transaction-id')).toMatch(/^[0-9a-f]{64}$/);
      expect(await answer.json()).toEqual({ id: 'm-1' });
      expect(peer.endorsers).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses wrong options before it opens anything', async () => {
    await expect(startGateway({ ...options, memberId: 'A', mspId: '' })).rejects.toThrow(GatewayOptionsError);
  });

  it('says when its port is taken', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(startGateway({ ...options, listen: { port } })).rejects.toThrow(/EADDRINUSE/);
  });

  it('writes no token to its log', async () => {
    const { pino } = await import('pino');
    const lines: string[] = [];
    const { url } = await start({
      logger: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    });
    await call(`${url}/api/v1/members`);
    await fetch(`${url}/api/v1/members`, { headers: { authorization: 'Bearer a.secret.c' } });
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('')).not.toContain(token);
    expect(lines.join('')).not.toContain('secret');
  });
});
