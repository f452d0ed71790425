import { common, orderer } from '@hyperledger/fabric-protos';
import { CONNECTION_OPTIONS, deadline, tlsCredentials, type NodeAddress } from './connection.js';

/** No orderer took an envelope. */
export class BroadcastError extends Error {
  override readonly name = 'BroadcastError';
}

const TIMEOUT_MS = 15_000;

/**
 * Hands an envelope to all orderers at once and returns as soon as one has taken it. Under BFT a follower hands a
 * transaction to the leader only after seconds, so the leader, whoever it is, must get it directly. That one took it
 * doesn't say that it will be in a block: the caller waits for that.
 * @throws BroadcastError with every orderer's reason, if none took it
 */
export async function broadcast(envelope: common.Envelope, orderers: readonly NodeAddress[]): Promise<void> {
  const attempts = orderers.map((address) => send(envelope, address));
  try {
    await Promise.any(attempts);
  } catch (error) {
    const reasons = error instanceof AggregateError ? (error.errors as Error[]) : [error as Error];
    const texts = new Set(reasons.map(({ message }) => message));
    throw new BroadcastError(
      texts.size === 0
        ? 'the channel has no orderers'
        : `no orderer took the envelope: ${[...texts].join('; ')}`,
      { cause: error },
    );
  }
}

async function send(envelope: common.Envelope, address: NodeAddress): Promise<void> {
  const client = new orderer.AtomicBroadcastClient(
    address.endpoint,
    tlsCredentials(address),
    CONNECTION_OPTIONS,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const stream = client.broadcast(deadline(TIMEOUT_MS));
      stream.once('data', (response: orderer.BroadcastResponse) => {
        if (response.getStatus() === common.Status.SUCCESS) resolve();
        else reject(new BroadcastError(`${response.getStatus()} ${response.getInfo()}`));
      });
      stream.once('error', reject);
      stream.once('end', () => reject(new BroadcastError(`${address.endpoint} closed without an answer`)));
      stream.write(envelope);
      stream.end();
    });
  } finally {
    client.close();
  }
}
