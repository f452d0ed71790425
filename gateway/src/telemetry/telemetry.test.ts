/** What a whole gateway tells of itself: metrics, traces, log. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type RunningGateway } from '../gateway.js';
import type { GatewayOptions } from '../gateway-options.js';
import { wholeGateway } from '../testing/whole-gateway.js';
import { createLogger } from './log.js';

let whole: Awaited<ReturnType<typeof wholeGateway>>;
let gateway: RunningGateway | undefined;
beforeEach(async () => {
  whole = await wholeGateway();
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  whole.peer.stop();
});

async function start(more: Partial<GatewayOptions>): Promise<RunningGateway> {
  const running = (gateway = await startGateway({ ...whole.options, ...more }));
  await vi.waitFor(async () => expect((await running.ready()).ready).toBe(true), 5_000);
  return running;
}

const WITHDRAW = '/api/v1/members/m-1/withdraw';

describe('metrics', () => {
  const read = async (running: RunningGateway) => (await fetch(running.metricsUrl!)).text();

  it('count requests by template, steps, doubts, heights and certificates, for those who may listen', async () => {
    const running = await start({ metrics: { port: 0 } });
    await whole.call(`${running.url}/api/v1/members/m-1`);
    await whole.call(`${running.url}${WITHDRAW}`, { method: 'POST' });
    await fetch(`${running.url}/whatever/${'x'.repeat(20)}`);
    await fetch(`${running.url}/api/v1/resolutions/r-1`);
    const text = await read(running);
    const label = 'umlauf_gateway_request_duration_seconds_count';
    expect(text).toContain(`${label}{method="GET",route="/api/v1/members/{id}",status="200"} 1`);
    expect(text).toContain(`${label}{method="POST",route="/api/v1/members/{id}/withdraw",status="200"} 1`);
    expect(text).toContain(`${label}{method="GET",route="unknown",status="404"} 1`);
    expect(text).toContain(`${label}{method="GET",route="/api/v1/resolutions/{id}",status="401"} 1`);
    for (const step of ['endorse', 'submit', 'commit'])
      expect(text).toContain(`umlauf_gateway_step_duration_seconds_count{step="${step}",outcome="ok"} 1`);
    expect(text).toContain('umlauf_gateway_settled_total{outcome="valid"} 0');
    expect(text).toContain('umlauf_gateway_retries_total{reason="conflict"} 0');
    expect(text).toContain('umlauf_gateway_ready 1');
    expect(text).toContain('umlauf_gateway_block_height_peer 6');
    expect(text).toContain('umlauf_gateway_block_height_seen 6');
    expect(text).toContain('umlauf_gateway_journal_open 0');
    const ends = Date.parse(new X509Certificate(whole.options.identities.board!.certificate).validTo) / 1_000;
    expect(text).toContain(`certificate_expiry_timestamp_seconds{kind="identity",name="board"} ${ends}\n`);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('m-1');
    expect((await fetch(`${running.url}/metrics`)).status).toBe(404);
    expect((await fetch(running.metricsUrl!.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(running.metricsUrl!, { method: 'POST' })).status).toBe(405);
  });

  it('tell of a doubtful outcome while it is one, and what became of it', async () => {
    const running = await start({
      metrics: { port: 0 },
      timeLimits: { unreachableMs: 0, submitMs: 200, commitStatusMs: 200, settleMs: 5_000 },
    });
    whole.peer.losesAnswers = true;
    const written = await whole.call(`${running.url}${WITHDRAW}`, {
      method: 'POST',
      headers: { 'idempotency-key': '"a"' },
    });
    expect(written.status).toBe(200);
    const text = await read(running);
    expect(text).toContain('umlauf_gateway_settled_total{outcome="valid"} 1');
    expect(text).toContain('step_duration_seconds_count{step="submit",outcome="failed"} 1');
  });

  it('say which certificates have expired, as readiness does', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2300-01-01') });
    try {
      const running = (gateway = await startGateway({ ...whole.options, metrics: { port: 0 } }));
      const { ready, missing } = await running.ready();
      expect(ready).toBe(false);
      expect(missing).toContain('certificates');
      expect(await read(running)).toContain('umlauf_gateway_missing{what="certificates"} 1');
    } finally {
      vi.useRealTimers();
    }
  });

  it('listen nowhere unless asked for', async () => {
    expect((await start({})).metricsUrl).toBeUndefined();
  });
});

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

/** A collector of traces, OTLP over HTTP in JSON. */
class Collector {
  readonly spans: ReceivedSpan[] = [];
  #text = '';
  readonly #server: Server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString();
      this.#text += body;
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      for (const { scopeSpans } of resourceSpans)
        for (const { spans } of scopeSpans) this.spans.push(...spans);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    })();
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await once(collector.#server.listen(0, '127.0.0.1'), 'listening');
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  /** All that was received. */
  get text(): string {
    return this.#text;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('traces', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const PARENT = 'b7ad6b7169203331';
  let collector: Collector;
  beforeEach(async () => {
    collector = await Collector.start();
  });
  afterEach(async () => {
    await gateway?.stop();
    collector.stop();
  });

  it('go on with the trace of the caller, from the request to the commit, and on to the peer', async () => {
    const running = await start({ traces: { endpoint: collector.endpoint } });
    const write = await whole.call(`${running.url}${WITHDRAW}`, {
      method: 'POST',
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    expect(write.status).toBe(200);
    await gateway!.stop();
    const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
    const request = spans.find(({ name }) => name === 'POST /api/v1/members/{id}/withdraw')!;
    expect(request.parentSpanId).toBe(PARENT);
    for (const name of ['authenticate', 'authorize', 'endorse', 'submit', 'commit'])
      expect(spans.find((span) => span.name === name)).toMatchObject({ parentSpanId: request.spanId });
    expect(whole.peer.traceparents.filter((header) => header.includes(TRACE)).length).toBeGreaterThanOrEqual(
      2,
    );
    expect(whole.peer.traceparents).toContain(
      `00-${TRACE}-${spans.find(({ name }) => name === 'endorse')!.spanId}-01`,
    );
    // Nothing that nobody asked for, and nothing of what was asked.
    expect(collector.spans.every(({ traceId }) => traceId === TRACE)).toBe(true);
    expect(collector.text).not.toContain(whole.token);
    expect(collector.text).not.toContain('m-1');
  });

  it('have their id in problems and in the log', async () => {
    const lines: string[] = [];
    const logger = createLogger(
      { level: 'info', format: 'json' },
      { write: (line: string) => void lines.push(line) },
    );
    const running = await start({ traces: { endpoint: collector.endpoint }, logger });
    const refused = await fetch(`${running.url}/api/v1/members`, {
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    expect(await refused.json()).toMatchObject({ status: 401, traceId: TRACE });
    const unreadable = await fetch(`${running.url}/api/v1/members`, { headers: { traceparent: 'nonsense' } });
    expect(await unreadable.json()).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    await vi.waitFor(() => {
      const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(told).toContainEqual(expect.objectContaining({ msg: 'request', status: 401, traceId: TRACE }));
    });
  });

  it('are sent where the standard variables say', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', collector.endpoint);
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=trial');
    try {
      const running = await start({});
      await whole.call(`${running.url}/api/v1/members/m-1`);
      await gateway!.stop();
    } finally {
      vi.unstubAllEnvs();
    }
    expect(collector.spans.map(({ name }) => name)).toContain('evaluate');
    expect(collector.text).toContain('trial');
  });
});

describe('the log of a gateway', () => {
  it('has one line for each request, with its id and template and nothing of what it carried', async () => {
    const lines: string[] = [];
    const logger = createLogger(
      { level: 'info', format: 'json' },
      { write: (line: string) => void lines.push(line) },
    );
    const running = await start({ logger });
    const answer = await whole.call(
      `${running.url}/api/v1/members/m-1?access_token=${whole.token}&b=%0a%1b[2J`,
    );
    expect(answer.status).toBe(400);
    const told = () =>
      lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request');
    await vi.waitFor(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatchObject({
      requestId: answer.headers.get('request-id'),
      method: 'GET',
      route: '/api/v1/members/{id}',
      status: 400,
      complete: true,
    });
    expect(((await answer.json()) as { requestId: string }).requestId).toBe(answer.headers.get('request-id'));
    for (const secret of [whole.token, 'm-1', 'access_token', 'Bearer'])
      expect(lines.join('')).not.toContain(secret);
  });
});
