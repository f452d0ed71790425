/** Sending one event to a webhook's URL. What it answers is its status alone. */
import { lookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { allowance } from './addresses.js';
import { signedHeaders } from './signature.js';

/** What became of sending. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** What the receiver asks to wait. */
      readonly retryAfterMs?: number;
      /** Whether trying again is of no use: the receiver says that there is none any more. */
      readonly gone?: boolean;
    };

/** Where it goes and how. */
export interface Target {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly allowedNetworks: readonly string[];
  readonly tlsRootCertificates?: string | undefined;
  readonly timeoutMs: number;
  /** Deliveries at a time. */
  readonly parallel: number;
  /** Resolves names; the machine's own by default. */
  readonly resolve?: (name: string, done: Resolved) => void;
}

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

const LARGEST_ANSWER_BYTES = 65_536;
const LONGEST_RETRY_AFTER_MS = 86_400_000;

const failed = (reason: string): Outcome => ({ kind: 'failed', reason });

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110, 10.2.3); a day at most. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wanted = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER_MS);
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): Outcome {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' };
  const wait = retryAfterMs(headers['retry-after'], Date.now());
  return {
    kind: 'failed',
    reason: `answered ${statusCode}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(statusCode === 410 ? { gone: true } : {}),
  };
}

/** A webhook's connections. */
export class Post {
  readonly #url: URL;
  #agent: HttpAgent;
  #secrets: readonly string[];
  #roots: string | undefined;
  readonly #allowed: (address: string) => boolean;

  constructor(private readonly target: Target) {
    this.#url = new URL(target.url);
    const isPlain = this.#url.protocol === 'http:';
    this.#allowed = allowance(target.allowedNetworks, isPlain);
    this.#secrets = target.secrets;
    this.#roots = target.tlsRootCertificates;
    this.#agent = this.#newAgent();
  }

  /** Signs with other secrets from the next try on, and believes other authorities from the next connection on. */
  renew({ secrets, tlsRootCertificates }: Pick<Target, 'secrets' | 'tlsRootCertificates'>): void {
    this.#secrets = secrets;
    if (tlsRootCertificates === this.#roots) return;
    this.#roots = tlsRootCertificates;
    const { freeSockets } = this.#agent;
    // What is under way ends over its own connection, and nothing begins over it any more.
    this.#agent.maxFreeSockets = 0;
    for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
    this.#agent = this.#newAgent();
  }

  /** Never throws. Aborted, it may have been delivered all the same. */
  send(message: { readonly id: string; readonly body: string }, signal: AbortSignal): Promise<Outcome> {
    // A name is judged when the connection is made; an address in the place of a name never gets there.
    const host = this.#url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.#allowed(host)) return Promise.resolve(failed(refusal(host)));
    return new Promise((resolve) => {
      const { timeoutMs } = this.target;
      const body = Buffer.from(message.body);
      const begin = this.#url.protocol === 'http:' ? httpRequest : httpsRequest;
      const request = begin(this.#url, {
        method: 'POST',
        agent: this.#agent,
        signal,
        headers: {
          ...signedHeaders({ id: message.id, atMs: Date.now(), body: message.body }, this.#secrets),
          'Content-Type': 'application/cloudevents+json; charset=utf-8',
          'Content-Length': body.length,
          'User-Agent': 'umlauf-gateway',
        },
      });
      const late = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
      request.once('close', () => {
        clearTimeout(late);
        resolve(failed('the connection was closed'));
      });
      request.once('error', (error: NodeJS.ErrnoException) => resolve(failed(error.code ?? error.message)));
      request.once('response', (response) => {
        resolve(outcomeOf(response));
        discard(response);
      });
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #newAgent(): HttpAgent {
    const options = { keepAlive: true, maxSockets: this.target.parallel, lookup: this.#lookup };
    return this.#url.protocol === 'http:'
      ? new HttpAgent(options)
      : new HttpsAgent({ ...options, ...(this.#roots && { ca: this.#roots }) });
  }

  /** Judges what a name stands for at the moment of connecting: those very addresses are connected to. */
  readonly #lookup: LookupFunction = (name, options, done) => {
    const resolveName =
      this.target.resolve ?? ((wanted: string, found: Resolved) => lookup(wanted, { all: true }, found));
    resolveName(name, (error, addresses) => {
      if (error) {
        done(error, '');
        return;
      }
      const refused = addresses.find(({ address }) => !this.#allowed(address));
      const [first] = addresses;
      if (refused) done(new Error(refusal(refused.address)), '');
      else if (!first) done(new Error('the name has no address'), '');
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

const refusal = (address: string): string => `the address ${address} is not allowed`;

/** Reads what is left, so that the connection can be used again, unless that is too much. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', ({ length }: Buffer) => {
    bytes += length;
    if (bytes > LARGEST_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}
