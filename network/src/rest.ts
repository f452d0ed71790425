/** A client of the REST gateways: what the tools of this package and the story need, nothing more. */
import { problemType, type ProblemCode } from 'umlauf-chaincode/api';

/** A gateway and the tokens to call it with; an entry of `endpoints.json`. */
export interface GatewayAccess {
  readonly memberId: string;
  readonly mspId: string;
  readonly url: string;
  readonly tokens: { readonly representative: string; readonly board: string; readonly auditor: string };
}
export type TokenRole = keyof GatewayAccess['tokens'];

/** What a gateway answered to a request that it refused (RFC 9457). */
export class RestProblem extends Error {
  override readonly name = 'RestProblem';
  constructor(
    readonly request: string,
    readonly status: number,
    readonly problem: { readonly type?: string; readonly title?: string; readonly detail?: string } & Record<
      string,
      unknown
    >,
  ) {
    super(
      `${request}: ${status} ${problem.title ?? ''}${problem.detail === undefined ? '' : ` (${problem.detail})`}`,
    );
  }
  is(code: ProblemCode): boolean {
    return this.problem.type === problemType(code);
  }
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly transactionId?: string;
  readonly blockNumber?: string;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly minBlock?: string | undefined;
  /** Makes the same request the same write, however often it is sent. */
  readonly idempotencyKey?: string;
  /** Default: as long as the gateway takes. */
  readonly timeoutMs?: number;
}

/** @throws RestProblem for every answer that isn't 2xx */
export async function call<T>(
  gateway: GatewayAccess,
  role: TokenRole,
  method: string,
  path: string,
  { body, minBlock, idempotencyKey, timeoutMs }: CallOptions = {},
): Promise<Answer<T>> {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.tokens[role]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(minBlock === undefined ? {} : { 'min-block': minBlock }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok)
    throw new RestProblem(
      `${method} ${path} at ${gateway.memberId}`,
      response.status,
      (parsed ?? {}) as RestProblem['problem'],
    );
  const transactionId = response.headers.get('transaction-id');
  const blockNumber = response.headers.get('block-number');
  return {
    status: response.status,
    body: parsed as T,
    ...(transactionId === null ? {} : { transactionId }),
    ...(blockNumber === null ? {} : { blockNumber }),
  };
}

/** All items of a list, page by page. */
export async function all<T>(
  gateway: GatewayAccess,
  role: TokenRole,
  path: string,
  options?: CallOptions,
): Promise<T[]> {
  const items: T[] = [];
  let bookmark: string | undefined;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const page: Answer<{ items: T[]; bookmark?: string }> = await call(
      gateway,
      role,
      'GET',
      bookmark === undefined ? path : `${path}${separator}bookmark=${bookmark}`,
      options,
    );
    items.push(...page.body.items);
    bookmark = page.body.bookmark;
  } while (bookmark !== undefined);
  return items;
}
