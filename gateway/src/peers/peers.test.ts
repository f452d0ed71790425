/** A whole gateway with two peers of its organization, over connections with TLS. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayOptions } from '../gateway-options.js';
import { startGateway, type RunningGateway } from '../gateway.js';
import { FakePeer } from '../testing/fake-peer.js';
import { wholeGateway } from '../testing/whole-gateway.js';

let first: FakePeer;
let second: FakePeer;
let options: GatewayOptions;
let call: Awaited<ReturnType<typeof wholeGateway>>['call'];
let gateway: RunningGateway;

beforeEach(async () => {
  const whole = await wholeGateway();
  ({ peer: first, options, call } = whole);
  second = await FakePeer.start(whole.tls, first);
  first.answer = () => '{"items":["first"]}';
  second.answer = () => '{"items":["second"]}';
  const { tlsRootCertificates } = options.peer;
  gateway = await startGateway({
    ...options,
    furtherPeers: [{ endpoint: second.endpoint, tlsRootCertificates }],
    metrics: { port: 0 },
    timeLimits: { unreachableMs: 2_000, settleMs: 2_000 },
    reads: { cacheMegabytes: 0 },
  });
  await vi.waitFor(async () => expect(await gateway.ready()).toMatchObject({ ready: true, peer: 1 }), 5_000);
});
afterEach(async () => {
  await gateway.stop();
  first.stop();
  second.stop();
});

const read = () => call(`${gateway.url}/api/v1/members`);
const write = () => call(`${gateway.url}/api/v1/members/m-1/withdraw`, { method: 'POST' });
const readyOn = (peer: number) =>
  vi.waitFor(async () => expect(await gateway.ready()).toMatchObject({ ready: true, peer }), 5_000);

describe('a gateway with two peers', () => {
  it('asks the first alone while that answers', async () => {
    expect(await (await read()).json()).toEqual({ items: ['first'] });
    expect((await write()).status).toBe(200);
    expect(second.creators).toEqual([]);
  });

  it('goes on with the other when the first is gone: no read and no write fails, and it says so', async () => {
    first.stop();
    const [members, written] = await Promise.all([read(), write()]);
    expect(await members.json()).toEqual({ items: ['second'] });
    expect(written.status).toBe(200);
    expect(first.creators).toEqual([]);
    await readyOn(2);
    const health = await (await fetch(`${gateway.url}/health/ready`)).json();
    expect(health).toMatchObject({ status: 'ready', peer: 2 });
    const metrics = await (await fetch(gateway.metricsUrl!)).text();
    expect(metrics).toContain(`umlauf_gateway_peer_in_use{peer="${first.endpoint}"} 0`);
    expect(metrics).toContain(`umlauf_gateway_peer_in_use{peer="${second.endpoint}"} 1`);
  });

  it('finds out at the other what became of what the first took with it, and sends it no second time', async () => {
    const before = first.height;
    first.losesAnswers = true;
    first.onSubmit = () => setImmediate(() => first.stop());
    const written = await write();
    expect(written.status).toBe(200);
    expect(written.headers.get('transaction-id')).toMatch(/^[0-9a-f]{64}$/);
    expect([first.creators.length, second.creators.length]).toEqual([1, 0]);
    expect(second.height).toBe(before + 1);
  });

  it('follows the blocks there that have come meanwhile', async () => {
    first.stop();
    second.addConfig();
    second.addConfig();
    const lastBlock = async () => Number((await read()).headers.get('block-number'));
    await vi.waitFor(async () => expect(await lastBlock()).toBe(second.height - 1), 5_000);
    await readyOn(2);
  });

  it('waits for one that has fewer blocks than it has told of to get them', async () => {
    second.behind = 1;
    const block = (await write()).headers.get('block-number');
    first.stop();
    second.answer = () => {
      second.behind = 0;
      return '{"items":["second"]}';
    };
    const members = await read();
    expect(await members.json()).toEqual({ items: ['second'] });
    expect(members.headers.get('block-number')).toBe(block);
  });
});
