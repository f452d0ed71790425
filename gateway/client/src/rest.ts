/** Sending requests to a gateway until there is an answer. */
import { Pauses, pause } from './pauses.js';
import { Problem, UnexpectedAnswerError, UnreachableError, isPassing, problemIn } from './problem.js';
import type { Request } from './request.js';

/** Which gateway, and on whose behalf. */
export interface ClientOptions {
  /** `https://host:port`, without the API's base. */
  readonly url: string;
  /** Bearer token, or what gets one that is valid. */
  readonly token: string | (() => string | Promise<string>);
  /** How long a request is tried again that met what may pass, in milliseconds. Default: 30,000. */
  readonly patienceMs?: number;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

/** What a gateway answered. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** The transaction that recorded it. */
  readonly transactionId?: string;
  /** Its block; or a block that what was read is at least as new as. */
  readonly blockNumber?: string;
  /** Path of what was written. */
  readonly location?: string;
}

/** How long the gateway asks to wait, if it does. */
function askedPauseMs(error: unknown): number | undefined {
  const seconds = error instanceof Problem ? error.data['retryAfter'] : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}

/** Has something done again as long as it fails by what may pass and patience lasts. */
async function patiently<T>(patienceMs: number, attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs;
  const pauses = new Pauses();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = askedPauseMs(error) ?? pauses.next();
      if (!isPassing(error) || Date.now() + waitMs > until) throw error;
      await pause(waitMs);
    }
  }
}

/** Sends a request and hands out its answer once it is a success. */
export type Answering = (
  request: Request,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<Response>;

/** Sends requests. */
export class Rest {
  /** @param options Without a token: for what anybody may read. */
  constructor(private readonly options: Omit<ClientOptions, 'token'> & Partial<ClientOptions>) {}

  /** As {@link send}, for an answer that has no end. */
  readonly open: Answering = (request, headers, signal) =>
    patiently(this.options.patienceMs ?? 30_000, async () => {
      const response = await this.#fetched(request, headers, signal);
      if (!response.ok) read(response, await response.text());
      return response;
    });

  /**
   * Sends a request until there is an answer: one that is sent again has to be the same to the gateway, as reads are and
   * what carries a key.
   * @throws {Problem} what the gateway answered, {@link UnreachableError}, {@link UnexpectedAnswerError}
   */
  send<T>(request: Request, headers: Readonly<Record<string, string>>): Promise<Answer<T>> {
    return patiently(this.options.patienceMs ?? 30_000, () => this.#once<T>(request, headers));
  }

  async #once<T>(request: Request, headers: Readonly<Record<string, string>>): Promise<Answer<T>> {
    const response = await this.#fetched(request, headers);
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw new UnreachableError(error);
    }
    return read<T>(response, text);
  }

  async #fetched(
    { method, path, body }: Request,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { url, token, fetch: own = fetch } = this.options;
    const bearer = typeof token === 'function' ? await token() : token;
    try {
      return await own(url.replace(/\/$/, '') + path, {
        method,
        headers: {
          ...headers,
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      throw signal?.aborted === true ? error : new UnreachableError(error);
    }
  }
}

function read<T>({ ok, status, headers }: Response, text: string): Answer<T> {
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new UnexpectedAnswerError(status);
  }
  if (!ok) throw problemIn(status, body);
  const named = { transactionId: 'transaction-id', blockNumber: 'block-number', location: 'location' };
  const present = Object.entries(named).flatMap(([name, header]) => {
    const value = headers.get(header);
    return value === null ? [] : [[name, value] as const];
  });
  return { status, body: body as T, ...Object.fromEntries(present) };
}
