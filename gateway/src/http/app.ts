/** The HTTP application of one gateway. */
import compression from 'compression';
import express, { type Express, type Request, type RequestHandler, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Caller } from '../auth/caller.js';
import type { EventStreams } from '../events/streams.js';
import { ProblemError } from '../problem.js';
import type { PublicPages } from '../public/pages.js';
import type { Readiness } from '../readiness.js';
import type { RunningWebhook } from '../webhooks/webhooks.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { API_BASE, PUBLIC_BASE } from './base.js';
import { bodyReader } from './body.js';
import { crossOrigin } from './cors.js';
import { descriptionRoutes } from './description.js';
import { eventsHandler } from './events.js';
import { headerRules } from './header-rules.js';
import { live, ready } from './health.js';
import { infrastructureHandler } from './infrastructure.js';
import { callerOf, named, setCaller, Templates } from './decisions.js';
import { observed } from './observed.js';
import { minBlock, reading, type Services } from './operation.js';
import { noRoute, problemHandler } from './problems.js';
import { publicRoutes } from './public.js';
import type { Route } from './route.js';
import { ROUTES } from './routes/index.js';
import { serve, type Handlers } from './serve.js';
import { endorseHandler, prepareHandler, submitHandler } from './signing.js';
import { transactionHandler } from './transactions.js';
import type { Turnstile } from './turnstile.js';
import { webhookHandlers } from './webhooks.js';
import { writing } from './writing.js';

/** What the application is made of. */
export interface AppOptions {
  readonly services: Services;
  /** @throws {ProblemError} `unauthenticated`, `issuer-unavailable`, `too-many-requests` */
  readonly authenticate: (request: Request) => Promise<Caller>;
  readonly readiness: () => Promise<Readiness>;
  /** Whether the journal outlives the process. */
  readonly durable: boolean;
  /** What every request to the API passes, once it is known whose it is. */
  readonly turnstile: Pick<Turnstile, 'pass' | 'leave'>;
  readonly streams: EventStreams;
  readonly webhooks: readonly RunningWebhook[];
  readonly bodyLimitBytes: number;
  /** For each caller. */
  readonly requestsPerMinute: number;
  /** Counts a request of nobody known. @throws {ProblemError} `too-many-requests` */
  readonly stranger: (address: string) => Promise<void>;
  /** What the public reads without a token, and what counts a request for it; absent: nothing. */
  readonly public?: {
    readonly pages: PublicPages;
    /** @throws {ProblemError} `too-many-requests` */
    readonly count: (address: string) => Promise<void>;
  };
  /** Origins whose pages may call. */
  readonly origins: readonly string[];
  /** Addresses that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[];
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Below this size compressing costs more than it saves. */
const COMPRESSED_FROM_BYTES = 16_384;

const EVENTS_PATH = '/events';

/** Express's form of a path. */
const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const handler = (route: Route, services: Services): RequestHandler =>
  route.kind === 'read' ? reading(route, services) : writing(route, services);

const SIGNING_STEPS = { prepare: prepareHandler, endorse: endorseHandler, submit: submitHandler };

function apiRoutes({ services, streams, webhooks, turnstile }: AppOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: false });
  const byPath = new Map<string, Handlers>();
  for (const route of ROUTES)
    byPath.set(route.path, { ...byPath.get(route.path), [route.method]: handler(route, services) });
  for (const [path, handlers] of byPath) serve(router, expressPath(path), handlers);
  for (const [step, handle] of Object.entries(SIGNING_STEPS))
    serve(router, `/transactions/${step}`, { post: [minBlock(services), handle(services)] });
  serve(router, '/transactions/:id', { get: [minBlock(services), transactionHandler(services)] });
  serve(router, '/infrastructure', { get: [minBlock(services), infrastructureHandler(services)] });
  serve(router, EVENTS_PATH, { get: eventsHandler({ ...services, streams, leave: turnstile.leave }) });
  const { list, deadLetters, replay } = webhookHandlers({ ...services, webhooks });
  serve(router, '/webhooks', { get: list });
  serve(router, '/webhooks/:id/dead-letters', { get: deadLetters });
  serve(router, '/webhooks/:id/dead-letters/replay', { post: replay });
  return router;
}

/** All but streams of events: what compresses would be kept with each for as long as it is open. */
function compressed(): RequestHandler {
  const handle = compression({ threshold: COMPRESSED_FROM_BYTES });
  return (request, response, next) => {
    if (request.path === `${API_BASE}${EVENTS_PATH}`) next();
    else handle(request, response, next);
  };
}

function authentication({ authenticate, streams, services: { observer } }: AppOptions): RequestHandler {
  return async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    streams.judging(request);
    setCaller(response, await observer.step('authenticate', () => authenticate(request)));
    next();
  };
}

/** Health is never refused: what supervises services would end the gateway while somebody else floods it. */
function strangers(stranger: AppOptions['stranger']): RequestHandler {
  return async (request, _response, next) => {
    if (!request.path.startsWith(`${API_BASE}/`)) await stranger(request.ip ?? '');
    next();
  };
}

function limiter(requestsPerMinute: number): RequestHandler {
  const windowMs = 60_000;
  return rateLimit({
    windowMs,
    limit: requestsPerMinute,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: (_request, response) => callerOf(response).subject,
    handler: (_request, _response, next) => {
      next(new ProblemError('too-many-requests', { retryAfter: windowMs / 1_000 }));
    },
  });
}

/** Makes the application. */
export function createApp(options: AppOptions): Express {
  const { services, readiness, durable, turnstile, telemetry, logger } = options;
  const { bodyLimitBytes, requestsPerMinute } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies);
  const routes = apiRoutes(options);
  const templates = new Templates(routes);
  if (telemetry.metrics || telemetry.tracing || logger.isLevelEnabled('warn'))
    app.use(observed(telemetry, templates, logger));
  app.use(helmet());
  app.use(headerRules);
  if (options.origins.length > 0) app.use(crossOrigin(options.origins));
  app.use(compressed());

  // Also without the API's base, where what supervises services looks for it.
  for (const base of [API_BASE, '']) {
    serve(app, `${base}/health/live`, { get: live });
    serve(app, `${base}/health/ready`, { get: ready(readiness, durable) });
  }
  if (options.public)
    app.use(PUBLIC_BASE, publicRoutes({ ...options.public, pass: turnstile.pass, logger }), noRoute);
  app.use(strangers(options.stranger));
  app.use(descriptionRoutes(services.self.memberId, options.public !== undefined));

  app.use(
    API_BASE,
    named(templates),
    authentication(options),
    limiter(requestsPerMinute),
    bodyReader(bodyLimitBytes),
    // After the body: a client that sends it slowly must not keep everybody else out.
    turnstile.pass,
    routes,
  );
  app.use(noRoute);
  app.use(problemHandler(logger, services.audit));
  return app;
}
