/**
 * Acts whose keys are elsewhere: what is to be signed is made here, what was signed is checked here. Nothing is kept between
 * the steps; each believes only the bytes that it is given.
 *
 * The token says who may use this gateway, the certificate who acts on the ledger. The certificate's office must be one of
 * the token's: else the gateway would lend its peer to an office that nobody let in, and its own records would name
 * another than the ledger does.
 */
import { verify } from 'node:crypto';
import {
  MalformedError,
  rawOfLowS,
  readProposal,
  readTransaction,
  type ProposalContent,
} from 'umlauf-client';
import type { Role } from 'umlauf-chaincode/api';
import type { ChannelConfig } from '../fabric/channel-config.js';
import type { ElsewhereClient } from '../fabric/elsewhere-client.js';
import { invalidInput } from '../http/input.js';
import type { Self } from '../http/route.js';
import type { Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import type { Act } from '../writes/perform.js';
import { actOfRequest, actOfTransaction, type FoundAct, type RequestedAct } from './act.js';
import { signingCertificate, type SigningCertificate } from './certificate.js';

/** What a {@link Signing} works with. */
export interface SigningParts {
  readonly self: Self;
  readonly channel: string;
  readonly chaincode: string;
  readonly config: () => Promise<Pick<ChannelConfig, 'authorities'>>;
  readonly client: Pick<ElsewhereClient, 'propose'>;
  readonly ledger: Pick<Ledger, 'endorseSigned'>;
  readonly now: () => Date;
}

/**
 * Decides whether whoever asks may have this done in the office of the certificate, and notes it.
 * @throws {ProblemError} if not.
 */
export type Permit = (act: string, allowed: readonly Role[], office: Role) => Promise<void>;

/** Bytes to be signed, and the transaction that they are of. */
export interface ToSign {
  readonly transactionId: string;
  readonly bytes: Uint8Array;
}

/** Bytes and a signature over them, in DER. */
export interface Signed {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** The steps of an act that is signed elsewhere. */
export class Signing {
  constructor(private readonly parts: SigningParts) {}

  /**
   * Makes the proposal of an act.
   * @param certificate PEM of whoever will sign.
   * @throws {ProblemError} `invalid-input`, `certificate-not-accepted`, `role-not-allowed`, …
   */
  async prepare(act: RequestedAct, certificate: string, permit: Permit): Promise<ToSign> {
    const found = actOfRequest(act, this.parts.self);
    const signer = await this.#signer(certificate);
    await permitted(found, signer, permit);
    const bytes = this.parts.client.propose(
      certificate,
      found.route.transaction,
      JSON.stringify(found.input),
    );
    const { transactionId } = await readProposal(bytes);
    return { transactionId, bytes };
  }

  /**
   * Has a signed proposal endorsed.
   * @throws {ProblemError} as {@link prepare}, `signature-not-accepted`, the contract's own.
   */
  async endorse({ bytes, signature }: Signed, permit: Permit): Promise<ToSign> {
    const content = await wellFormed('proposal', () => readProposal(bytes));
    const { route, input } = await this.#checked(content, { bytes, signature }, permit);
    const { transactionId } = content;
    const payload = await this.parts.ledger.endorseSigned(route.transaction, input, {
      transactionId,
      bytes,
      signature,
    });
    return { transactionId, bytes: payload };
  }

  /**
   * Makes of a signed transaction what is to be written.
   * @throws {ProblemError} as {@link endorse}.
   */
  async act({ bytes, signature }: Signed, permit: Permit): Promise<Act & Required<Pick<Act, 'signed'>>> {
    const content = await wellFormed('transaction', () => readTransaction(bytes));
    const { route, input, role } = await this.#checked(content, { bytes, signature }, permit);
    const { transactionId, proposalHash } = content;
    const signed = {
      transactionId,
      proposalHash,
      payload: Buffer.from(bytes).toString('base64'),
      signature: Buffer.from(signature).toString('base64'),
    };
    return { route, input, role, signed };
  }

  async #signer(certificate: string): Promise<SigningCertificate> {
    const { self, config, now } = this.parts;
    return signingCertificate(certificate, self.mspId, await config(), now());
  }

  async #checked(
    content: ProposalContent,
    signed: Signed,
    permit: Permit,
  ): Promise<FoundAct & { readonly role: Role }> {
    const { self, channel, chaincode } = this.parts;
    if (content.channel !== channel) throw invalidInput('channel', `must be ${channel}`);
    if (content.chaincode !== chaincode) throw invalidInput('chaincode', `must be ${chaincode}`);
    if (content.creator.mspId !== self.mspId) throw invalidInput('creator', `must be of ${self.mspId}`);
    const found = actOfTransaction(content.transaction, content.input, self);
    const signer = await this.#signer(content.creator.certificate);
    checkSignature(signed, signer);
    await permitted(found, signer, permit);
    return { ...found, role: signer.role };
  }
}

const permitted = (
  { route, addressed }: FoundAct,
  { role }: SigningCertificate,
  permit: Permit,
): Promise<void> => permit(route.transaction, route.roles(addressed), role);

/** @throws {ProblemError} `signature-not-accepted`. */
function checkSignature({ bytes, signature }: Signed, { certificate }: SigningCertificate): void {
  let raw: Uint8Array;
  try {
    raw = rawOfLowS(signature);
  } catch (error) {
    throw new ProblemError(
      'signature-not-accepted',
      { reason: 'it is no DER with a low S' },
      { cause: error },
    );
  }
  const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', bytes, key, raw))
    throw new ProblemError('signature-not-accepted', {
      reason: 'it was not made with its key over these bytes',
    });
}

async function wellFormed<T>(part: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MalformedError) throw invalidInput(part, error.message);
    throw error;
  }
}
