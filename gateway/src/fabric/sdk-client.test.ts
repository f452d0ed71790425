import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkedOptions } from '../options.js';
import { KeyRing } from './key-ring.js';
import { NO_TELEMETRY } from '../telemetry/telemetry.js';
import type { FakePeer } from '../testing/fake-peer.js';
import { wholeGateway } from '../testing/whole-gateway.js';
import { wayToFabric, type FabricWay } from './way.js';

let peer: FakePeer;
let way: FabricWay;
beforeEach(async () => {
  const gateway = await wholeGateway();
  peer = gateway.peer;
  const options = checkedOptions(gateway.options);
  const identities = await new KeyRing().proven(options.identities);
  way = wayToFabric(options, identities, NO_TELEMETRY, pino({ level: 'silent' }));
});
afterEach(() => {
  way.client.close();
  peer.stop();
});

const SHORT_MS = 200;

describe('a call that runs to its deadline', () => {
  it('has the connection opened anew when the own peer was asked', async () => {
    peer.silent.add('ItdzBerlinMSP');
    await expect(way.lookup.height(undefined, SHORT_MS)).rejects.toMatchObject({ code: 4 });
    expect(way.connection.generation).toBe(1);
  });

  it("tells nothing about the connection when another member's peer was asked", async () => {
    peer.silent.add('BMSP');
    await expect(way.lookup.height('BMSP', SHORT_MS)).rejects.toMatchObject({ code: 4 });
    expect(way.connection.generation).toBe(0);
    expect(await way.lookup.height()).toBe(5n);
  });

  it("leaves the own peer's answers alone when another member's was too large to be received", async () => {
    peer.refusals.set('BMSP', 'x'.repeat(1_000_000));
    const asked = { transaction: 'members:list', arguments: ['{}'] };
    await expect(way.client.evaluate(asked, { mspId: 'BMSP', deadlineMs: SHORT_MS })).rejects.toMatchObject({
      code: 4,
    });
    expect(Buffer.from(await way.client.evaluate(asked)).toString()).toBe('{"items":[]}');
    expect(way.connection.generation).toBe(0);
  });

  it('leaves no connection behind that another answer got stuck', async () => {
    const asked = { transaction: 'members:list', arguments: ['{}'] };
    await way.client.evaluate(asked);
    const sockets = () =>
      process.getActiveResourcesInfo().filter((kind) => /^(TCPSocket|TLS)Wrap$/.test(kind)).length;
    const before = sockets();
    peer.refusals.set('BMSP', 'x'.repeat(1_000_000));
    const aside = { mspId: 'BMSP', deadlineMs: SHORT_MS };
    await Promise.all([1, 2, 3].map(() => way.client.evaluate(asked, aside).catch(() => undefined)));
    expect(sockets()).toBeGreaterThan(before);
    await vi.waitFor(() => expect(sockets()).toBe(before), { timeout: 20_000, interval: 100 });
  });
});
