/** A peer whose TLS certificate comes from another authority than before, and the gateway that has to know it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayOptions } from './gateway-options.js';
import { startGateway, type RunningGateway } from './gateway.js';
import { testCertificate, type TestCertificate } from './testing/certificates.js';
import { FakePeer } from './testing/fake-peer.js';
import { wholeGateway } from './testing/whole-gateway.js';

const BIN = fileURLToPath(new URL('../bin/umlauf-gateway.js', import.meta.url));

let peer: FakePeer;
let before: TestCertificate;
let after: TestCertificate;
let options: GatewayOptions;
let call: Awaited<ReturnType<typeof wholeGateway>>['call'];

beforeEach(async () => {
  ({ peer, tls: before, options, call } = await wholeGateway());
  // OpenSSL tells authorities apart by their names.
  after = testCertificate({ ca: true, commonName: 'the next authority' });
});
afterEach(() => peer.stop());

/** The peer comes back with the other certificate, with the same ledger under the same address. */
async function exchange(): Promise<void> {
  peer.stop();
  peer = await FakePeer.start(after, peer, peer.endpoint);
}

describe('the authorities of a peer', () => {
  let gateway: RunningGateway;
  afterEach(() => gateway.stop());

  const withRoots = (tlsRootCertificates: string): GatewayOptions => ({
    ...options,
    peer: { ...options.peer, tlsRootCertificates },
    timeLimits: { ...options.timeLimits, evaluateMs: 1_000 },
  });
  const status = async () => (await call(`${gateway.url}/api/v1/members`)).status;
  const ready = () =>
    vi.waitFor(async () => expect(await gateway.ready()).toMatchObject({ ready: true }), 10_000);

  it('are those of the last renewal, without a restart; nobody else is believed', async () => {
    gateway = await startGateway(withRoots(before.certificate));
    await ready();
    await exchange();
    expect(await status()).toBe(503);
    gateway.renew(withRoots(after.certificate));
    expect(await status()).toBe(200);
    await ready();
    gateway.renew(withRoots(before.certificate));
    expect(await status()).toBe(503);
  });

  it('may be two while the peer goes over from one to the other', async () => {
    gateway = await startGateway(withRoots(before.certificate));
    gateway.renew(withRoots(before.certificate + after.certificate));
    expect(await status()).toBe(200);
    await exchange();
    await vi.waitFor(async () => expect(await status()).toBe(200), 10_000);
    await ready();
  });
});

describe('a gateway as a process of its own', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let said = '';
  const put = (name: string, content: string) => writeFileSync(join(folder, name), content);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'umlauf-renewal-'));
  });
  afterEach(async () => {
    if (child?.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true });
  });

  async function run(): Promise<string> {
    const { certificate, privateKey } = options.identities.board as TestCertificate;
    put('roots.pem', before.certificate);
    put('board.pem', certificate);
    put('board.key', privateKey);
    put('issuer.json', JSON.stringify(options.tokens?.jwks));
    const configuration = {
      ...options,
      listen: { port: 0 },
      peer: { endpoint: peer.endpoint, tlsRootCertificates: 'roots.pem' },
      identities: { board: { certificate: 'board.pem', privateKey: 'board.key' } },
      tokens: { ...options.tokens, jwks: 'issuer.json' },
      triggers: false,
    };
    // JSON is YAML.
    put('gateway.yaml', JSON.stringify(configuration));
    child = spawn(process.execPath, [BIN, 'run', '--config', join(folder, 'gateway.yaml')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    return vi.waitFor(() => {
      const url = /"url":"(http:[^"]+)"/.exec(said)?.[1];
      if (url === undefined) throw new Error(`it said: ${said}`);
      return url;
    }, 20_000);
  }

  it("goes on with its peer's new authority after SIGHUP, and with what it has where that can't be read", async () => {
    const url = await run();
    const status = async () => (await call(`${url}/api/v1/members`)).status;
    const isReady = () =>
      vi.waitFor(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), 10_000);
    await isReady();
    put('roots.pem', 'no certificate');
    child?.kill('SIGHUP');
    await vi.waitFor(() => expect(said).toContain('callers that it has'), 10_000);
    expect(await status()).toBe(200);
    await exchange();
    expect(await status()).toBe(503);
    put('roots.pem', after.certificate);
    child?.kill('SIGHUP');
    await vi.waitFor(async () => expect(await status()).toBe(200), 10_000);
    await isReady();
    const ended = once(child!, 'exit');
    child?.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
