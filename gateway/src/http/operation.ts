/** Answering a route that reads: validate, choose the identity, wait for the block asked for, ask, answer. */
import type { Request, RequestHandler, Response } from 'express';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type { Audit } from '../audit/audit.js';
import { roleFor, type Caller } from '../auth/caller.js';
import type { Blocks } from '../fabric/blocks.js';
import type { LedgerLookup } from '../fabric/transactions.js';
import type { Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import type { Answers } from '../reads/answers.js';
import { sealed, unsealed } from '../reads/cursor.js';
import type { Question } from '../reads/question.js';
import type { Observed } from '../fabric/observed.js';
import type { Observer } from '../telemetry/observer.js';
import type { Signing } from '../signing/signing.js';
import type { Writes } from '../writes/writes.js';
import { isNamed } from './conditional.js';
import { callerOf, decisionOn } from './decisions.js';
import { invalidInput, queryValues, validated } from './input.js';
import type { ReadRoute, RouteRequest, Self } from './route.js';

/** What the routes work with. */
export interface Services {
  readonly self: Self;
  readonly identities: ReadonlySet<Role>;
  readonly audit: Pick<Audit, 'required' | 'attempted'>;
  readonly ledger: Ledger;
  readonly answers: Pick<Answers, 'ask'>;
  readonly lookup: Pick<LedgerLookup, 'transaction'>;
  readonly writes: Pick<Writes, 'ask' | 'of'>;
  readonly signing: Signing;
  readonly blocks: Pick<Blocks, 'last' | 'reached'>;
  /** What the own peer sees on the channel. */
  readonly observed: Pick<Observed, 'nodes'>;
  readonly observer: Observer;
  /** How long a request waits for the block that it asks for. */
  readonly minBlockMs: number;
}

/**
 * Decides in which role a request may do what it asks for, and has that noted before it has any effect; what is refused
 * is noted when it is answered. Every route that does something for a caller asks this first.
 * @param act For the problem: what is tried.
 * @param allowed Roles that may, in order of preference.
 * @throws {ProblemError} `forbidden`, `role-not-allowed`; `audit-unavailable` for what isn't a mere read.
 */
export async function authorized(
  request: Request,
  response: Response,
  { identities, audit, observer }: Pick<Services, 'identities' | 'audit' | 'observer'>,
  act: string,
  allowed: readonly Role[],
): Promise<{ readonly caller: Caller; readonly role: Role }> {
  return observer.step('authorize', async () => {
    const caller = callerOf(response);
    const role = roleFor(caller, act, allowed, identities);
    const decision = decisionOn(request, response, { decision: 'allow', role });
    await (request.method === 'GET' || request.method === 'HEAD'
      ? audit.attempted(decision)
      : audit.required(decision));
    return { caller, role };
  });
}

const BLOCK_NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/**
 * Waits for the block that a request asks for with `Min-Block`.
 * @throws {ProblemError} `invalid-input`, `block-not-reached`.
 */
export async function awaitBlock(
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

/** Kept by whoever asked, to be asked for again with `If-None-Match`; another one's token may get another answer. */
const CACHE_CONTROL = 'private, no-cache';

/** What the contract answers, from memory where no block has changed it. @param isList Whether it has pages. */
export function answered(
  { answers, ledger }: Pick<Services, 'answers' | 'ledger'>,
  question: Question,
  isList: boolean,
): ReturnType<Services['answers']['ask']> {
  const { transaction, input, role } = question;
  return answers.ask(question, async () => {
    if (!isList) return ledger.evaluate(transaction, input, role);
    return sealed(question, await ledger.evaluate(transaction, unsealed(question), role));
  });
}

/** The handler of a route that asks the own peer. */
export function reading(route: ReadRoute, services: Services): RequestHandler {
  const { self, blocks } = services;
  const isList = 'bookmark' in route.query.shape;
  return async (request, response) => {
    const { role } = await authorized(request, response, services, route.transaction, ROLES);
    const parts: RouteRequest = {
      params: validated(route.params, request.params),
      query: validated(route.query, queryValues(request.query)),
      body: undefined,
      self,
    };
    await awaitBlock(request.get('min-block'), services);
    // Known before the peer is asked: what it answers is at least as new.
    const { last } = blocks;
    const question: Question = { transaction: route.transaction, input: route.input(parts), role };
    const { bytes, etag } = await answered(services, question, isList);
    if (last >= 0n) response.set('Block-Number', String(last));
    response.vary('Authorization').set({ ETag: etag, 'Cache-Control': CACHE_CONTROL });
    if (isNamed(etag, request.get('if-none-match'))) response.status(304).end();
    else response.type('application/json').send(bytes);
  };
}
