/**
 * Messages that wait for a block, and the memory of those that got into one (Fabric: the request pool of SmartBFT).
 * It knows a message by its transaction id, recomputed from nonce and creator.
 */
import { Status } from '../protocol/codes.js';
import { BroadcastError } from './filters.js';

export interface Request {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly isConfig: boolean;
}

/** How many processed requests SmartBFT remembers. */
const REMEMBERED = 1000;

export class RequestPool {
  readonly #waiting = new Map<string, Request>();
  readonly #processed = new Set<string>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @throws BroadcastError if it is here already or has been lately. */
  add(request: Request): void {
    if (this.#waiting.has(request.id)) refuse('request already exists');
    if (this.#processed.has(request.id)) refuse('request already processed');
    this.#waiting.set(request.id, request);
  }

  /** The next block's messages: a configuration alone, others up to the batch's size. They stay until `remove`. */
  next(maxCount: number, maxBytes: number): Request[] {
    const batch: Request[] = [];
    let bytes = 0;
    for (const request of this.#waiting.values()) {
      if (batch.length > 0 && (request.isConfig || bytes + request.bytes.length > maxBytes)) break;
      batch.push(request);
      bytes += request.bytes.length;
      if (request.isConfig || batch.length >= maxCount) break;
    }
    return batch;
  }

  remove(requests: readonly Request[]): void {
    for (const { id } of requests) {
      this.#waiting.delete(id);
      this.#processed.add(id);
    }
    for (const id of this.#processed) {
      if (this.#processed.size <= REMEMBERED) break;
      this.#processed.delete(id);
    }
  }

  /** Drops what a new configuration no longer allows. */
  prune(allowed: (request: Request) => boolean): void {
    for (const request of [...this.#waiting.values()]) {
      if (!allowed(request)) this.#waiting.delete(request.id);
    }
  }
}

function refuse(reason: string): never {
  throw new BroadcastError(Status.SERVICE_UNAVAILABLE, `failed to submit request: ${reason}`);
}
