/** `POST /transactions/prepare`, `…/endorse`, `…/submit`: acts whose keys never reach this gateway. */
import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { TransactionId } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { ProblemError } from '../problem.js';
import type { Permit, ToSign } from '../signing/signing.js';
import { jsonBody } from './body.js';
import { validated } from './input.js';
import { callerOf } from './decisions.js';
import { authorized, type Services } from './operation.js';
import { preferences } from './preferences.js';
import { send } from './writing.js';

/** As large as what Fabric takes of one transaction; the limit of bodies holds beside it. */
const Base64 = z.base64().min(1);
const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Signature = Base64.max(128).meta({
  description: 'Base64 of ECDSA (P-256, SHA-256) in DER, S in the lower half of the group order',
});

export const PrepareBody = z
  .strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH']),
    path: z.string().max(500).meta({
      description: 'The path that the act has here',
      example: '/api/v1/resolutions/admission-bavaria/ballot',
    }),
    body: z
      .unknown()
      .optional()
      .meta({ description: 'The body that the act has here', example: { choice: 'yes' } }),
    certificate: z.string().max(20_000).meta({ description: 'PEM of whoever will sign' }),
  })
  .meta({ id: 'ActToSign' });

export const ToSignView = {
  proposal: z
    .object({
      transactionId: TransactionId,
      proposal: Base64.meta({ description: 'What is to be signed: Base64 of `protos.Proposal`' }),
      digest: Sha256Hex.meta({ description: 'SHA-256 of it' }),
    })
    .meta({ id: 'ProposalToSign' }),
  transaction: z
    .object({
      transactionId: TransactionId,
      transaction: Base64.meta({ description: 'What is to be signed: Base64 of `common.Payload`' }),
      digest: Sha256Hex.meta({ description: 'SHA-256 of it' }),
    })
    .meta({ id: 'TransactionToSign' }),
};

export const EndorseBody = z
  .strictObject({ proposal: Base64, signature: Signature })
  .meta({ id: 'SignedProposal' });
export const SubmitBody = z
  .strictObject({ transaction: Base64, signature: Signature })
  .meta({ id: 'SignedTransaction' });

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

const toSign = ({ transactionId, bytes }: ToSign) => ({
  transactionId,
  base64: Buffer.from(bytes).toString('base64'),
  digest: createHash('sha256').update(bytes).digest('hex'),
});

/** Who may have what is signed elsewhere done: whoever's proof gives the office that the certificate has. */
function permitFor(request: Request, response: Response, services: Services): Permit {
  return async (act, allowed, office) => {
    if (!allowed.includes(office)) throw new ProblemError('role-not-allowed', { act, roles: allowed });
    if (!callerOf(response).roles.includes(office))
      throw new ProblemError('certificate-not-accepted', {
        reason: `the caller has not its office, ${office}`,
      });
    await authorized(request, response, { ...services, identities: new Set([office]) }, act, [office]);
  };
}

export const prepareHandler =
  (services: Services): RequestHandler =>
  async (request, response) => {
    const { certificate, ...act } = validated(PrepareBody, jsonBody(request));
    const { transactionId, base64, digest } = toSign(
      await services.signing.prepare(act, certificate, permitFor(request, response, services)),
    );
    response.json({ transactionId, proposal: base64, digest } satisfies z.infer<typeof ToSignView.proposal>);
  };

export const endorseHandler =
  (services: Services): RequestHandler =>
  async (request, response) => {
    const { proposal, signature } = validated(EndorseBody, jsonBody(request));
    const signed = { bytes: bytesOf(proposal), signature: bytesOf(signature) };
    const { transactionId, base64, digest } = toSign(
      await services.signing.endorse(signed, permitFor(request, response, services)),
    );
    response.json({ transactionId, transaction: base64, digest } satisfies z.infer<
      typeof ToSignView.transaction
    >);
  };

export const submitHandler =
  (services: Services): RequestHandler =>
  async (request, response) => {
    const { transaction, signature } = validated(SubmitBody, jsonBody(request));
    const act = await services.signing.act(
      { bytes: bytesOf(transaction), signature: bytesOf(signature) },
      permitFor(request, response, services),
    );
    const { transactionId, proposalHash } = act.signed;
    const preferred = preferences(request.get('prefer'));
    const outcome = await services.writes.ask(act, {
      // The transaction is its own key: submitted twice it is the same.
      key: { id: `transaction-${transactionId}`, fingerprint: proposalHash },
      ...(preferred.respondAsync ? { acceptAfterMs: preferred.waitMs ?? 0 } : {}),
    });
    send(response, outcome, preferred);
  };
