/** What the public reads: announcements as JSON Feed and Atom, and who the members are. Nobody is asked who they are. */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { Id, type ProblemCode } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { ProblemError } from '../problem.js';
import { ATOM_TYPE } from '../public/atom.js';
import { LANGUAGES } from '../public/entry.js';
import { JSON_FEED_TYPE } from '../public/json-feed.js';
import type { Format, PublicPages } from '../public/pages.js';
import type { Answer } from '../reads/answers.js';
import { isNamed } from './conditional.js';
import { validated } from './input.js';
import { serve } from './serve.js';

const Language = z
  .enum(LANGUAGES)
  .default('de')
  .meta({ description: 'German, or English of what is there in English' });
export const PublicQuery = z.strictObject({ language: Language });
export const FeedQuery = z.strictObject({
  language: Language,
  bookmark: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'Where an earlier page begins, as `next_url` and `rel="next"` give it' }),
});
export const PublicParams = z.strictObject({ id: Id });

/** How long others may answer from memory; a correction is seen by then. */
const MAX_AGE_SECONDS = 60;
const RETRY_SECONDS = 5;
const PREFLIGHT_SECONDS = 86_400;

const TYPES: Readonly<Record<Format, string>> = { json: JSON_FEED_TYPE, atom: ATOM_TYPE };

/** What the public may be told; everything else is ours. */
const TOLD: ReadonlySet<ProblemCode> = new Set(['invalid-input', 'not-found']);

interface PublicOptions {
  readonly pages: PublicPages;
  /** Counts a request of an address. @throws {ProblemError} `too-many-requests` */
  readonly count: (address: string) => Promise<void>;
  readonly pass: RequestHandler;
  readonly logger: Logger;
}

/** Any page may read what anybody may read (Fetch standard, 3.2), and do nothing else. */
const openToAll: RequestHandler = (request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag, Retry-After',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
  });
  if (request.method === 'OPTIONS')
    response.set({
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'Accept, If-None-Match',
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    });
  next();
};

function send(request: Request, response: Response, { bytes, etag }: Answer, type: string): void {
  response.set({ ETag: etag, 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` });
  if (isNamed(etag, request.get('if-none-match'))) {
    response.status(304).end();
    return;
  }
  response.set({ 'Content-Type': `${type}; charset=utf-8`, 'Content-Length': String(bytes.length) });
  response.end(bytes);
}

/** Routes below the base of what the public reads. */
export function publicRoutes({ pages, count, pass, logger }: PublicOptions): Router {
  /** Answers with a page; why there is none is told to the log alone. */
  const answering =
    (typeOf: (request: Request) => string, page: (request: Request) => Promise<Answer>): RequestHandler =>
    async (request, response) => {
      let answer;
      try {
        answer = await page(request);
      } catch (error) {
        if (error instanceof ProblemError && TOLD.has(error.code)) throw error;
        logger.warn({ err: error }, 'the public could not be answered');
        throw new ProblemError('public-unavailable', { retryAfter: RETRY_SECONDS });
      }
      send(request, response, answer, typeOf(request));
    };
  const feed = (formatOf: (request: Request) => Format): RequestHandler =>
    answering(
      (request) => TYPES[formatOf(request)],
      (request) => pages.announcements({ ...validated(FeedQuery, request.query), format: formatOf(request) }),
    );
  /** JSON unless Atom is asked for. */
  const accepted = (request: Request): Format =>
    request.accepts([JSON_FEED_TYPE, 'application/json', ATOM_TYPE]) === ATOM_TYPE ? 'atom' : 'json';
  const varying: RequestHandler = (_request, response, next) => {
    response.vary('Accept');
    next();
  };

  const router = express.Router({ caseSensitive: true, strict: false });
  router.use(openToAll, async (request, _response, next) => {
    await count(request.ip ?? '');
    next();
  });
  router.use(pass);
  serve(router, '/announcements', { get: [varying, feed(accepted)] });
  serve(router, '/announcements.atom', { get: feed(() => 'atom') });
  serve(router, '/announcements/:id', {
    get: answering(
      () => JSON_FEED_TYPE,
      (request) =>
        pages.announcement(
          validated(PublicParams, request.params).id,
          validated(PublicQuery, request.query).language,
        ),
    ),
  });
  serve(router, '/members', {
    get: answering(
      () => 'application/json',
      (request) => {
        validated(z.strictObject({}), request.query);
        return pages.members();
      },
    ),
  });
  return router;
}
