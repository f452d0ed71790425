/** Binds `gateway.Gateway`, `protos.Endorser` and `discovery.Discovery` to gRPC. */
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { discovery, gateway, peer } from '@hyperledger/fabric-protos';
import { discover } from '../discovery/discover.js';
import { followEvents } from '../gateway/chaincode-events.js';
import { commitStatus } from '../gateway/commit-status.js';
import { endorse } from '../gateway/endorse.js';
import { evaluate } from '../gateway/evaluate.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { submit } from '../gateway/submit.js';
import { fail, unary, whenCancelled, writeAll } from './calls.js';
import { Limiter } from './limiter.js';

/** Fabric's sample limits of calls at a time. */
const GATEWAY_CONCURRENCY = 500;
const ENDORSER_CONCURRENCY = 2500;

type EventsCall = ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

export function gatewayServer(context: GatewayContext): Record<string, unknown> {
  const limiter = new Limiter('/gateway.Gateway', GATEWAY_CONCURRENCY);
  return {
    evaluate: unary(context, limiter, (request: gateway.EvaluateRequest) => evaluate(request, context)),
    endorse: unary(context, limiter, (request: gateway.EndorseRequest) => endorse(request, context)),
    submit: unary(context, limiter, (request: gateway.SubmitRequest) => submit(request, context)),
    commitStatus: unary(context, limiter, (request: gateway.SignedCommitStatusRequest, cancelled) =>
      commitStatus(request, context, cancelled()),
    ),
    chaincodeEvents: (call: EventsCall) => {
      const cancelled = whenCancelled(call);
      limiter
        .run(() => writeAll(call, followEvents(call.request, context, cancelled), cancelled))
        .catch((error: unknown) => fail(call, error));
    },
  };
}

export function endorserServer(context: GatewayContext): Record<string, unknown> {
  const limiter = new Limiter('/protos.Endorser', ENDORSER_CONCURRENCY);
  return {
    processProposal: unary(context, limiter, (proposal: peer.SignedProposal) =>
      context.own.processProposal(proposal),
    ),
  };
}

export function discoveryServer(context: GatewayContext): Record<string, unknown> {
  const limiter = new Limiter('/discovery.Discovery', Number.POSITIVE_INFINITY); // Fabric has none for it
  return {
    discover: unary(context, limiter, (request: discovery.SignedRequest) => discover(request, context)),
  };
}
