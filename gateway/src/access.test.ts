/** Who may call the whole gateway, over TLS, with client certificates and tokens of an issuer that is asked for its keys. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type RunningGateway } from './gateway.js';
import type { GatewayOptions } from './gateway-options.js';
import { GatewayOptionsError } from './options.js';
import { testCertificate, type TestCertificate } from './testing/certificates.js';
import { FakeIssuer } from './testing/fake-issuer.js';
import { FakePeer } from './testing/fake-peer.js';
import { askOverTls } from './testing/tls-client.js';

const CLIENTS = 'clients of ITDZ Berlin';
const REGISTER = 'urn:umlauf:register';

let peer: FakePeer;
let issuer: FakeIssuer;
let authority: TestCertificate;
let options: GatewayOptions;
let gateway: RunningGateway;
let folder: string;

const issued = (more: object = {}) =>
  testCertificate({
    ca: false,
    commonName: 'register',
    uri: REGISTER,
    issuer: { ...authority, commonName: CLIENTS },
    ...more,
  });
const thumbprint = ({ certificate }: TestCertificate) =>
  Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex').toString(
    'base64url',
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-access-'));
  const tls = testCertificate({ ca: true });
  authority = testCertificate({ ca: true, commonName: CLIENTS });
  [peer, issuer] = await Promise.all([FakePeer.start(tls), FakeIssuer.start()]);
  options = {
    memberId: 'itdz-berlin',
    mspId: 'ItdzBerlinMSP',
    channel: 'umlauf',
    chaincode: 'umlauf',
    listen: { tls: testCertificate({ ca: false }) },
    peer: { endpoint: peer.endpoint, tlsRootCertificates: tls.certificate },
    identities: { board: testCertificate({ ca: false }), auditor: testCertificate({ ca: false }) },
    auth: {
      issuers: [{ issuer: issuer.issuer, audience: 'itdz-berlin' }],
      certificates: {
        authorities: authority.certificate,
        rules: [{ name: `URI:${REGISTER}`, roles: ['board'] }],
      },
    },
    audit: { file: join(folder, 'audit.log') },
    triggers: false,
  };
});
afterEach(async () => {
  await gateway.stop();
  issuer.stop();
  peer.stop();
  rmSync(folder, { recursive: true });
});

interface Proof {
  readonly certificate?: TestCertificate;
  readonly token?: string;
  readonly key?: string;
}
async function ask({ certificate, token, key }: Proof, path = '/members', method = 'GET') {
  const answer = await askOverTls(
    `${gateway.url}/api/v1${path}`,
    certificate ? { cert: certificate.certificate, key: certificate.privateKey } : {},
    {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    },
  );
  const { data } = answer.body as { data?: { reason?: string } };
  return { ...answer, said: data?.reason ?? answer.status };
}
async function stream(more: RequestOptions): Promise<IncomingMessage> {
  const asked = request(`${gateway.url}/api/v1/events`, { agent: false, rejectUnauthorized: false, ...more });
  const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
  return answer;
}
const withAuth = (more: object): GatewayOptions => ({ ...options, auth: { ...options.auth, ...more } });
const board = { roles: ['board'] };

describe('mutual TLS', () => {
  it('lets in who has a certificate that a rule names, by TLS 1.3; health needs none', async () => {
    gateway = await startGateway(options);
    expect(gateway.url).toMatch(/^https:/);
    expect(await ask({ certificate: issued() })).toMatchObject({ status: 200, protocol: 'TLSv1.3' });
    expect(await ask({})).toMatchObject({ said: 'missing' });
    expect(await ask({}, '/health/live')).toMatchObject({ status: 200 });
    expect(await ask({ certificate: issued({ uri: 'urn:umlauf:another' }) })).toMatchObject({ status: 403 });
    await expect(askOverTls(`${gateway.url}/health/live`, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });

  it('lets in nobody whose certificate no configured authority vouches for', async () => {
    gateway = await startGateway(options);
    const stranger = testCertificate({ ca: true, commonName: CLIENTS });
    for (const certificate of [
      issued({ issuer: { ...stranger, commonName: CLIENTS } }),
      testCertificate({ ca: false, commonName: 'register', uri: REGISTER }),
      issued({ notAfter: '20210101000000Z' }),
    ])
      expect((await ask({ certificate })).said).toMatch(/^the client certificate is not valid: [A-Z_]+$/);
  });

  it('judges the certificate of each connection: none is resumed', async () => {
    gateway = await startGateway(options);
    const { hostname, port } = new URL(gateway.url);
    const { certificate: cert, privateKey: key } = issued();
    const connected = (session?: Buffer) =>
      new Promise<{ readonly isReused: boolean; readonly session: Buffer | undefined }>((resolve, reject) => {
        let latest: Buffer | undefined;
        let isReused = true;
        const socket = connectTls({
          host: hostname,
          port: Number(port),
          rejectUnauthorized: false,
          cert,
          key,
          ...(session ? { session } : {}),
        });
        socket.on('session', (given: Buffer) => (latest = given));
        socket.on('error', reject).on('secureConnect', () => {
          isReused = socket.isSessionReused();
          socket.resume().end('GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
        });
        socket.on('close', () => resolve({ isReused, session: latest }));
      });
    const { session } = await connected();
    expect(await connected(session)).toMatchObject({ isReused: false });
  });

  it('with a token allows what both allow, and takes a token that is bound to its certificate alone', async () => {
    gateway = await startGateway(options);
    const certificate = issued();
    const token = await issuer.token({ roles: ['board', 'auditor'] });
    expect(await ask({ token })).toMatchObject({ status: 200 });
    expect(await ask({ token, certificate })).toMatchObject({ status: 200 });
    expect(await ask({ token: await issuer.token({ roles: ['auditor'] }), certificate })).toMatchObject({
      status: 403,
    });
    const bound = await issuer.token({ ...board, cnf: { 'x5t#S256': thumbprint(certificate) } });
    expect(await ask({ token: bound, certificate })).toMatchObject({ status: 200 });
    for (const proof of [{ token: bound }, { token: bound, certificate: issued() }])
      expect((await ask(proof)).said).toBe('bound to a certificate that the connection does not have');
    expect((await ask({ token: `${bound}x`, certificate })).said).toBe('wrong signature');
  });

  it('lets nobody in without both where both are required', async () => {
    gateway = await startGateway(withAuth({ require: 'both' }));
    const certificate = issued();
    const token = await issuer.token(board);
    expect((await ask({ certificate })).said).toBe('missing');
    expect((await ask({ token })).said).toBe('the connection has no client certificate');
    expect(await ask({ token, certificate })).toMatchObject({ status: 200 });
  });

  it("answers nobody with what another's key was answered, however they prove who they are", async () => {
    const other = await FakeIssuer.start();
    try {
      const issuers = [issuer, other].map(({ issuer: url }) => ({ issuer: url, audience: 'itdz-berlin' }));
      gateway = await startGateway(withAuth({ issuers }));
      const certificate = issued();
      const proofs: Proof[] = [
        { token: await issuer.token(board) },
        { token: await other.token(board) },
        { token: await issuer.token({ ...board, sub: undefined, client_id: 'somebody' }) },
        { certificate },
        { certificate, token: await issuer.token(board) },
      ];
      for (const [index, proof] of proofs.entries())
        expect(await ask({ ...proof, key: '"k-1"' }, `/members/m-${index}/withdraw`, 'POST')).toMatchObject({
          status: 200,
          body: { id: `m-${index}` },
        });
      expect(await ask({ ...proofs[0], key: '"k-1"' }, '/members/m-9/withdraw', 'POST')).toMatchObject({
        status: 422,
      });
    } finally {
      other.stop();
    }
  });
});

describe('a gateway that goes on with another configuration', () => {
  it('proves itself anew and knows other callers, without a restart', async () => {
    gateway = await startGateway(options);
    const before = await ask({}, '/health/live');
    const listen = { tls: testCertificate({ ca: false }) };
    const certificates = {
      authorities: testCertificate({ ca: true, commonName: CLIENTS }).certificate,
      rules: [{ any: true as const, roles: ['board' as const] }],
    };
    gateway.renew({ ...options, listen, auth: { certificates } });
    const after = await ask({}, '/health/live');
    expect(after.server).toBe(new X509Certificate(listen.tls.certificate).fingerprint256);
    expect(after.server).not.toBe(before.server);
    expect((await ask({ certificate: issued() })).said).toMatch(/^the client certificate is not valid/);
    expect((await ask({ token: await issuer.token(board) })).said).toBe('wrong or missing claim iss');
  });

  it('cuts off whose stream of events is open: who may still call comes back, who may not does not', async () => {
    gateway = await startGateway(options);
    const [client, token] = [issued(), await issuer.token(board)];
    const ofCertificate = await stream({ cert: client.certificate, key: client.privateKey });
    const ofToken = await stream({ headers: { authorization: `Bearer ${token}` } });
    gateway.renew(
      withAuth({
        certificates: {
          authorities: authority.certificate,
          rules: [{ name: 'URI:urn:x', roles: ['board'] }],
        },
      }),
    );
    await Promise.all([text(ofCertificate), text(ofToken)]);
    expect(await ask({ certificate: client }, '/events')).toMatchObject({ status: 403 });
    const back = await stream({ headers: { authorization: `Bearer ${token}` } });
    expect(back.statusCode).toBe(200);
    back.destroy();
  });

  describe('on connections that were open before', () => {
    const READ = 'GET /api/v1/members HTTP/1.1\r\nHost: a\r\n\r\n';
    const renew = () => {
      const next = testCertificate({ ca: true, commonName: CLIENTS });
      gateway.renew(
        withAuth({
          certificates: {
            authorities: next.certificate,
            rules: [{ name: `URI:${REGISTER}`, roles: ['board'] }],
          },
        }),
      );
    };
    /** A connection with a certificate that was vouched for, and all that comes on it until it is closed. */
    async function connection() {
      const { hostname, port } = new URL(gateway.url);
      const { certificate: cert, privateKey: key } = issued();
      const socket = connectTls({
        ...{ host: hostname, port: Number(port), cert, key },
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const received = text(socket);
      return { socket, answers: async () => (await received).split('HTTP/1.1 ').slice(1) };
    }

    it('finishes the answer that is under way, and takes no other request', async () => {
      gateway = await startGateway(options);
      const { socket, answers } = await connection();
      let reads = 0;
      peer.answer = () => {
        reads += 1;
        renew();
        socket.write(READ);
        return '{"items":[]}';
      };
      socket.write(READ);
      const [answer, ...others] = await answers();
      expect(answer).toMatch(/^200 /);
      expect(others).toEqual([]);
      expect(reads).toBe(1);
    });

    it('takes no request where there has been none yet', async () => {
      gateway = await startGateway(options);
      const { socket, answers } = await connection();
      renew();
      socket.write(READ);
      expect(await answers()).toEqual([]);
    });
  });

  it('stays as it was when that is wrong', async () => {
    gateway = await startGateway(options);
    const { certificate } = testCertificate({ ca: false });
    const { privateKey } = testCertificate({ ca: false });
    expect(() => gateway.renew({ ...options, listen: { tls: { certificate, privateKey } } })).toThrow(
      /listen\.tls: the private key does not belong/,
    );
    expect(() =>
      gateway.renew({ ...options, listen: {}, auth: { issuers: options.auth!.issuers! } }),
    ).toThrow(GatewayOptionsError);
    expect(await ask({ certificate: issued() })).toMatchObject({ status: 200 });
  });
});

describe('an issuer that is away', () => {
  it('is named where the gateway says whether it is ready, and makes nobody else wait', async () => {
    gateway = await startGateway(options);
    issuer.isAway = true;
    expect(await ask({ token: await issuer.token(board) })).toMatchObject({
      status: 503,
      body: { type: 'urn:umlauf:problem:issuer-unavailable', data: { retryAfter: 30 } },
    });
    expect(await ask({ certificate: issued() })).toMatchObject({ status: 200 });
    expect(await gateway.ready()).toMatchObject({ issuersAway: [issuer.issuer] });
    expect((await ask({}, '/health/ready')).body).toMatchObject({ issuersAway: [issuer.issuer] });
  });
});

describe('the audit log', () => {
  it('tells who was let in and who was not, without a token', async () => {
    gateway = await startGateway(options);
    const token = await issuer.token({ ...board, sub: 'a\n{"decision":"allow"}\u202e' });
    await ask({ token, key: '"k-1"' }, '/members/m-1/withdraw', 'POST');
    await ask({ token: `${token}x` }, '/members/m-1');
    const text = readFileSync(join(folder, 'audit.log'), 'utf8');
    expect(text.split('\n')).toHaveLength(3);
    expect(text).not.toMatch(/[^\n -~]/);
    expect(text).not.toContain(token.split('.')[2]);
    const [allowed, denied] = text
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line) as object);
    expect(allowed).toMatchObject({
      decision: 'allow',
      caller: `token ${issuer.issuer} sub a\n{"decision":"allow"}\u202e`,
      route: '/api/v1/members/{id}/withdraw',
      role: 'board',
    });
    expect(denied).toMatchObject({
      decision: 'deny',
      route: '/api/v1/members/{id}',
      reason: 'wrong signature',
      problem: 'urn:umlauf:problem:unauthenticated',
    });
  });
});

describe('slow clients', () => {
  const slowly = (text: string, tls: boolean): Promise<string> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(gateway.url);
      const socket = tls
        ? connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false }, () =>
            socket.write(text),
          )
        : connect(Number(port), hostname, () => socket.write(text));
      let received = '';
      socket.setEncoding('utf8').on('data', (part: string) => (received += part));
      socket.on('error', () => undefined).on('close', () => resolve(received));
    });

  it('are cut off with a problem when headers or body do not come', async () => {
    gateway = await startGateway({ ...options, timeLimits: { headersMs: 200, requestMs: 400 } });
    const token = await issuer.token(board);
    const [headers, body] = await Promise.all([
      slowly('GET /api/v1/members HTTP/1.1\r\nHost: a\r\n', true),
      slowly(
        `POST /api/v1/members HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 10\r\n\r\n{`,
        true,
      ),
    ]);
    for (const answer of [headers, body]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toContain('urn:umlauf:problem:request-timeout');
    }
  });

  it('are cut off when they do not agree on TLS, and hold up no stop', async () => {
    gateway = await startGateway({ ...options, timeLimits: { handshakeMs: 200 } });
    expect(await slowly('', false)).toBe('');
    await gateway.stop();
    gateway = await startGateway({ ...options, timeLimits: { handshakeMs: 600_000, drainMs: 100 } });
    const slow = slowly('', false);
    expect(await ask({}, '/health/live')).toMatchObject({ status: 200 });
    await gateway.stop();
    expect(await slow).toBe('');
  });
});

describe('requests of nobody known', () => {
  it('are limited for each address; whoever was verified before goes on', async () => {
    gateway = await startGateway({ ...options, strangersPerMinute: 3 });
    const token = await issuer.token(board);
    expect((await ask({ token })).status).toBe(200);
    for (let index = 0; index < 3; index += 1) expect((await ask({ token: 'a.b.c' })).status).toBe(401);
    expect((await ask({ token: 'a.b.c' })).status).toBe(429);
    expect((await ask({ token: await issuer.token({ ...board, sub: 'new' }) })).status).toBe(429);
    expect((await ask({ token })).status).toBe(200);
    expect((await ask({}, '/health/live')).status).toBe(200);
  });
});
