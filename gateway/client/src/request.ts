/** One operation as an HTTP request: which of the input goes into path, query and body. */
import { OPERATIONS } from './operations.js';
import type { OperationId } from './shapes.js';

const API_BASE = '/api/v1';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch';
  readonly path: string;
  readonly transaction?: string;
  readonly body?: string;
}

/** A request, before it is sent. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With the API's base and the query. */
  readonly path: string;
  /** JSON value; absent: it has none. */
  readonly body?: unknown;
}

/** The entry of an operation in the table. */
export const operation = (id: OperationId): Operation => OPERATIONS[id];

/** Fields as the query of a path, with its `?`; a list is a field several times. */
export function queryOf(fields: object): string {
  const query = new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      [value].flat().flatMap((one) => (one === undefined ? [] : [[name, String(one as string | number)]])),
    ),
  ).toString();
  return query === '' ? '' : `?${query}`;
}

/**
 * Makes a request of an operation and its input, whose fields the path's parameters are: that of the name, else the `id`.
 */
export function requestOf(id: OperationId, input: Readonly<Record<string, unknown>>): Request {
  const { method, path, body: bodyField } = operation(id);
  const rest = { ...input };
  const addressed = path.includes('{');
  const upper = method.toUpperCase() as Request['method'];
  const full =
    API_BASE +
    path.replace(/\{(\w+)\}/g, (_parameter, name: string) => {
      const field = name in input ? name : 'id';
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete rest[field];
      return encodeURIComponent(String(input[field]));
    });
  if (method === 'get') return { method: upper, path: full + queryOf(rest) };
  const body = bodyField === undefined ? rest : rest[bodyField];
  const isEmpty = addressed && typeof body === 'object' && body !== null && Object.keys(body).length === 0;
  return { method: upper, path: full, ...(isEmpty ? {} : { body }) };
}
