/** Telling of each request: one line in the log, its time in the metrics, its trace. */
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { AnsweredRequest } from '../telemetry/request.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { idsOf, setTraceId, type Templates } from './decisions.js';

/** What supervises services asks for them all the time: they have no trace, and a line only where somebody wants them all. */
const HEALTH = /\/health\/(?:live|ready)$/;

/** The handler that comes before all others. */
export function observed(
  { metrics, tracing }: Telemetry,
  templates: Templates,
  logger: Logger,
): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method } = request;
    const route = templates.ofUrl(request.originalUrl);
    const isHealth = HEALTH.test(route);
    const traced = isHealth ? undefined : tracing?.begin(method, request.headers);
    if (traced) setTraceId(response, traced.traceId);
    response.once('close', () => {
      const answered: AnsweredRequest = {
        method,
        route,
        status: response.statusCode,
        complete: response.writableFinished,
        seconds: (performance.now() - startedAt) / 1_000,
      };
      metrics?.answered(answered);
      traced?.end(answered);
      const { seconds, ...rest } = answered;
      const level = answered.status >= 500 ? 'warn' : isHealth ? 'debug' : 'info';
      logger[level]({ ...idsOf(response), ...rest, milliseconds: Math.round(seconds * 1e4) / 10 }, 'request');
    });
    if (traced) traced.run(next);
    else next();
  };
}
