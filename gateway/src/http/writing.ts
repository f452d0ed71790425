/** Answering a route that writes: validate, choose the identity, have it done once, answer what became of it. */
import type { RequestHandler, Response } from 'express';
import { ProblemError } from '../problem.js';
import type { Outcome } from '../writes/writes.js';
import { API_BASE } from './base.js';
import { jsonBody } from './body.js';
import { IDEMPOTENCY_KEY, requestKey } from './idempotency-key.js';
import { invalidInput, validated } from './input.js';
import { authorized, awaitBlock, type Services } from './operation.js';
import { applied, preferences, type Preferences } from './preferences.js';
import type { RouteRequest, WriteRoute } from './route.js';
import { pending } from './transactions.js';

/** On an answer that was given before. */
export const REPLAYED = 'Idempotent-Replayed';

/**
 * A request's body as its route takes it.
 * @throws {ProblemError} `invalid-input`.
 */
export function bodyOf(route: WriteRoute, body: unknown): unknown {
  // A body of which nothing is required may be left out.
  if (route.body) return validated(route.body, body === undefined ? {} : body);
  const isEmpty =
    body === undefined ||
    (typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0);
  if (!isEmpty) throw invalidInput('', 'must have no body');
  return undefined;
}

/** The handler of a route that writes. */
export function writing(route: WriteRoute, services: Services): RequestHandler {
  const { self, writes } = services;
  return async (request, response) => {
    const [parameter] = Object.keys(request.query);
    if (parameter !== undefined) throw invalidInput(parameter.slice(0, 100), 'is no parameter of this route');
    const addressed: RouteRequest = {
      params: validated(route.params, request.params),
      query: {},
      body: undefined,
      self,
    };
    const { caller, role } = await authorized(
      request,
      response,
      services,
      route.transaction,
      route.roles(addressed),
    );
    const body = jsonBody(request);
    const input = route.input({ ...addressed, body: bodyOf(route, body) });
    const key = requestKey({
      header: request.get(IDEMPOTENCY_KEY),
      subject: caller.subject,
      role,
      method: request.method,
      path: request.path,
      body,
    });
    const preferred = preferences(request.get('prefer'));
    await awaitBlock(request.get('min-block'), services);

    const outcome = await writes.ask(
      { route, input, role },
      {
        ...(key ? { key } : {}),
        ...(preferred.respondAsync ? { acceptAfterMs: preferred.waitMs ?? 0 } : {}),
      },
    );
    send(response, outcome, preferred);
  };
}

/** Answers what became of a write. */
export function send(response: Response, outcome: Outcome, preferred: Preferences): void {
  if (outcome.kind === 'accepted') {
    const { transactionId } = outcome;
    response.set({
      Location: `${API_BASE}/transactions/${transactionId}`,
      'Transaction-Id': transactionId,
      'Preference-Applied': applied(preferred),
    });
    response.status(202).json(pending(transactionId));
    return;
  }
  const { answer, replayed } = outcome;
  if (replayed) response.set(REPLAYED, 'true');
  if (answer.kind === 'refused') throw new ProblemError(answer.code, answer.data);
  const { status, location, transactionId, blockNumber, body } = answer;
  response.set({
    Location: location,
    'Transaction-Id': transactionId,
    ...(blockNumber === undefined ? {} : { 'Block-Number': blockNumber }),
  });
  response.status(status).type('application/json').send(Buffer.from(body));
}
