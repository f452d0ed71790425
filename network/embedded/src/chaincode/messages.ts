/** Messages of the shim protocol that a peer sends by itself. */
import { peer } from '@hyperledger/fabric-protos';
import type { MessageType } from './state-requests.js';
import type { Invocation } from './transaction-context.js';

const { ChaincodeMessage } = peer;
const { Type } = ChaincodeMessage;

// The call that was proposed is the same for all peers of this process.
const proposedCalls = new WeakMap<peer.ChaincodeInput, Uint8Array>();

/** The message that has the chaincode run. */
export function callBytes(invocation: Invocation, input: peer.ChaincodeInput): Uint8Array {
  const known = proposedCalls.get(input);
  if (known !== undefined) return known;
  const message = new ChaincodeMessage();
  message.setType(Type.TRANSACTION);
  message.setTxid(invocation.transactionId);
  message.setChannelId(invocation.channelId);
  message.setPayload(input.serializeBinary());
  message.setProposal(invocation.proposal.signed);
  const bytes = message.serializeBinary();
  if (input === invocation.proposal.input) proposedCalls.set(input, bytes);
  return bytes;
}

/** What a message belongs to. */
export const contextKey = (channelId: string, transactionId: string): string =>
  `${channelId}/${transactionId}`;

/** A message without content. */
export function typed(type: MessageType): peer.ChaincodeMessage {
  const message = new ChaincodeMessage();
  message.setType(type);
  return message;
}

export const typeName = (type: number): string =>
  Object.entries(Type).find(([, number]) => number === type)?.[0] ?? String(type);
