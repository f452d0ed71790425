/** `GET /transactions/{id}`: what became of a transaction, whoever submitted it. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { RequestHandler } from 'express';
import { Instant, ROLES, TransactionId } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { roleFor } from '../auth/caller.js';
import { evaluateProblem } from '../fabric/evaluate-failure.js';
import { ProblemError } from '../problem.js';
import { callerOf, type Services } from './operation.js';
import { validated } from './input.js';

/** The ledger's answer has to come within two seconds in all. */
const LOOKUP_MS = 1_800;

const NAMES = new Map<number, string>(Object.entries(StatusCode).map(([name, code]) => [code, name]));

/** A transaction as it is answered. */
export const TransactionView = z
  .object({
    id: TransactionId,
    status: z.enum(['valid', 'invalid']).meta({ description: 'Whether it had effect' }),
    validationCode: z.int().meta({ description: "Fabric's validation code; 0 is valid", example: 0 }),
    validation: z.string().meta({ description: "Name of Fabric's validation code", example: 'VALID' }),
    blockNumber: z.int().meta({ description: 'Block that it stands in', example: 12 }),
    at: Instant.meta({ description: "The transaction's timestamp" }),
  })
  .meta({ id: 'Transaction' });

export const transactionParams = z.strictObject({ id: TransactionId });

export function transactionHandler({ lookup, identities, self }: Services): RequestHandler {
  return async (request, response) => {
    const { id } = validated(transactionParams, request.params);
    validated(z.strictObject({}), request.query);
    roleFor(callerOf(response), 'transactions:get', ROLES, identities);
    const found = await lookup.transaction(id, LOOKUP_MS).catch((error: unknown) => {
      throw evaluateProblem(error, self.mspId);
    });
    if (!found) throw new ProblemError('not-found', { resource: 'transaction' });
    const { validationCode, blockNumber, timestampMs } = found;
    const view: z.infer<typeof TransactionView> = {
      id,
      status: validationCode === StatusCode.VALID ? 'valid' : 'invalid',
      validationCode,
      validation: NAMES.get(validationCode) ?? 'UNKNOWN',
      blockNumber: Number(blockNumber),
      at: new Date(timestampMs).toISOString(),
    };
    response.json(view);
  };
}
