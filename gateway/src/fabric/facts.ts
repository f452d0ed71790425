/** Following what the contracts report: one event a transaction, a list of facts. */
import type { Logger } from 'pino';
import { EVENT_NAME, FACT_TYPES, type Fact, type FactType } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { FabricClient, SeenEvent } from './client.js';
import { Follower } from './follower.js';
import type { LedgerLookup } from './transactions.js';

const Facts = z.array(
  z.object({
    type: z.string(),
    id: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
);

/** A fact and where it stands. */
export interface ReportedFact extends Fact {
  readonly transactionId: string;
  readonly blockNumber: bigint;
}

const isKnown = <F extends { readonly type: string }>(fact: F): fact is F & { readonly type: FactType } =>
  FACT_TYPES.some((type) => type === fact.type);

/**
 * The facts of an event, in their order; none if it isn't one of the contracts' or can't be read. Facts that a newer
 * chaincode reports and this gateway doesn't know are passed over.
 */
export function factsOf(event: SeenEvent): ReportedFact[] {
  if (event.eventName !== EVENT_NAME) return [];
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(event.payload).toString('utf8'));
  } catch {
    return [];
  }
  const parsed = Facts.safeParse(json);
  if (!parsed.success) return [];
  const { transactionId, blockNumber } = event;
  return parsed.data.filter(isKnown).map((fact) => ({ ...fact, transactionId, blockNumber }));
}

/** A follower of the facts from now on; after a break it goes on where it stopped. */
export function factFollower(
  client: FabricClient,
  lookup: LedgerLookup,
  handle: (fact: ReportedFact) => void,
  logger: Logger,
): Follower<SeenEvent> {
  let next: bigint | undefined;
  return new Follower<SeenEvent>(
    {
      name: 'facts',
      open: async () => {
        next ??= await lookup.height();
        return client.events(next);
      },
      handle: (event) => {
        next = event.blockNumber;
        for (const fact of factsOf(event)) handle(fact);
      },
    },
    logger,
  );
}
