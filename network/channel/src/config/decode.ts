import { decodeMessage } from '../encoding/message.js';
import { ChannelConfigError } from './errors.js';

/**
 * Reads a message that stands in a configuration.
 * @throws ChannelConfigError if its bytes are malformed
 */
export function decodeConfigMessage<T>(
  type: { deserializeBinary(bytes: Uint8Array): T },
  bytes: Uint8Array,
  what: string,
): T {
  return decodeMessage(type, bytes, (cause) => new ChannelConfigError(`malformed ${what}`, { cause }));
}
