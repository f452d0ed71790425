/**
 * Having an act written with a key that the gateway never sees: prepared there, signed here, endorsed, signed here again,
 * submitted. Before each signature the bytes are read, and refused unless they say what was asked for.
 */
import { equal, fromBase64, base64, hex, sha256 } from './bytes.js';
import { describeProposal, describeTransaction } from './describe.js';
import { NotWhatWasAskedError, expectedProposal, expectedTransaction } from './expectation.js';
import type { ProposalContent } from './proposal.js';
import { requestOf, operation } from './request.js';
import type { Answer } from './rest.js';
import type { ActId, Input, OperationId, Output } from './shapes.js';
import type { Sign } from './signature.js';
import type { TransactionContent } from './transaction.js';

/** What is about to be signed. */
export interface Review {
  readonly step: 'proposal' | 'transaction';
  /** For a person. */
  readonly text: string;
  readonly content: ProposalContent | TransactionContent;
}

/** Who signs, and for which ledger. */
export interface ActSigner {
  readonly channel: string;
  readonly chaincode: string;
  readonly mspId: string;
  /** PEM. */
  readonly certificate: string;
  readonly sign: Sign;
  /** Shown what the bytes say before each of the two signatures; `false` leaves it unsigned. Default: signs. */
  readonly confirm?: (review: Review) => boolean | Promise<boolean>;
}

/** Whoever was asked to confirm did not. */
export class NotConfirmedError extends Error {
  override readonly name = 'NotConfirmedError';
  constructor() {
    super('not signed: it was not confirmed');
  }
}

type Call = <Id extends OperationId>(id: Id, input: Input<Id>) => Promise<Answer<Output<Id>>>;

async function bytesOf(encoded: string, digest: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fromBase64(encoded);
  if (hex(await sha256(bytes)) !== digest) throw new NotWhatWasAskedError('digest');
  return bytes;
}

async function signed(bytes: Uint8Array<ArrayBuffer>, review: Review, { sign, confirm }: ActSigner) {
  // What is signed must be what was read, whatever happens to the bytes while a person thinks.
  const copy = bytes.slice();
  if (confirm && !(await confirm(review))) throw new NotConfirmedError();
  if (!equal(copy, bytes)) throw new NotWhatWasAskedError('digest');
  return base64(await sign(copy));
}

/** What the gateway would make of the input, made here, so that it can be compared. */
function completed(id: ActId, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const makesId = id === 'members-apply' || id === 'resolutions-propose';
  return makesId && input['id'] === undefined ? { ...input, id: crypto.randomUUID() } : input;
}

/**
 * Has an act written.
 * @throws {Problem} what the gateway answered: 409 `unchanged` for what stands already.
 * @throws {MalformedError | NotWhatWasAskedError | NotConfirmedError} why it was not signed.
 */
export async function signedAct<Id extends ActId>(
  call: Call,
  id: Id,
  asked: Input<Id>,
  signer: ActSigner,
): Promise<Answer<Output<Id>>> {
  const { certificate } = signer;
  const input = completed(id, { ...asked });
  const { transaction = '' } = operation(id);

  const { body: prepared } = await call('transactions-prepare', {
    ...actOf(requestOf(id, input)),
    certificate,
  });
  const proposal = await bytesOf(prepared.proposal, prepared.digest);
  const act = await expectedProposal(proposal, { ...signer, transaction, input });
  const first = await signed(
    proposal,
    { step: 'proposal', text: describeProposal(act), content: act },
    signer,
  );

  const { body: endorsed } = await call('transactions-endorse', {
    proposal: base64(proposal),
    signature: first,
  });
  const bytes = await bytesOf(endorsed.transaction, endorsed.digest);
  const content = await expectedTransaction(bytes, proposal);
  const second = await signed(
    bytes,
    { step: 'transaction', text: describeTransaction(content), content },
    signer,
  );
  const submit = { transaction: base64(bytes), signature: second };
  return (await call('transactions-submit', submit)) as Answer<Output<Id>>;
}

function actOf({ method, path, body }: ReturnType<typeof requestOf>) {
  if (method === 'GET') throw new TypeError('an act is written');
  return { method, path, ...(body === undefined ? {} : { body }) };
}
