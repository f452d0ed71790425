/** Sending made requests, and holding each answer to the document. */
import fc, { type Arbitrary } from 'fast-check';
import { faultsOf } from './conformity.js';
import type { ApiDocument } from './document.js';
import type { MadeRequest } from './request.js';
import { bytesOf, exchange } from './wire.js';

/** What came of them. */
export interface Outcome {
  /** How often each status was answered. */
  readonly tally: ReadonlyMap<number, number>;
  /** Answers that are not as documented, and to what. */
  readonly wrong: readonly string[];
}

export interface Sending {
  readonly url: string;
  /** Bearer tokens, of which each request gets one. */
  readonly tokens: readonly string[];
  readonly document: ApiDocument;
  readonly requests: Arbitrary<MadeRequest>;
  readonly runs: number;
}

/** The same requests each time; `UMLAUF_SEED` makes others. */
const seed = Number(process.env['UMLAUF_SEED'] ?? 1);

/** Sends requests one after the other; tells the seed that they are made of. */
export async function sendMade({ url, tokens, document, requests, runs }: Sending): Promise<Outcome> {
  process.stdout.write(`${runs} requests, UMLAUF_SEED=${seed}\n`);
  const tally = new Map<number, number>();
  const wrong: string[] = [];
  const made = fc.tuple(requests, fc.constantFrom(...tokens));
  for (const [request, token] of fc.sample(made, { seed, numRuns: runs })) {
    const answer = await exchange(url, bytesOf(request, token));
    tally.set(answer.status, (tally.get(answer.status) ?? 0) + 1);
    const faults = faultsOf(document, request, answer).join('; ');
    if (faults !== '') wrong.push(`${request.what}: ${faults}`);
  }
  return { tally, wrong };
}
