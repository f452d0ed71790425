/** A generated protobuf class. */
interface MessageType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

/**
 * Reads a protobuf message that came from elsewhere. The runtime throws untyped errors on malformed bytes; here they
 * become what `toError` makes of them.
 */
export function decodeMessage<T>(
  type: MessageType<T>,
  bytes: Uint8Array,
  toError: (cause: unknown) => Error,
): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (cause) {
    throw toError(cause);
  }
}

/** Reads a protobuf message that came from elsewhere, or gives undefined where the bytes are malformed. */
export function tryDecodeMessage<T>(type: MessageType<T>, bytes: Uint8Array): T | undefined {
  try {
    return type.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}
