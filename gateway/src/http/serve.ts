/** Paths with their methods. */
import type { RequestHandler, Router } from 'express';
import { ProblemError } from '../problem.js';
import type { Route } from './route.js';

/** Answers every method that a path has no route for. */
function otherMethods(methods: readonly string[]): RequestHandler {
  const allow = [...methods.map((method) => method.toUpperCase()), 'OPTIONS'];
  if (methods.includes('get')) allow.push('HEAD');
  allow.sort();
  return (request, response) => {
    if (request.method !== 'OPTIONS') throw new ProblemError('method-not-allowed', { allow });
    response.set('Allow', allow.join(', ')).status(204).end();
  };
}

export type Handlers = Partial<Record<Route['method'], RequestHandler | RequestHandler[]>>;

/** Has a path answer by these methods, and all others told which there are. */
export function serve(router: Pick<Router, 'route'>, path: string, handlers: Handlers): void {
  const at = router.route(path);
  const methods = Object.entries(handlers) as [keyof Handlers, RequestHandler][];
  for (const [method, handle] of methods) at[method](handle);
  at.all(otherMethods(methods.map(([method]) => method)));
}
