/** How the peer's services take and answer gRPC calls. */
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { checkMembership } from '../gateway/gateway.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { toServerError } from '../protocol/grpc-error.js';
import type { Limiter } from './limiter.js';

type Unary<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  reply: sendUnaryData<Response>,
) => void;

/** A signal that is given when the caller has gone or its deadline has passed. */
export function whenCancelled(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
}

/** A call with one request and one answer. */
export function unary<Request, Response>(
  context: GatewayContext,
  limiter: Limiter,
  handle: (request: Request, cancelled: () => AbortSignal) => Promise<Response> | Response,
): Unary<Request, Response> {
  return (call, reply) => {
    const answer = async (): Promise<Response> => {
      checkMembership(context);
      return handle(call.request, () => whenCancelled(call));
    };
    limiter.run(answer).then(
      (response) => reply(null, response),
      (error: unknown) => reply(toServerError(error)),
    );
  };
}

/** Sends all responses and ends the call. */
export async function writeAll<Response>(
  call: ServerWritableStream<unknown, Response>,
  responses: AsyncGenerator<Response, void, undefined>,
  cancelled: AbortSignal,
): Promise<void> {
  for await (const response of responses) await write(call, response, cancelled);
  call.end();
}

/** grpc-js takes a stream's error as an event; `destroy` would send no status. */
export function fail(call: { emit(event: 'error', error: unknown): boolean }, error: unknown): void {
  call.emit('error', toServerError(error));
}

/** Writes and waits if the reader is slow. */
export function write<Response>(
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
