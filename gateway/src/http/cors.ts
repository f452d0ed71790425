/** Pages of other origins: closed, but for those that an administrator names. */
import type { RequestHandler } from 'express';

/** What a page may send, and what it may read, beside what every page may. */
const SENT = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'Min-Block',
  'Prefer',
];
const READ = [
  'Block-Number',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'Request-Id',
  'Retry-After',
  'Transaction-Id',
  'WWW-Authenticate',
];
const METHODS = ['GET', 'HEAD', 'PATCH', 'POST', 'PUT'];
const REMEMBERED_SECONDS = 600;

/**
 * Lets pages of exactly these origins call (Fetch standard, 3.2). Never with what a browser sends by itself: neither cookies,
 * of which there are none, nor the client certificate of whoever sits before it.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    // Else a cache could answer one origin with what was meant for another.
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) {
      next();
      return;
    }
    response.set('Access-Control-Allow-Origin', origin);
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!isPreflight) {
      response.set('Access-Control-Expose-Headers', READ.join(', '));
      next();
      return;
    }
    response.set({
      'Access-Control-Allow-Methods': METHODS.join(', '),
      'Access-Control-Allow-Headers': SENT.join(', '),
      'Access-Control-Max-Age': String(REMEMBERED_SECONDS),
    });
    response.status(204).end();
  };
}
