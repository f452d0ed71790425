/** Whether bytes that are to be signed say what was asked for. */
import { partsOf, readProposal, sameParts, type ProposalContent } from './proposal.js';
import { proposalPartsOf, readTransaction, type TransactionContent } from './transaction.js';

/** What somebody means to sign. */
export interface Expectation {
  readonly channel: string;
  readonly chaincode: string;
  readonly transaction: string;
  readonly input: unknown;
  readonly mspId: string;
  /** PEM of the one who signs. */
  readonly certificate: string;
}

/** Why nothing was signed: the bytes say something else than what was asked for. */
export class NotWhatWasAskedError extends Error {
  override readonly name = 'NotWhatWasAskedError';
  /** @param part What of them differs. */
  constructor(readonly part: string) {
    super(`not signed: the ${part} is not the one that was asked for`);
  }
}

/** How far the time of an act may be off this machine's clock. Peers refuse what is off theirs by much less. */
const LONGEST_MS = 15 * 60_000;

/** JSON with names in order, so that equal values are equal texts; `undefined` is left out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const PEM = /-----[^-]+-----|\s/g;

function differing(content: ProposalContent, asked: Expectation): string | undefined {
  const pairs: readonly (readonly [part: string, said: string, meant: string])[] = [
    ['channel', content.channel, asked.channel],
    ['chaincode', content.chaincode, asked.chaincode],
    ['function', content.transaction, asked.transaction],
    ['input', canonical(content.input), canonical(asked.input)],
    ['organization', content.creator.mspId, asked.mspId],
    ['certificate', content.creator.certificate.replaceAll(PEM, ''), asked.certificate.replaceAll(PEM, '')],
  ];
  return pairs.find(([, said, meant]) => said !== meant)?.[0];
}

/**
 * Reads a proposal and makes sure that it is the act that was asked for.
 * @throws {MalformedError} if it is none at all.
 * @throws {NotWhatWasAskedError} if it is another one.
 */
export async function expectedProposal(bytes: Uint8Array, asked: Expectation): Promise<ProposalContent> {
  const content = await readProposal(bytes);
  const part = differing(content, asked);
  if (part !== undefined) throw new NotWhatWasAskedError(part);
  if (Math.abs(content.at.getTime() - Date.now()) > LONGEST_MS) throw new NotWhatWasAskedError('time');
  return content;
}

/**
 * Reads a transaction and makes sure that it is of the proposal that was signed before, and touches its chaincode alone.
 * @throws {MalformedError} if it is none at all.
 * @throws {NotWhatWasAskedError} if it is another one.
 */
export async function expectedTransaction(
  bytes: Uint8Array,
  signedProposal: Uint8Array,
): Promise<TransactionContent> {
  if (!sameParts(proposalPartsOf(bytes), partsOf(signedProposal))) throw new NotWhatWasAskedError('proposal');
  const content = await readTransaction(bytes);
  if ([...content.writes, ...content.metadata].some(({ namespace }) => namespace !== content.chaincode))
    throw new NotWhatWasAskedError('chaincode that is written to');
  return content;
}
