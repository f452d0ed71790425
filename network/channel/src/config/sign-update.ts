import { common } from '@hyperledger/fabric-protos';
import { createEnvelope } from '../blocks/envelope.js';
import { createNonce } from '../blocks/nonce.js';
import type { Signer } from '../signing/signer.js';

/** One administrator's signature on an update (serialized `common.ConfigUpdate`). */
export function signConfigUpdate(update: Uint8Array, signer: Signer): common.ConfigSignature {
  const header = new common.SignatureHeader();
  header.setCreator(signer.identity);
  header.setNonce(createNonce());
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(header.serializeBinary());
  signature.setSignature(signer.sign(Buffer.concat([signature.getSignatureHeader_asU8(), update])));
  return signature;
}

/** The update with its signatures, as an envelope of type CONFIG_UPDATE for an orderer's Broadcast. */
export function configUpdateEnvelope(
  update: Uint8Array,
  signatures: readonly common.ConfigSignature[],
  signer: Signer,
): common.Envelope {
  const content = new common.ConfigUpdateEnvelope();
  content.setConfigUpdate(update);
  content.setSignaturesList([...signatures]);
  return createEnvelope(
    {
      type: common.HeaderType.CONFIG_UPDATE,
      channelId: common.ConfigUpdate.deserializeBinary(update).getChannelId(),
      data: content.serializeBinary(),
    },
    signer,
  );
}

/** An accepted update as the orderer that accepted it puts it into a block: an envelope of type CONFIG. */
export function configEnvelope(
  channelId: string,
  config: common.Config,
  lastUpdate: common.Envelope,
  signer: Signer,
): common.Envelope {
  const content = new common.ConfigEnvelope();
  content.setConfig(config);
  content.setLastUpdate(lastUpdate);
  return createEnvelope(
    { type: common.HeaderType.CONFIG, channelId, data: content.serializeBinary() },
    signer,
  );
}
