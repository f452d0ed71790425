/** `protos.Deliver`: blocks as a stream. */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { common } from '@hyperledger/fabric-protos';
import { peer } from '@hyperledger/fabric-protos';
import { deliver } from '../deliver/deliver.js';
import { filteredBlock } from '../deliver/filtered.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { Status } from '../protocol/codes.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { fail, whenCancelled, write } from './calls.js';
import { Limiter } from './limiter.js';

type DeliverCall = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;
type Convert = (block: common.Block) => peer.DeliverResponse;

/** Fabric's sample limit of streams at a time. */
const CONCURRENCY = 2500;

export function deliverServer(context: GatewayContext): Record<string, unknown> {
  const limiter = new Limiter('/protos.Deliver', CONCURRENCY);
  const blocks: Convert = (block) => {
    const response = new peer.DeliverResponse();
    response.setBlock(block);
    return response;
  };
  const filtered: Convert = (block) => {
    const response = new peer.DeliverResponse();
    response.setFilteredBlock(filteredBlock(block, context.channelId));
    return response;
  };
  const serve = (resource: string, convert: Convert) => (call: DeliverCall) => {
    limiter
      .run(() => serveBlocks(call, context, resource, convert))
      .catch((error: unknown) => fail(call, error));
  };
  return {
    deliver: serve('event/Block', blocks),
    deliverFiltered: serve('event/FilteredBlock', filtered),
    deliverWithPrivateData: (call: DeliverCall) => {
      const reason = 'DeliverWithPrivateData is not supported by the embedded network';
      fail(call, new GrpcError(status.UNIMPLEMENTED, reason));
    },
  };
}

/** Answers one seek request after the other; the first that doesn't succeed ends the call. */
async function serveBlocks(
  call: DeliverCall,
  { ledger, config, isMember }: GatewayContext,
  resource: string,
  convert: Convert,
): Promise<void> {
  const cancelled = whenCancelled(call);
  // Read by hand: a `for await` that is left early would tear the call down before the last answer.
  const requests = call[Symbol.asyncIterator]() as AsyncIterator<common.Envelope, unknown, undefined>;
  try {
    for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
      const blocks = deliver(next.value, { ledger, config, isMember, resource }, cancelled);
      const ended = await sendBlocks(call, blocks, convert, cancelled);
      if (cancelled.aborted) return;
      const response = new peer.DeliverResponse();
      response.setStatus(ended);
      call.write(response);
      if (ended !== Status.SUCCESS) break;
    }
    call.end();
  } catch (error) {
    // A caller that goes away breaks the stream off.
    if (!cancelled.aborted) throw error;
  }
}

async function sendBlocks(
  call: DeliverCall,
  blocks: AsyncGenerator<common.Block, Status, undefined>,
  convert: Convert,
  cancelled: AbortSignal,
): Promise<Status> {
  for (;;) {
    const result = await blocks.next();
    if (result.done === true) return result.value;
    await write(call, convert(result.value), cancelled);
  }
}
