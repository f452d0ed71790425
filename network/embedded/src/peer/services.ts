/** Binds the peer's services to gRPC: `gateway.Gateway`, `protos.Deliver` and `protos.Endorser`. */
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { common, gateway } from '@hyperledger/fabric-protos';
import { peer } from '@hyperledger/fabric-protos';
import { deliver } from '../deliver/deliver.js';
import { filteredBlock } from '../deliver/filtered.js';
import { followEvents } from '../gateway/chaincode-events.js';
import { commitStatus } from '../gateway/commit-status.js';
import { endorse } from '../gateway/endorse.js';
import { evaluate } from '../gateway/evaluate.js';
import { checkMembership } from '../gateway/gateway.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { submit } from '../gateway/submit.js';
import { GrpcError, toServerError } from '../protocol/grpc-error.js';

type Unary<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  reply: sendUnaryData<Response>,
) => void;

/** A signal that is given when the caller has gone or its deadline has passed. */
function whenCancelled(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
}

function unary<Request, Response>(
  context: GatewayContext,
  handle: (request: Request, cancelled: () => AbortSignal) => Promise<Response> | Response,
): Unary<Request, Response> {
  return (call, reply) => {
    const answer = async (): Promise<Response> => {
      checkMembership(context);
      return handle(call.request, () => whenCancelled(call));
    };
    answer().then(
      (response) => reply(null, response),
      (error: unknown) => reply(toServerError(error)),
    );
  };
}

export function gatewayServer(context: GatewayContext): Record<string, unknown> {
  return {
    evaluate: unary(context, (request: gateway.EvaluateRequest) => evaluate(request, context)),
    endorse: unary(context, (request: gateway.EndorseRequest) => endorse(request, context)),
    submit: unary(context, (request: gateway.SubmitRequest) => submit(request, context)),
    commitStatus: unary(context, (request: gateway.SignedCommitStatusRequest, cancelled) =>
      commitStatus(request, context, cancelled()),
    ),
    chaincodeEvents: (
      call: ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>,
    ) => {
      const cancelled = whenCancelled(call);
      void writeAll(call, followEvents(call.request, context, cancelled), cancelled);
    },
  };
}

export function endorserServer(context: GatewayContext): Record<string, unknown> {
  return {
    processProposal: unary(context, (proposal: peer.SignedProposal) => context.own.processProposal(proposal)),
  };
}

type DeliverCall = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;

export function deliverServer(context: GatewayContext): Record<string, unknown> {
  const blocks = (block: common.Block): peer.DeliverResponse => {
    const response = new peer.DeliverResponse();
    response.setBlock(block);
    return response;
  };
  const filtered = (block: common.Block): peer.DeliverResponse => {
    const response = new peer.DeliverResponse();
    response.setFilteredBlock(filteredBlock(block, context.channelId));
    return response;
  };
  return {
    deliver: (call: DeliverCall) => serveBlocks(call, context, 'event/Block', blocks),
    deliverFiltered: (call: DeliverCall) => serveBlocks(call, context, 'event/FilteredBlock', filtered),
    deliverWithPrivateData: (call: DeliverCall) => {
      const reason = 'DeliverWithPrivateData is not supported by the embedded network';
      fail(call, new GrpcError(status.UNIMPLEMENTED, reason));
    },
  };
}

/** Answers one seek request after the other. */
function serveBlocks(
  call: DeliverCall,
  context: GatewayContext,
  resource: string,
  convert: (block: common.Block) => peer.DeliverResponse,
): void {
  const cancelled = whenCancelled(call);
  const requests: common.Envelope[] = [];
  let busy = false;
  let ended = false;
  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let next = requests.shift(); next !== undefined; next = requests.shift()) {
      const answers = deliver(
        next,
        { ledger: context.ledger, config: context.config, isMember: context.isMember, resource },
        cancelled,
      );
      const last = await sendBlocks(call, answers, convert, cancelled);
      if (cancelled.aborted) return;
      const response = new peer.DeliverResponse();
      response.setStatus(last);
      call.write(response);
      // Only after success does the peer wait for another request.
      if (last !== 200) ended = true;
    }
    busy = false;
    if (ended) call.end();
  };
  call.on('data', (envelope: common.Envelope) => {
    requests.push(envelope);
    void work();
  });
  call.on('end', () => {
    ended = true;
    void work();
  });
  call.on('error', () => undefined);
}

async function sendBlocks<Status>(
  call: DeliverCall,
  blocks: AsyncGenerator<common.Block, Status, undefined>,
  convert: (block: common.Block) => peer.DeliverResponse,
  cancelled: AbortSignal,
): Promise<Status> {
  for (;;) {
    const result = await blocks.next();
    if (result.done === true) return result.value;
    await write(call, convert(result.value), cancelled);
  }
}

async function writeAll<Response>(
  call: ServerWritableStream<unknown, Response>,
  responses: AsyncGenerator<Response, void, undefined>,
  cancelled: AbortSignal,
): Promise<void> {
  try {
    for await (const response of responses) await write(call, response, cancelled);
    call.end();
  } catch (error) {
    fail(call, error);
  }
}

/** grpc-js takes a stream's error as an event; `destroy` would send no status. */
function fail(call: { emit(event: 'error', error: unknown): boolean }, error: unknown): void {
  call.emit('error', toServerError(error));
}

/** Writes and waits if the reader is slow. */
function write<Response>(
  call: {
    write(response: Response): boolean;
    once(event: 'drain', listener: () => void): unknown;
  },
  response: Response,
  cancelled: AbortSignal,
): Promise<void> {
  if (cancelled.aborted || call.write(response)) return Promise.resolve();
  return new Promise((resolve) => {
    call.once('drain', resolve);
    cancelled.addEventListener('abort', () => resolve(), { once: true });
  });
}
