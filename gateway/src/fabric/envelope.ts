/** Reading a transaction's envelope, as the orderers put it into a block. */
import { createHash } from 'node:crypto';
import { common, gateway, ledger, peer } from '@hyperledger/fabric-protos';

/** What an envelope's header says. */
export interface EnvelopeHeader {
  readonly transactionId: string;
  /** `common.HeaderType` */
  readonly type: number;
  /** The transaction's timestamp, in milliseconds; chosen by its client. */
  readonly timestampMs: number;
}

/** What a chaincode reported with a transaction. */
export interface ContractEvent {
  readonly chaincode: string;
  readonly name: string;
  readonly payload: Uint8Array;
}

/** A key that a transaction writes, deletes or gives a policy. */
export interface WrittenKey {
  /** The chaincode's name. */
  readonly namespace: string;
  /** Absent: keys of private data, of which only hashes are known. */
  readonly key?: string;
}

/** What an endorsed transaction holds. */
export interface TransactionContent {
  /** See {@link proposalHash}. */
  readonly proposalHash: string;
  /** What the contract answered: endorsed along with what it wrote. */
  readonly result: Uint8Array;
  /** Absent if it reported nothing. Fabric keeps one event a transaction. */
  readonly event?: ContractEvent;
  /** What it writes if it is valid. */
  readonly written: () => WrittenKey[];
}

/** An envelope: its header, and what it holds once somebody wants to know. */
export interface ReadEnvelope extends EnvelopeHeader {
  /** @throws {Error} if it holds no endorsed transaction. */
  readonly content: () => TransactionContent;
}

/**
 * SHA-256 (hex) over a proposal's channel header, signature header and payload: what was asked for, by whom and when.
 * Endorsers sign it, and a peer refuses a transaction whose contents don't hash to it, so that a valid transaction with
 * this hash is the one that was proposed.
 */
function proposalHash(header: common.Header, payload: Uint8Array): string {
  return createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(payload)
    .digest('hex');
}

/** `protos.Proposal` of what the client library hands out for signing elsewhere. */
export function proposalBytes(proposedTransaction: Uint8Array): Uint8Array {
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposedTransaction);
  return proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
}

/**
 * Hash of a proposal, from its bytes (`protos.Proposal`). It has to be one without transient data, which wouldn't get
 * into the transaction.
 */
export function hashOfProposal(bytes: Uint8Array): string {
  const proposal = peer.Proposal.deserializeBinary(bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  return proposalHash(header, proposal.getPayload_asU8());
}

function eventOf(action: peer.ChaincodeAction): ContractEvent | undefined {
  const bytes = action.getEvents_asU8();
  if (bytes.length === 0) return undefined;
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  return {
    chaincode: event.getChaincodeId(),
    name: event.getEventName(),
    payload: event.getPayload_asU8(),
  };
}

function writtenBy(action: peer.ChaincodeAction): WrittenKey[] {
  const { rwset } = ledger;
  return rwset.TxReadWriteSet.deserializeBinary(action.getResults_asU8())
    .getNsRwsetList()
    .flatMap((part): WrittenKey[] => {
      const namespace = part.getNamespace();
      const set = rwset.kvrwset.KVRWSet.deserializeBinary(part.getRwset_asU8());
      const keys = [...set.getWritesList(), ...set.getMetadataWritesList()].map((write) => write.getKey());
      const isPrivate = part.getCollectionHashedRwsetList().length > 0;
      return [...keys.map((key) => ({ namespace, key })), ...(isPrivate ? [{ namespace }] : [])];
    });
}

function contentOf(header: common.Header, data: Uint8Array): TransactionContent {
  const [action] = peer.Transaction.deserializeBinary(data).getActionsList();
  if (!action) throw new Error('the envelope holds no endorsed transaction');
  const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const response = peer.ProposalResponsePayload.deserializeBinary(
    payload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const chaincodeAction = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const event = eventOf(chaincodeAction);
  return {
    proposalHash: proposalHash(header, payload.getChaincodeProposalPayload_asU8()),
    result: chaincodeAction.getResponse()?.getPayload_asU8() ?? new Uint8Array(),
    ...(event && { event }),
    written: () => writtenBy(chaincodeAction),
  };
}

/**
 * Reads an envelope.
 * @param payload `common.Payload` of the envelope.
 * @throws {Error} if it isn't one; peers commit such as invalid.
 */
export function readEnvelope(payload: Uint8Array): ReadEnvelope {
  const { Payload, Header, ChannelHeader } = common;
  const read = Payload.deserializeBinary(payload);
  const header = read.getHeader() ?? new Header();
  const channelHeader = ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  return {
    transactionId: channelHeader.getTxId(),
    type: channelHeader.getType(),
    timestampMs: channelHeader.getTimestamp()?.toDate().getTime() ?? 0,
    content: () => contentOf(header, read.getData_asU8()),
  };
}
