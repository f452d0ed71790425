/** The chaincode events of a block: those of its valid transactions, in their order. */
import { common, peer } from '@hyperledger/fabric-protos';
import { Code } from './codes.js';
import { codesOf, envelopesOf, openEnvelope, openTransaction } from './envelope.js';

// Many clients follow the same blocks.
const remembered = new WeakMap<common.Block, readonly peer.ChaincodeEvent[]>();

export function chaincodeEvents(block: common.Block): readonly peer.ChaincodeEvent[] {
  const known = remembered.get(block);
  if (known !== undefined) return known;
  const codes = codesOf(block);
  const events = envelopesOf(block).flatMap((bytes, index) =>
    codes[index] === Code.VALID ? (eventOf(bytes) ?? []) : [],
  );
  remembered.set(block, events);
  return events;
}

function eventOf(bytes: Uint8Array): peer.ChaincodeEvent | undefined {
  const opened = openEnvelope(common.Envelope.deserializeBinary(bytes));
  if (opened.channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const action = peer.ChaincodeAction.deserializeBinary(openTransaction(opened.data).extension);
  const event = action.getEvents_asU8();
  return event.length === 0 ? undefined : peer.ChaincodeEvent.deserializeBinary(event);
}
