/** What an orderer says of a channel to one of its organizations: how far it is, or that it doesn't know who asks. */
import { common, orderer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
import { CONNECTION_OPTIONS, deadline, tlsCredentials, type NodeAddress } from './connection.js';
import { seekEnvelope } from './seek.js';

const TIMEOUT_MS = 5_000;

/**
 * - a number: how many blocks it has
 * - `refused`: whoever asks is of no organization of the channel, as this orderer has it
 * - undefined: it can't be reached, or doesn't serve the channel (yet)
 */
export type OrdererAnswer = number | 'refused' | undefined;

/** Asks for the newest block: only who may read the channel gets it. */
export async function askOrderer(
  address: NodeAddress,
  channel: string,
  signer: Signer,
): Promise<OrdererAnswer> {
  const client = new orderer.AtomicBroadcastClient(
    address.endpoint,
    tlsCredentials(address),
    CONNECTION_OPTIONS,
  );
  try {
    return await new Promise<OrdererAnswer>((resolve) => {
      const stream = client.deliver(deadline(TIMEOUT_MS));
      stream.once('data', (response: orderer.DeliverResponse) => {
        const number = response.getBlock()?.getHeader()?.getNumber();
        if (number !== undefined) resolve(number + 1);
        else resolve(response.getStatus() === common.Status.FORBIDDEN ? 'refused' : undefined);
        stream.cancel();
      });
      stream.on('error', () => resolve(undefined));
      stream.once('end', () => resolve(undefined));
      stream.write(seekEnvelope(channel, signer, { from: 'newest', to: 'newest' }));
    });
  } finally {
    client.close();
  }
}
