/** What tells others how a gateway fares; each part is loaded only where it is asked for. */
import type { Logger } from 'pino';
import type { CheckedOptions } from '../options.js';
import type { Metrics } from './metrics.js';
import { observers, type Observer } from './observer.js';
import type { Tracing } from './tracing.js';

export interface Telemetry {
  readonly observer: Observer;
  readonly metrics?: Metrics;
  readonly tracing?: Tracing;
  /** Sends what hasn't been sent. */
  readonly close: () => Promise<void>;
}

/** Where nobody listens. */
export const NO_TELEMETRY: Telemetry = { observer: observers([]), close: () => Promise.resolve() };

export async function openTelemetry(
  { metrics: wantsMetrics, traces, memberId }: CheckedOptions,
  logger: Logger,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Telemetry> {
  const metrics = wantsMetrics && new (await import('./metrics.js')).Metrics();
  const wantsTraces = traces !== undefined || asksForTraces(environment);
  const tracing =
    wantsTraces && environment['OTEL_SDK_DISABLED'] !== 'true'
      ? (await import('./tracing.js')).openTracing(traces, memberId, logger)
      : undefined;
  return {
    observer: observers([tracing?.observer, metrics?.observer].filter((each) => each !== undefined)),
    ...(metrics ? { metrics } : {}),
    ...(tracing ? { tracing } : {}),
    close: async () => tracing?.close(),
  };
}

/** Whether the standard variables of OpenTelemetry name a place that traces are sent to. */
function asksForTraces(environment: NodeJS.ProcessEnv): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = environment;
  return Boolean(all ?? traces) && environment['OTEL_TRACES_EXPORTER'] !== 'none';
}
