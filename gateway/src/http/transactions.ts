/** `GET /transactions/{id}`: what became of a transaction, whoever submitted it. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { RequestHandler } from 'express';
import { Instant, ROLES, TransactionId } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { evaluateProblem } from '../fabric/evaluate-failure.js';
import { resultOf } from '../fabric/settle.js';
import type { LedgerTransaction } from '../fabric/transactions.js';
import type { Entry } from '../journal/entry.js';
import { ProblemError } from '../problem.js';
import { authorized, type Services } from './operation.js';
import { validated } from './input.js';
import { problemBody, ProblemView } from './problems.js';

/** The ledger's answer has to come within two seconds in all. */
const LOOKUP_MS = 1_800;

const NAMES = new Map<number, string>(Object.entries(StatusCode).map(([name, code]) => [code, name]));

/** A transaction as it is answered. */
export const TransactionView = z
  .object({
    id: TransactionId,
    status: z.enum(['pending', 'valid', 'invalid', 'refused']).meta({
      description:
        'valid: committed, it had effect; invalid: committed without effect; refused: never committed, with the problem; pending: not known yet, it may still have effect',
    }),
    validationCode: z
      .int()
      .optional()
      .meta({ description: "Fabric's validation code, once it is committed; 0 is valid", example: 0 }),
    validation: z
      .string()
      .optional()
      .meta({ description: "Name of Fabric's validation code", example: 'VALID' }),
    blockNumber: z.int().optional().meta({ description: 'Block that it stands in', example: 12 }),
    at: Instant.optional().meta({ description: "The transaction's timestamp" }),
    location: z.string().optional().meta({
      description:
        'Where what was written is found; for a write that this gateway was asked for with a key or accepted',
    }),
    recordedBy: TransactionId.optional().meta({
      description:
        'The transaction that recorded what was asked for, if it was another one: of a further try, or before',
    }),
    problem: ProblemView.optional().meta({ description: 'Why what was asked for had no effect' }),
  })
  .meta({ id: 'Transaction' });

type View = z.infer<typeof TransactionView>;

export const transactionParams = z.strictObject({ id: TransactionId });

/** A transaction of which nothing is known yet. */
export const pending = (id: string): View => ({ id, status: 'pending' });

const recorded = ({ validationCode, blockNumber, timestampMs }: LedgerTransaction) => ({
  status: validationCode === StatusCode.VALID ? ('valid' as const) : ('invalid' as const),
  validationCode,
  validation: NAMES.get(validationCode) ?? 'UNKNOWN',
  blockNumber: Number(blockNumber),
  at: new Date(timestampMs).toISOString(),
});

/** Under its id may stand another transaction than the one that was proposed here; then this one never has effect. */
function asProposed(found: LedgerTransaction, { proposals }: Entry): LedgerTransaction {
  const proposed = proposals.find(({ transactionId }) => transactionId === found.transactionId);
  const isOther =
    proposed && found.validationCode === StatusCode.VALID && resultOf(found, proposed) === undefined;
  return isOther ? { ...found, validationCode: StatusCode.DUPLICATE_TXID } : found;
}

type Lookup = (id: string) => Promise<LedgerTransaction | undefined>;

/** What became of what a transaction of this gateway was to record. */
async function ofEntry(id: string, entry: Entry, underWay: boolean, lookup: Lookup): Promise<View> {
  const { answer } = entry;
  if (answer?.kind === 'written') {
    const { transactionId, location } = answer;
    const found = await lookup(transactionId);
    const view = found ? recorded(found) : ({ status: 'valid' } as const);
    return { id, ...view, location, ...(transactionId === id ? {} : { recordedBy: transactionId }) };
  }
  const problem = answer && { problem: problemBody(answer) as View['problem'] };
  // The contract's own refusal comes before anything is committed.
  const found = answer?.final ? undefined : await lookup(id);
  if (!found) return answer ? { id, status: 'refused', ...problem } : pending(id);
  const view = recorded(asProposed(found, entry));
  // A further try may be under way.
  return view.status === 'invalid' && underWay ? pending(id) : { id, ...view, ...problem };
}

export function transactionHandler(services: Services): RequestHandler {
  const { lookup, writes, self } = services;
  const onLedger: Lookup = (id) =>
    lookup.transaction(id, LOOKUP_MS).catch((error: unknown) => {
      throw evaluateProblem(error, self.mspId);
    });
  return async (request, response) => {
    const { id } = validated(transactionParams, request.params);
    validated(z.strictObject({}), request.query);
    await authorized(request, response, services, 'transactions:get', ROLES);
    const asked = writes.of(id);
    if (asked) {
      response.json(await ofEntry(id, asked.entry, asked.underWay, onLedger));
      return;
    }
    const found = await onLedger(id);
    if (!found) throw new ProblemError('not-found', { resource: 'transaction' });
    response.json({ id, ...recorded(found) } satisfies View);
  };
}
