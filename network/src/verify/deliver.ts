/** Blocks of a channel from a peer, through Fabric's Deliver service: the same on either engine. */
import { common, peer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
import { CONNECTION_OPTIONS, tlsCredentials, type NodeAddress } from '../engines/fabric/client/connection.js';
import { seekEnvelope } from '../engines/fabric/client/seek.js';
import { UserError } from '../user-error.js';

/** A peer that sends nothing for so long is taken for dead. */
const SILENCE_MS = 30_000;

/**
 * All blocks that the peer has when it is asked, serialised, from block 0 on.
 * @param signer someone who may read the channel (its Readers policy)
 * @param first from which block on: `newest` gives the last one alone
 * @throws UserError if the peer can't be reached, refuses or falls silent
 */
export async function* deliverBlocks(
  address: NodeAddress,
  channel: string,
  signer: Signer,
  first: 'oldest' | 'newest' = 'oldest',
): AsyncGenerator<Uint8Array, void, undefined> {
  const client = new peer.DeliverClient(address.endpoint, tlsCredentials(address), CONNECTION_OPTIONS);
  const stream = client.deliver();
  const silence = setTimeout(() => stream.destroy(new Error('the peer is silent')), SILENCE_MS);
  try {
    stream.write(seekEnvelope(channel, signer, { from: first, to: 'newest' }));
    for await (const response of stream as AsyncIterable<peer.DeliverResponse>) {
      silence.refresh();
      const block = response.getBlock();
      if (!block) {
        checkEnd(response.getStatus(), address);
        return;
      }
      yield block.serializeBinary();
      silence.refresh(); // what is done with a block is not the peer's silence
    }
    throw new Error('the peer ended the stream early');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`no blocks from the peer at ${address.endpoint}: ${(error as Error).message}`);
  } finally {
    clearTimeout(silence);
    stream.cancel();
    client.close();
  }
}

/** @throws UserError unless all went well */
function checkEnd(status: common.StatusMap[keyof common.StatusMap], { endpoint }: NodeAddress): void {
  if (status === common.Status.SUCCESS) return;
  const name = Object.entries(common.Status).find(([, value]) => value === status)?.[0] ?? String(status);
  throw new UserError(`the peer at ${endpoint} refuses to deliver its blocks: ${name}`);
}
