import { common } from '@hyperledger/fabric-protos';
import { decodeEnvelope, EnvelopeError } from '../blocks/envelope.js';
import { decodeMessage } from '../encoding/message.js';
import { ConfigUpdateError } from './errors.js';

/**
 * The signed update inside an envelope of type CONFIG_UPDATE.
 * @throws ConfigUpdateError if the envelope holds none
 */
export function updateOf(envelope: common.Envelope): common.ConfigUpdateEnvelope {
  const refuse = (reason: string, cause?: unknown): ConfigUpdateError =>
    new ConfigUpdateError(`error converting envelope to config update: ${reason}`, { cause });
  try {
    const { channelHeader, payload } = decodeEnvelope(envelope);
    if (channelHeader.getType() !== common.HeaderType.CONFIG_UPDATE) {
      throw refuse(`invalid type ${channelHeader.getType()}, expected CONFIG_UPDATE`);
    }
    return decodeMessage(common.ConfigUpdateEnvelope, payload.getData_asU8(), (cause) =>
      refuse('malformed', cause),
    );
  } catch (error) {
    if (error instanceof EnvelopeError) throw refuse(error.message, error);
    throw error;
  }
}
