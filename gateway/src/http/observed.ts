/** Telling of each request: one line in the log, its time in the metrics, its trace. */
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { AnsweredRequest } from '../telemetry/request.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { TracedRequest } from '../telemetry/tracing.js';
import { setTraceId, type Templates } from './decisions.js';
import { whenEnded, type Ending } from './ending.js';

/** What supervises services asks for them all the time: they have no trace, and a line only where somebody wants them all. */
const HEALTH = /\/health\/(?:live|ready)$/;

/** The handler that comes before all others. */
export function observed(
  { metrics, tracing }: Telemetry,
  templates: Templates,
  logger: Logger,
): RequestHandler {
  return (request, response, next) => {
    const { method } = request;
    const route = templates.ofUrl(request.originalUrl);
    const isHealth = HEALTH.test(route);
    const traced = isHealth ? undefined : tracing?.begin(method, request.headers);
    if (traced) setTraceId(response, traced.traceId);
    whenEnded(response, teller({ method, route, traced, isHealth, metrics, logger }));
    if (traced) traced.run(next);
    else next();
  };
}

interface Told extends Pick<AnsweredRequest, 'method' | 'route'> {
  readonly traced: TracedRequest | undefined;
  readonly isHealth: boolean;
  readonly metrics: Telemetry['metrics'];
  readonly logger: Logger;
}

/** Of its own, so that it keeps neither request nor answer. */
function teller({ method, route, traced, isHealth, metrics, logger }: Told): (ending: Ending) => void {
  const startedAt = performance.now();
  return ({ status, complete, ids }) => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const answered: AnsweredRequest = { method, route, status, complete, seconds };
    metrics?.answered(answered);
    traced?.end(answered);
    const level = status >= 500 ? 'warn' : isHealth ? 'debug' : 'info';
    const milliseconds = Math.round(seconds * 1e4) / 10;
    logger[level]({ ...ids, method, route, status, complete, milliseconds }, 'request');
  };
}
