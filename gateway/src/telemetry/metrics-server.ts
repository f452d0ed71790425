/** A listener of its own for metrics: what an organization tells its monitoring isn't public. */
import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { listening } from '../http/server.js';
import type { CheckedOptions } from '../options.js';
import type { Metrics } from './metrics.js';

const PATH = '/metrics';
const SLOW_MS = 10_000;

/** A listener that answers. */
export interface MetricsServer {
  /** Where metrics are. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Answers `GET /metrics`, and nothing else.
 * @throws {Error} if it can't listen.
 */
export async function serveMetrics(
  metrics: Metrics,
  { host, port }: NonNullable<CheckedOptions['metrics']>,
  logger: Logger,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: SLOW_MS, headersTimeout: SLOW_MS }, (request, response) => {
    const wanted = request.url?.replace(/\?.*$/s, '') === PATH;
    if (!wanted || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(wanted ? 405 : 404, wanted ? { Allow: 'GET, HEAD' } : {}).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      (error: unknown) => {
        logger.error({ err: error }, 'metrics cannot be read');
        response.writeHead(500).end();
      },
    );
  });
  server.timeout = SLOW_MS;
  const url = await listening(server, { host, port });
  server.on('error', (error) => logger.error({ err: error }, 'metrics'));
  return { url: `${url}${PATH}`, close: () => closed(server) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
