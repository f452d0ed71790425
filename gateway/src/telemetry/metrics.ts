/** What Prometheus is told. No label has values that a caller can choose. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { DOUBTS, RETRIES, type Observer } from './observer.js';
import type { AnsweredRequest } from './request.js';
import { MOST_LETTERS, type MetricSources } from './sources.js';

const PREFIX = 'umlauf_gateway_';
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
const STEP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly observer: Observer;

  constructor() {
    const registers = [this.#registry];
    // Node's own: processor, memory, event loop, garbage collection.
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: `${PREFIX}request_duration_seconds`,
      help: 'Time to the end of the answer; status "aborted" where the client did not wait for it',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    const steps = new Histogram({
      name: `${PREFIX}step_duration_seconds`,
      help: 'Time of a step on the way to Fabric',
      labelNames: ['step', 'outcome'],
      buckets: STEP_SECONDS,
      registers,
    });
    const retries = new Counter({
      name: `${PREFIX}retries_total`,
      help: 'Transactions that were proposed or endorsed again',
      labelNames: ['reason'],
      registers,
    });
    const doubts = new Counter({
      name: `${PREFIX}settled_total`,
      help: 'What became of transactions whose outcome was in doubt',
      labelNames: ['outcome'],
      registers,
    });
    // Series that begin with their first event look to Prometheus as if it had never happened.
    for (const reason of RETRIES) retries.inc({ reason }, 0);
    for (const outcome of DOUBTS) doubts.inc({ outcome }, 0);
    this.observer = {
      step: async (step, work) => {
        const stop = steps.startTimer({ step });
        try {
          const done = await work();
          stop({ outcome: 'ok' });
          return done;
        } catch (error) {
          stop({ outcome: 'failed' });
          throw error;
        }
      },
      retried: (reason) => retries.inc({ reason }),
      settled: (outcome) => doubts.inc({ outcome }),
    };
  }

  answered({ method, route, status, complete, seconds }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status: complete ? status : 'aborted' }, seconds);
  }

  /** Has these asked each time that metrics are read. */
  watch(sources: MetricSources): void {
    const gauge = (
      name: string,
      help: string,
      value: () => number | Promise<number | undefined> | undefined,
    ) =>
      new Gauge({
        name: PREFIX + name,
        help,
        registers: [this.#registry],
        async collect() {
          const now = await value();
          if (now === undefined) this.reset();
          else this.set(now);
        },
      });
    gauge('ready', '1 if it can do its work', async () => ((await sources.ready()).ready ? 1 : 0));
    gauge('block_height_peer', 'Blocks that its peer has', () => sources.peerHeight());
    gauge('block_height_seen', 'Blocks up to the last that came through the stream of blocks', () =>
      sources.seenHeight(),
    );
    gauge('last_block_age_seconds', 'Since the last block came through the stream of blocks', () =>
      sources.lastBlockAgeSeconds(),
    );
    gauge('block_stream_connected', '1 if blocks arrive', () => (sources.connected() ? 1 : 0));
    gauge('event_streams', 'Open streams of events', () => sources.streams());
    gauge('journal_open', 'Writes in the journal without an answer: under way or in doubt', () =>
      sources.journalOpen(),
    );
    gauge('journal_writable', '1 if the journal could be written when that was tried last', () =>
      sources.journalWorks() ? 1 : 0,
    );
    this.#each('peer_in_use', '1 for the peer that is used', ['peer'], () =>
      sources.peers().map(({ endpoint, inUse }) => [{ peer: endpoint }, inUse ? 1 : 0]),
    );
    this.#each('missing', 'What is missing to be ready', ['what'], async () =>
      (await sources.ready()).missing.map((what) => [{ what }, 1]),
    );
    this.#each('webhook_pending', 'Events on their way to a webhook', ['webhook'], () =>
      sources.webhooks().map(({ id, state }) => [{ webhook: id }, state.pending]),
    );
    this.#each(
      'webhook_dead_letters',
      `Events that a webhook was not told of; ${MOST_LETTERS} for more`,
      ['webhook'],
      async () => (await sources.deadLetters()).map(({ id, count }) => [{ webhook: id }, count]),
    );
    this.#each('webhook_failing', 'Resources of which an event is tried again', ['webhook'], () =>
      sources.webhooks().map(({ id, state }) => [{ webhook: id }, state.failing?.resources ?? 0]),
    );
    this.#each(
      'certificate_expiry_timestamp_seconds',
      'When a certificate expires, since the epoch',
      ['kind', 'name'],
      () => sources.expiries().map(({ kind, name, atMs }) => [{ kind, name }, atMs / 1_000]),
    );
  }

  #each<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    values: () =>
      (readonly [Record<L, string>, number])[] | Promise<(readonly [Record<L, string>, number])[]>,
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.#registry],
      async collect() {
        const now = await values();
        this.reset();
        for (const [labels, value] of now) this.set(labels as Partial<Record<L, string>>, value);
      },
    });
  }

  /** All of them, in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
