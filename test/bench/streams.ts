/** Streams of events: what each costs the gateway, and how soon all have an event. */
import { connect, type Socket } from 'node:net';
import { call, type GatewayAccess } from 'umlauf-network';
import { recordOnly } from '../harness/consortium.js';
import type { GatewayProcess } from '../harness/gateway-process.js';
import { percentile, type Figure } from './measure.js';
import { residentKb, withOwnGateway } from './own-gateway.js';

const ROUNDS = 5;
const OPENED_AT_ONCE = 50;

/** A client that costs little itself: it looks for an id in what it receives. */
class Listener {
  #text = '';
  #found: (() => void) | undefined;
  #wanted = '';

  private constructor(private readonly socket: Socket) {}

  static async open({ url, tokens }: GatewayAccess): Promise<Listener> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    const listener = new Listener(socket);
    socket.setEncoding('latin1').on('data', (part: string) => listener.#take(part));
    const opened = listener.hears('retry:');
    socket.on('error', () => undefined);
    socket.write(
      `GET /api/v1/events?type=resolution.proposed HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${tokens.auditor}\r\n\r\n`,
    );
    await opened;
    return listener;
  }

  /** Resolves as soon as it receives a text. */
  hears(wanted: string): Promise<void> {
    this.#wanted = wanted;
    this.#text = '';
    return new Promise((resolve) => (this.#found = resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  #take(part: string): void {
    if (!this.#found) return;
    this.#text += part;
    if (!this.#text.includes(this.#wanted)) return;
    this.#text = '';
    this.#found();
    this.#found = undefined;
  }
}

/** Measures so many streams at one gateway. */
export function streams(count: number): Promise<Figure[]> {
  return withOwnGateway({ settings: { events: { heartbeatSeconds: 3_600 } } }, ({ gateway, others }) =>
    measure(gateway, others()[0]!, count),
  );
}

async function open(access: GatewayAccess, count: number): Promise<Listener[]> {
  const listeners: Listener[] = [];
  while (listeners.length < count) {
    const most = Math.min(OPENED_AT_ONCE, count - listeners.length);
    listeners.push(...(await Promise.all(Array.from({ length: most }, () => Listener.open(access)))));
  }
  return listeners;
}

async function measure(
  { access, pid }: GatewayProcess,
  writer: GatewayAccess,
  count: number,
): Promise<Figure[]> {
  // What a gateway needs for any number of streams, it has after a few.
  for (const listener of await open(access, OPENED_AT_ONCE * 2)) listener.close();
  const before = residentKb(pid);
  const listeners = await open(access, count);
  try {
    const latencies: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `stream-${round}`;
      const all = Promise.all(listeners.map((listener) => listener.hears(`resolutions/${id}"`)));
      const begin = performance.now();
      await call(writer, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
      await all;
      latencies.push(performance.now() - begin);
    }
    const each = (residentKb(pid) - before) / count;
    return [
      {
        name: `streams of events, ${count} open: memory each`,
        value: each,
        unit: 'kB',
        target: { atMost: 20 },
      },
      {
        name: `streams of events, ${count} open: request to the last of all, median`,
        value: percentile(latencies, 0.5),
        unit: 'ms',
      },
      {
        name: `streams of events, ${count} open: request to the last of all, worst`,
        value: Math.max(...latencies),
        unit: 'ms',
        target: { atMost: 1_000 },
      },
    ];
  } finally {
    for (const listener of listeners) listener.close();
  }
}
