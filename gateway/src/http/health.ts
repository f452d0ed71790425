/** Health, which answers without a token. */
import type { RequestHandler } from 'express';
import { MspId } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { Readiness } from '../readiness.js';

/** Answer of `GET /health/live`. */
export const LiveView = z.object({ status: z.literal('live') }).meta({ id: 'Live' });

/** Answer of `GET /health/ready`. */
export const ReadyView = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    missing: z.array(z.string()).meta({
      description:
        'What is missing: own-peer, chaincode, block-stream, membership, other-members (none answers this organization), blocks (they arrive elsewhere but not here), endorsers (too few peers of members can endorse a write), audit (its log cannot be written), journal (nor can that), certificates (one of its own has expired)',
    }),
    journal: z.enum(['durable', 'memory']).meta({
      description: 'Whether keys and accepted requests survive a restart of this gateway',
    }),
    endorsersAway: z.array(MspId).optional().meta({
      description:
        'Members whose peers cannot endorse now: not alive, silent, or without the chaincode; the others suffice unless endorsers are missing',
    }),
    issuersAway: z.array(z.string()).optional().meta({
      description:
        'Issuers whose keys cannot be had: tokens with a key that is not known yet are answered 503',
    }),
    peer: z.int().optional().meta({
      description:
        'Which of the peers of its organization it uses, counted from 1; there if it knows several',
    }),
    height: z.int().optional().meta({ description: "The own peer's height, if it answered" }),
  })
  .meta({ id: 'Ready' });

/** The process runs. */
export const live: RequestHandler = (_request, response) => {
  response.json({ status: 'live' } satisfies z.infer<typeof LiveView>);
};

/** It can do its work: 200, or 503 with what is missing. */
export function ready(check: () => Promise<Readiness>, durable: boolean): RequestHandler {
  return async (_request, response) => {
    const { ready: isReady, missing, height, peer, endorsersAway, issuersAway } = await check();
    const view: z.infer<typeof ReadyView> = {
      status: isReady ? 'ready' : 'not-ready',
      missing: [...missing],
      journal: durable ? 'durable' : 'memory',
      ...(endorsersAway ? { endorsersAway: [...endorsersAway] } : {}),
      ...(issuersAway ? { issuersAway: [...issuersAway] } : {}),
      ...(peer === undefined ? {} : { peer }),
      ...(height === undefined ? {} : { height: Number(height) }),
    };
    response.status(isReady ? 200 : 503).json(view);
  };
}
