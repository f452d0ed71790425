/** What the probes of events and of blocks have in common: streams and how they end. */
import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import type { Network } from '@hyperledger/fabric-gateway';
import type { ClientOptions } from './client.js';
import { outcome } from './failure.js';
import type { Json } from './json.js';
import type { Stage } from './stage.js';

/** Takes so many items and closes the stream. */
export async function take<T>(opened: Promise<CloseableAsyncIterable<T>>, count: number): Promise<T[]> {
  const stream = await opened;
  const items: T[] = [];
  try {
    for await (const item of stream) {
      items.push(item);
      if (items.length === count) break;
    }
  } finally {
    stream.close();
  }
  return items;
}

/** What a stream told until it ended, and how it ended. */
export async function untilEnd<T>(
  opened: Promise<CloseableAsyncIterable<T>>,
  tell: (item: T) => Json,
): Promise<Json> {
  const told: Json[] = [];
  const end = await outcome(
    (async () => {
      for await (const item of await opened) told.push(tell(item));
      return 'end of the stream';
    })(),
  );
  return { told, end };
}

export const unknownChannel = (stage: Stage): Network => stage.clients.gateway(1).getNetwork('elsewhere');

/** A client whose signatures are none of what it asks. */
export const forging = (stage: Stage): ClientOptions => {
  const honest = stage.clients.user(1);
  return { signer: { ...honest, sign: () => honest.sign(Buffer.from('something else')) } };
};
