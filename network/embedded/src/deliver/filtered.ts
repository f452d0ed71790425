/** A block without its transactions' contents: ids, codes, names of events (Fabric: toFilteredBlock). */
import { common, peer } from '@hyperledger/fabric-protos';
import { codesOf, envelopesOf, openEnvelope, openTransaction } from '../protocol/envelope.js';

type ValidationCode = Parameters<peer.FilteredTransaction['setTxValidationCode']>[0];
type HeaderType = Parameters<peer.FilteredTransaction['setType']>[0];

export function filteredBlock(block: common.Block, channelId: string): peer.FilteredBlock {
  const codes = codesOf(block);
  const result = new peer.FilteredBlock();
  result.setNumber(block.getHeader()?.getNumber() ?? 0);
  result.setChannelId(channelId);
  result.setFilteredTransactionsList(
    envelopesOf(block).flatMap((bytes, index) => filteredTransaction(bytes, codes[index] ?? 0) ?? []),
  );
  return result;
}

function filteredTransaction(bytes: Uint8Array, code: number): peer.FilteredTransaction | undefined {
  try {
    const { channelHeader, data } = openEnvelope(common.Envelope.deserializeBinary(bytes));
    const transaction = new peer.FilteredTransaction();
    transaction.setTxid(channelHeader.getTxId());
    transaction.setType(channelHeader.getType() as HeaderType);
    transaction.setTxValidationCode(code as ValidationCode);
    if (channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION) {
      transaction.setTransactionActions(actions(data));
    }
    return transaction;
  } catch {
    // A transaction that can't be read has nothing to show.
    return undefined;
  }
}

function actions(data: Uint8Array): peer.FilteredTransactionActions {
  const result = new peer.FilteredTransactionActions();
  const action = peer.ChaincodeAction.deserializeBinary(openTransaction(data).extension);
  const bytes = action.getEvents_asU8();
  if (bytes.length === 0) return result;
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  event.setPayload('');
  const filtered = new peer.FilteredChaincodeAction();
  filtered.setChaincodeEvent(event);
  result.setChaincodeActionsList([filtered]);
  return result;
}
