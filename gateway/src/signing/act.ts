/** Which act of the REST interface is meant, by its request or by its transaction: one table, one set of schemas. */
import { TRANSACTIONS, type SubmitName } from 'umlauf-chaincode/api';
import { API_BASE } from '../http/base.js';
import { invalidInput, validated } from '../http/input.js';
import type { RouteRequest, Self, WriteRoute } from '../http/route.js';
import { ROUTES } from '../http/routes/index.js';
import { bodyOf } from '../http/writing.js';

/** A request as the REST interface would have got it. */
export interface RequestedAct {
  readonly method: string;
  /** With the API's base. */
  readonly path: string;
  readonly body?: unknown;
}

/** An act and the input of its transaction, validated. */
export interface FoundAct {
  readonly route: WriteRoute;
  readonly input: unknown;
  readonly addressed: RouteRequest;
}

const ACTS = ROUTES.filter((route) => route.kind === 'write').map((route) => {
  const names: string[] = [];
  const pattern = route.path.replace(/\{(\w+)\}/g, (_parameter, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { route, names, pattern: new RegExp(`^${API_BASE}${pattern}$`) };
});

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw invalidInput('path', 'must be well-formed', { cause: error });
  }
}

/**
 * The act that a request stands for.
 * @throws {ProblemError} `invalid-input`.
 */
export function actOfRequest({ method, path, body }: RequestedAct, self: Self): FoundAct {
  for (const { route, names, pattern } of ACTS) {
    const values = route.method === method.toLowerCase() ? pattern.exec(path)?.slice(1) : undefined;
    if (!values) continue;
    const params = validated(
      route.params,
      Object.fromEntries(names.map((name, index) => [name, unescaped(values[index] ?? '')])),
    );
    bodyOf(route, body);
    // As it came, not as the schema would complete it: nothing is to be signed that nobody asked for.
    const asked = route.body ? (body ?? {}) : undefined;
    const input = route.input({ params, query: {}, body: asked, self });
    return { route, input, addressed: { params, query: {}, body: undefined, self } };
  }
  throw invalidInput('path', 'must, with the method, be that of an act that is written');
}

const byTransaction = new Map(ACTS.map(({ route }) => [route.transaction, route]));

/**
 * The act that a transaction stands for.
 * @throws {ProblemError} `invalid-input`.
 */
export function actOfTransaction(transaction: string, input: unknown, self: Self): FoundAct {
  const route = byTransaction.get(transaction as SubmitName);
  if (!route) throw invalidInput('transaction', 'must be an act that is written');
  const checked = validated(TRANSACTIONS[route.transaction].input, input);
  // Its path's parameters are fields of it.
  return { route, input: checked, addressed: { params: checked, query: {}, body: undefined, self } };
}
