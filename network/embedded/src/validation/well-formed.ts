/**
 * First part of a peer's validation of a transaction (Fabric: core/common/validation): is the envelope well formed,
 * signed by its creator, its id computed from nonce and creator, and is it the proposal that was endorsed?
 */
import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { transactionId } from 'umlauf-channel';
import type { ChannelConfig } from 'umlauf-channel';
import { Code } from '../protocol/codes.js';
import { HeaderError, openEnvelope, openTransaction } from '../protocol/envelope.js';
import type { OpenedEnvelope, TransactionAction } from '../protocol/envelope.js';
import { verifyOnce } from '../protocol/signatures.js';

export type WellFormed =
  | { readonly code: Code; readonly id: string }
  | { readonly id: string; readonly opened: OpenedEnvelope; readonly action?: TransactionAction };

const { HeaderType } = common;

export function wellFormed(bytes: Uint8Array, config: ChannelConfig): WellFormed {
  let envelope: common.Envelope;
  try {
    envelope = common.Envelope.deserializeBinary(bytes);
  } catch {
    return { code: Code.INVALID_OTHER_REASON, id: '' };
  }
  let opened: OpenedEnvelope;
  try {
    opened = openEnvelope(envelope);
  } catch (error) {
    return { code: error instanceof HeaderError ? Code.BAD_COMMON_HEADER : Code.BAD_PAYLOAD, id: '' };
  }
  const id = opened.channelHeader.getTxId();
  const type = opened.channelHeader.getType();
  if (!headerOk(opened)) return { code: Code.BAD_COMMON_HEADER, id };
  if (!signedByCreator(opened, config)) return { code: Code.BAD_CREATOR_SIGNATURE, id };
  if (type === HeaderType.CONFIG) return { id, opened };
  if (type !== HeaderType.ENDORSER_TRANSACTION) return { code: Code.UNSUPPORTED_TX_PAYLOAD, id };
  const { signatureHeader } = opened;
  if (id !== transactionId(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8())) {
    return { code: Code.BAD_PROPOSAL_TXID, id };
  }
  const action = endorsedAction(opened);
  return action === undefined ? { code: Code.INVALID_ENDORSER_TRANSACTION, id } : { id, opened, action };
}

function headerOk({ channelHeader, signatureHeader }: OpenedEnvelope): boolean {
  const types: number[] = [HeaderType.ENDORSER_TRANSACTION, HeaderType.CONFIG_UPDATE, HeaderType.CONFIG];
  return (
    types.includes(channelHeader.getType()) &&
    channelHeader.getEpoch() === 0 &&
    signatureHeader.getNonce_asU8().length > 0 &&
    signatureHeader.getCreator_asU8().length > 0
  );
}

function signedByCreator(opened: OpenedEnvelope, config: ChannelConfig): boolean {
  try {
    const creator = config.identity(opened.signatureHeader.getCreator_asU8());
    return verifyOnce(creator, opened.payloadBytes, opened.signature);
  } catch {
    return false;
  }
}

/** The action, if the proposal that it answers is the one in the envelope. */
function endorsedAction({ data, header }: OpenedEnvelope): TransactionAction | undefined {
  try {
    const action = openTransaction(data);
    const { length } = common.SignatureHeader.deserializeBinary(action.actionHeader).getNonce_asU8();
    if (length === 0) return undefined;
    const hash = createHash('sha256')
      .update(header.getChannelHeader_asU8())
      .update(action.actionHeader)
      .update(action.proposalPayload)
      .digest();
    return hash.equals(action.proposalHash) ? action : undefined;
  } catch {
    return undefined;
  }
}
