/** Takes envelopes apart: payload, headers, and for an endorser transaction its action and read-write set. */
import { common, ledger, peer } from '@hyperledger/fabric-protos';

export interface OpenedEnvelope {
  readonly payloadBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  /** Both headers as they were signed. */
  readonly header: common.Header;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
}

/** An envelope whose payload can be read but whose headers can't. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/**
 * @throws HeaderError if a header is missing or can't be read
 * @throws Error if the payload can't be read
 */
export function openEnvelope(envelope: common.Envelope): OpenedEnvelope {
  const payloadBytes = envelope.getPayload_asU8();
  const payload = common.Payload.deserializeBinary(payloadBytes);
  const header = payload.getHeader();
  if (header === undefined) throw new HeaderError('header not set');
  const read = <T>(type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Uint8Array): T => {
    try {
      return type.deserializeBinary(bytes);
    } catch (cause) {
      throw new HeaderError('error unmarshalling header', { cause });
    }
  };
  return {
    payloadBytes,
    signature: envelope.getSignature_asU8(),
    data: payload.getData_asU8(),
    header,
    channelHeader: read(common.ChannelHeader, header.getChannelHeader_asU8()),
    signatureHeader: read(common.SignatureHeader, header.getSignatureHeader_asU8()),
  };
}

/** The one action of an endorser transaction. */
export interface TransactionAction {
  readonly actionHeader: Uint8Array;
  readonly proposalPayload: Uint8Array;
  /** The bytes that the endorsers signed (with their identity behind them). */
  readonly responsePayload: Uint8Array;
  readonly proposalHash: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
  /** The serialised `ChaincodeAction`. */
  readonly extension: Uint8Array;
}

/** @throws Error if something can't be read or isn't there, or if there is not exactly one action. */
export function openTransaction(data: Uint8Array): TransactionAction {
  const actions = peer.Transaction.deserializeBinary(data).getActionsList();
  const [action] = actions;
  if (action === undefined || actions.length !== 1) {
    throw new Error(`only one action per transaction is supported, tx contains ${actions.length}`);
  }
  const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = payload.getAction();
  if (endorsed === undefined) throw new Error('nil action');
  const responsePayload = endorsed.getProposalResponsePayload_asU8();
  const response = peer.ProposalResponsePayload.deserializeBinary(responsePayload);
  return {
    actionHeader: action.getHeader_asU8(),
    proposalPayload: payload.getChaincodeProposalPayload_asU8(),
    responsePayload,
    proposalHash: response.getProposalHash_asU8(),
    endorsements: endorsed.getEndorsementsList(),
    extension: response.getExtension_asU8(),
  };
}

/** The read-write set of one namespace, parsed. */
export interface NamespaceRwSet {
  readonly namespace: string;
  readonly set: ledger.rwset.kvrwset.KVRWSet;
  readonly collections: readonly {
    readonly name: string;
    readonly set: ledger.rwset.kvrwset.HashedRWSet;
    readonly privateHash: Uint8Array;
  }[];
}

/** @throws Error if the bytes aren't a read-write set. */
export function openRwSet(results: Uint8Array): NamespaceRwSet[] {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .map((entry) => ({
      namespace: entry.getNamespace(),
      set: ledger.rwset.kvrwset.KVRWSet.deserializeBinary(entry.getRwset_asU8()),
      collections: entry.getCollectionHashedRwsetList().map((collection) => ({
        name: collection.getCollectionName(),
        set: ledger.rwset.kvrwset.HashedRWSet.deserializeBinary(collection.getHashedRwset_asU8()),
        privateHash: collection.getPvtRwsetHash_asU8(),
      })),
    }));
}

/** The envelopes of a block. */
export function envelopesOf(block: common.Block): Uint8Array[] {
  return block.getData()?.getDataList_asU8() ?? [];
}

/** The validation code of each transaction of a stored block. */
export function codesOf(block: common.Block): Uint8Array {
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  return metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array();
}
