/** Answering a route of the table: validate, choose the identity, wait for the block asked for, call, answer. */
import type { RequestHandler, Response } from 'express';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import { roleFor, type Caller } from '../auth/caller.js';
import type { Blocks } from '../fabric/blocks.js';
import type { LedgerLookup } from '../fabric/transactions.js';
import { parsed, type Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import { jsonBody } from './body.js';
import { invalidInput, queryValues, validated } from './input.js';
import { standing } from './standing.js';
import type { ReadRoute, Route, RouteRequest, Self, WriteRoute } from './route.js';

/** Path that the API's routes stand below. */
export const API_BASE = '/api/v1';

/** What the routes work with. */
export interface Services {
  readonly self: Self;
  readonly identities: ReadonlySet<Role>;
  readonly ledger: Ledger;
  readonly lookup: Pick<LedgerLookup, 'transaction'>;
  readonly blocks: Pick<Blocks, 'last' | 'reached'>;
  /** How long a request waits for the block that it asks for. */
  readonly minBlockMs: number;
  /** How long the own peer may lag behind those that found something recorded already. */
  readonly lagMs: number;
}

/** The caller that the authentication found. */
export function callerOf(response: Response): Caller {
  return (response.locals as { caller: Caller }).caller;
}

const BLOCK_NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/**
 * Waits for the block that a request asks for with `Min-Block`.
 * @throws {ProblemError} `invalid-input`, `block-not-reached`.
 */
async function awaitBlock(
  header: string | undefined,
  { blocks, minBlockMs }: Pick<Services, 'blocks' | 'minBlockMs'>,
): Promise<void> {
  if (header === undefined) return;
  if (!BLOCK_NUMBER.test(header)) throw invalidInput('Min-Block', 'must be the decimal number of a block');
  if (!(await blocks.reached(BigInt(header), minBlockMs)))
    throw new ProblemError('block-not-reached', { height: String(blocks.last + 1n) });
}

/** Waits as {@link awaitBlock}; for routes outside the table. */
export function minBlock(services: Pick<Services, 'blocks' | 'minBlockMs'>): RequestHandler {
  return async (request, _response, next) => {
    await awaitBlock(request.get('min-block'), services);
    next();
  };
}

/** Sends JSON that is there as bytes already. */
function sendJson(response: Response, status: number, bytes: Uint8Array): void {
  response
    .status(status)
    .type('application/json')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** The handler of a route. */
export function operation(route: Route, services: Services): RequestHandler {
  return route.kind === 'read' ? reading(route, services) : writing(route, services);
}

function reading(route: ReadRoute, services: Services): RequestHandler {
  const { self, identities, ledger, blocks } = services;
  return async (request, response) => {
    const role = roleFor(callerOf(response), route.transaction, ROLES, identities);
    const parts: RouteRequest = {
      params: validated(route.params, request.params),
      query: validated(route.query, queryValues(request.query)),
      body: undefined,
      self,
    };
    await awaitBlock(request.get('min-block'), services);
    // Known before the peer is asked: what it answers is at least as new.
    const { last } = blocks;
    const bytes = await ledger.evaluate(route.transaction, route.input(parts), role);
    if (last >= 0n) response.set('Block-Number', String(last));
    sendJson(response, 200, bytes);
  };
}

function bodyOf(route: WriteRoute, body: unknown): unknown {
  // A body of which nothing is required may be left out.
  if (route.body) return validated(route.body, body === undefined ? {} : body);
  const isEmpty =
    body === undefined ||
    (typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0);
  if (!isEmpty) throw invalidInput('', 'must have no body');
  return undefined;
}

function writing(route: WriteRoute, services: Services): RequestHandler {
  const { self, identities, ledger, lookup } = services;
  return async (request, response) => {
    const [parameter] = Object.keys(request.query);
    if (parameter !== undefined) throw invalidInput(parameter.slice(0, 100), 'is no parameter of this route');
    const addressed: RouteRequest = {
      params: validated(route.params, request.params),
      query: {},
      body: undefined,
      self,
    };
    const role = roleFor(callerOf(response), route.transaction, route.roles(addressed), identities);
    const parts: RouteRequest = { ...addressed, body: bodyOf(route, jsonBody(request)) };
    const input = route.input(parts);
    await awaitBlock(request.get('min-block'), services);

    const located = (bytes: Uint8Array) => `${API_BASE}${route.location(input, () => parsed(bytes))}`;
    try {
      const { result, transactionId, blockNumber } = await ledger.submit(route.transaction, input, role);
      response.set({
        Location: located(result),
        'Transaction-Id': transactionId,
        'Block-Number': String(blockNumber),
      });
      const readsBack = route.answers !== route.transaction;
      const answer = readsBack ? (await standing(route, input, role, {}, services)).bytes : result;
      sendJson(response, route.created ? 201 : 200, answer);
    } catch (error) {
      if (!(error instanceof ProblemError) || !route.stands(error.code, error.data)) throw error;
      const { bytes, transactionId } = await standing(route, input, role, error.data, services);
      response.set({ Location: located(bytes), 'Transaction-Id': transactionId });
      const recorded = await lookup.transaction(transactionId).catch(() => undefined);
      if (recorded) response.set('Block-Number', String(recorded.blockNumber));
      sendJson(response, 200, bytes);
    }
  };
}
