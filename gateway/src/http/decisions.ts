/** What a decision on a request is noted with. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { ProblemCode } from 'umlauf-chaincode/api';
import type { Audit } from '../audit/audit.js';
import type { Decision } from '../audit/line.js';
import type { Caller } from '../auth/caller.js';
import type { ProblemError } from '../problem.js';
import { API_BASE } from './base.js';

const REQUEST_ID = 'Request-Id';

interface Locals {
  requestId?: string;
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

  /** The template of a path below the base. */
  of(path: string): string {
    return this.#routes.find(({ pattern }) => pattern.test(path))?.template ?? UNKNOWN;
  }
}

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
  const below = request.originalUrl.slice(API_BASE.length).replace(/\?.*$/s, '');
  return {
    requestId,
    subject: caller?.subject,
    method: request.method,
    route: route ? templateOf(route.path) : (templates?.of(below) ?? UNKNOWN),
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
