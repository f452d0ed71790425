/** What a decision on a request is noted with. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { ProblemCode } from 'umlauf-chaincode/api';
import type { Audit } from '../audit/audit.js';
import type { Decision } from '../audit/line.js';
import type { Caller } from '../auth/caller.js';
import type { ProblemError } from '../problem.js';
import { API_BASE, PUBLIC_BASE } from './base.js';

const REQUEST_ID = 'Request-Id';

interface Locals {
  requestId?: string;
  traceId?: string;
  caller?: Caller;
  /** Templates of the paths below the API's base. */
  templates?: Templates;
}

const localsOf = (response: Response): Locals => response.locals as Locals;

/** The caller that the authentication found. */
export function callerOf(response: Response): Caller {
  const { caller } = localsOf(response);
  if (!caller) throw new Error('nobody has been authenticated');
  return caller;
}

/** Keeps the caller that the authentication found. */
export function setCaller(response: Response, caller: Caller): void {
  localsOf(response).caller = caller;
}

/** Keeps the trace that a request is part of. */
export function setTraceId(response: Response, traceId: string): void {
  localsOf(response).traceId = traceId;
}

/** By what a request is found in the logs and among the traces. */
export function idsOf(response: Response): { readonly requestId?: string; readonly traceId?: string } {
  const { requestId, traceId } = localsOf(response);
  return { ...(requestId === undefined ? {} : { requestId }), ...(traceId === undefined ? {} : { traceId }) };
}

/** Names a request: an id of this gateway's own making, for callers to tell and for the logs; never one of the caller's. */
export function named(templates: Templates): RequestHandler {
  return (_request, response, next) => {
    const requestId = randomUUID();
    Object.assign(localsOf(response), { requestId, templates } satisfies Locals);
    response.set(REQUEST_ID, requestId);
    next();
  };
}

/** Templates by which paths are told apart; made of the routes that there are. */
export class Templates {
  readonly #routes: readonly { readonly template: string; readonly pattern: RegExp }[];

  constructor(router: Router) {
    this.#routes = router.stack.flatMap(({ route }) => {
      if (!route) return [];
      const pattern = route.path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part));
      return [{ template: templateOf(route.path), pattern: new RegExp(`^${pattern.join('/')}/?$`) }];
    });
  }

  /** The template of any path that this gateway serves. */
  ofUrl(url: string): string {
    const path = url.replace(/\?.*$/s, '');
    if (OTHER_PATHS.has(path)) return path;
    if (path.startsWith(`${API_BASE}/`)) return this.of(path.slice(API_BASE.length));
    if (PUBLIC_ENTRY.test(path)) return `${PUBLIC_BASE}/announcements/{id}`;
    return path === PAGES || path.startsWith(`${PAGES}/`) ? PAGES : UNKNOWN;
  }

  /** The template of a path below the base. */
  of(path: string): string {
    return this.#routes.find(({ pattern }) => pattern.test(path))?.template ?? UNKNOWN;
  }
}

/** Paths outside the API. */
const OTHER_PATHS: ReadonlySet<string> = new Set(
  ['/health/live', '/health/ready']
    .flatMap((path) => [path, `${API_BASE}${path}`])
    .concat(
      '/openapi.json',
      ['/announcements', '/announcements.atom', '/members'].map((path) => PUBLIC_BASE + path),
    ),
);
const PUBLIC_ENTRY = new RegExp(`^${PUBLIC_BASE}/announcements/[^/]+$`);
const PAGES = '/docs';

/** In the place of a path that leads nowhere: it is the caller's own text. */
const UNKNOWN = 'unknown';

const templateOf = (path: string): string => `${API_BASE}${path.replace(/:(\w+)/g, '{$1}')}`;

/** A decision on a request, with what is known of it. */
export function decisionOn(
  request: Request,
  response: Response,
  decided: Pick<Decision, 'decision' | 'role' | 'reason' | 'problem'>,
): Decision {
  const { requestId = '', caller, templates } = localsOf(response);
  const route = request.route as { readonly path: string } | undefined;
  return {
    requestId,
    subject: caller?.subject,
    method: request.method,
    route: route ? templateOf(route.path) : (templates?.ofUrl(request.originalUrl) ?? UNKNOWN),
    ...decided,
  };
}

/** Problems that say: not you, or not now. */
const DENIALS: ReadonlySet<ProblemCode> = new Set([
  'unauthenticated',
  'forbidden',
  'role-not-allowed',
  'certificate-not-accepted',
  'organization-not-allowed',
  'ambiguous-role',
  'too-many-requests',
  'issuer-unavailable',
]);

/** Notes that a request is denied, if that is what a problem says of it. Never rejects. */
export async function noteDenial(
  audit: Pick<Audit, 'attempted'>,
  request: Request,
  response: Response,
  { code, data }: ProblemError,
): Promise<void> {
  if (localsOf(response).requestId === undefined || !DENIALS.has(code)) return;
  const { reason } = data;
  await audit.attempted(
    decisionOn(request, response, {
      decision: 'deny',
      problem: code,
      ...(typeof reason === 'string' ? { reason } : {}),
    }),
  );
}
