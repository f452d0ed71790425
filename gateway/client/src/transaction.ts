/** What a transaction says, read from the bytes that its user signs (`common.Payload`). */
import { equal } from './bytes.js';
import * as fabric from './fabric-messages.js';
import { contentOf, nameOf, proposalHash, type ProposalContent, type ProposalParts } from './proposal.js';
import { MalformedError } from './wire.js';

/** A key that was read. */
export interface ReadKey {
  readonly namespace: string;
  readonly key: string;
  /** Where it was written last; absent: there was none. */
  readonly version?: { readonly block: bigint; readonly transaction: bigint };
}

/** A range of keys that was read. */
export interface ReadRange {
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
}

/** A key that will be written. */
export interface WrittenKey {
  readonly namespace: string;
  readonly key: string;
  /** Absent: the key is deleted. */
  readonly value?: Uint8Array;
}

/** A key whose policy or other metadata will be set. */
export interface WrittenMetadata {
  readonly namespace: string;
  readonly key: string;
  readonly names: readonly string[];
}

/** What peers say that an act leads to, beside the act itself. */
export interface TransactionContent extends ProposalContent {
  /** MSP ids of those who say so. Their signatures are checked by every peer, not here. */
  readonly endorsers: readonly string[];
  /** What the contract answers. */
  readonly result: Uint8Array;
  readonly reads: readonly ReadKey[];
  readonly ranges: readonly ReadRange[];
  readonly writes: readonly WrittenKey[];
  readonly metadata: readonly WrittenMetadata[];
  /** What others are told. */
  readonly event?: { readonly name: string; readonly payload: Uint8Array };
}

const OK = 200n;

function effectsOf(
  results: Uint8Array,
): Pick<TransactionContent, 'reads' | 'ranges' | 'writes' | 'metadata'> {
  const sets = fabric.TxReadWriteSet.read(results).namespaces.map(({ namespace, rwset }) => ({
    namespace,
    set: fabric.KeyValueSet.read(rwset),
  }));
  return {
    reads: sets.flatMap(({ namespace, set }) =>
      set.reads.map(({ key, version }) => ({
        namespace,
        key,
        ...(version
          ? { version: { block: version.blockNumber, transaction: version.transactionNumber } }
          : {}),
      })),
    ),
    ranges: sets.flatMap(({ namespace, set }) =>
      set.rangeQueries.map(({ startKey, endKey }) => ({ namespace, from: startKey, to: endKey })),
    ),
    writes: sets.flatMap(({ namespace, set }) =>
      set.writes.map(({ key, isDelete, value }) => ({ namespace, key, ...(isDelete ? {} : { value }) })),
    ),
    metadata: sets.flatMap(({ namespace, set }) =>
      set.metadataWrites.map(({ key, entries }) => ({
        namespace,
        key,
        names: entries.map(({ name }) => name),
      })),
    ),
  };
}

function eventOf(bytes: Uint8Array, { chaincode, transactionId }: ProposalContent) {
  if (bytes.length === 0) return {};
  const { chaincodeId, txId, eventName, payload } = fabric.ChaincodeEvent.read(bytes);
  if (chaincodeId !== chaincode || txId !== transactionId)
    throw new MalformedError('protos.ChaincodeEvent', 'belongs to another transaction');
  return { event: { name: eventName, payload } };
}

/** The parts of the proposal that a transaction repeats, and the action that endorsers answered with. */
function cut(bytes: Uint8Array) {
  const { header, data } = fabric.Payload.read(bytes);
  const [action, ...more] = fabric.Transaction.read(data).actions;
  if (!header || !action || more.length > 0)
    throw new MalformedError('protos.Transaction', 'must be one act with its header');
  if (!equal(action.header, header.signatureHeader))
    throw new MalformedError('protos.TransactionAction.header', 'is not that of the transaction');
  const { chaincodeProposalPayload, action: endorsed } = fabric.ChaincodeActionPayload.read(action.payload);
  if (!endorsed || endorsed.endorsements.length === 0)
    throw new MalformedError('protos.ChaincodeActionPayload', 'is endorsed by nobody');
  const parts: ProposalParts = { ...header, payload: chaincodeProposalPayload };
  return { parts, endorsed };
}

/** The proposal that a transaction repeats. */
export const proposalPartsOf = (bytes: Uint8Array): ProposalParts => cut(bytes).parts;

/**
 * Reads a transaction.
 * @param bytes `common.Payload` of its envelope: what is signed second.
 * @throws {MalformedError} if it isn't one endorsed act of one chaincode, wholly and consistently.
 */
export async function readTransaction(bytes: Uint8Array): Promise<TransactionContent> {
  const { parts, endorsed } = cut(bytes);
  const content = await contentOf(parts);
  const answer = fabric.ProposalResponsePayload.read(endorsed.proposalResponsePayload);
  if (!equal(answer.proposalHash, await proposalHash(parts)))
    throw new MalformedError('protos.ProposalResponsePayload.proposalHash', 'is of another proposal');
  const action = fabric.ChaincodeAction.read(answer.extension);
  // The version of the chaincode is the peer's to name.
  if (nameOf(action.chaincodeId && { ...action.chaincodeId, version: '' }, 'chaincode') !== content.chaincode)
    throw new MalformedError('protos.ChaincodeAction.chaincodeId', 'is another chaincode');
  if (action.response?.status !== OK)
    throw new MalformedError('protos.ChaincodeAction.response', 'is a refusal');
  return {
    ...content,
    endorsers: endorsed.endorsements.map(({ endorser }) => fabric.SerializedIdentity.read(endorser).mspId),
    result: action.response.payload,
    ...effectsOf(action.results),
    ...eventOf(action.events, content),
  };
}
