/**
 * Gateway.Submit: hands a signed transaction to the orderers. Under BFT the gateway sends it to all of them and needs
 * a quorum to take it (Fabric: submitBFT); it says nothing about whether the transaction will commit.
 */
import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import { BroadcastError } from '../ordering/filters.js';
import { Status, statusName } from '../protocol/codes.js';
import { GrpcError } from '../protocol/grpc-error.js';
import type { ErrorDetail } from '../protocol/grpc-error.js';
import type { GatewayContext } from './gateway.js';
import { noConfig } from './gateway.js';

const ALREADY_QUEUED = 'failed to submit request: request already exists';

export function submit(request: gateway.SubmitRequest, context: GatewayContext): gateway.SubmitResponse {
  const transaction = request.getPreparedTransaction();
  if (transaction === undefined) {
    throw new GrpcError(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  }
  if (transaction.getSignature_asU8().length === 0) {
    throw new GrpcError(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  }
  if (request.getChannelId() !== context.channelId) {
    throw new GrpcError(status.FAILED_PRECONDITION, noConfig(request.getChannelId()));
  }
  try {
    context.broadcast(transaction);
  } catch (error) {
    if (!(error instanceof BroadcastError)) throw error;
    // The orderers have it already: let it go on.
    if (error.status !== Status.SERVICE_UNAVAILABLE || error.message !== ALREADY_QUEUED) {
      throw refusal(error, context.config());
    }
  }
  return new gateway.SubmitResponse();
}

/** All orderers give the same answer; the gateway stops listening when a quorum has become impossible. */
function refusal(error: BroadcastError, config: ChannelConfig): GrpcError {
  const orderers = [...config.ordererOrganizations.values()].flatMap(({ mspId, ordererEndpoints }) =>
    ordererEndpoints.map((address) => ({ mspId, address })),
  );
  const tolerated = Math.floor((orderers.length - 1) / 3);
  const quorum = Math.ceil((orderers.length + tolerated + 1) / 2);
  const message = `received unsuccessful response from orderer: status=${statusName(error.status)}, info=${error.message}`;
  const details: ErrorDetail[] = orderers
    .slice(0, orderers.length - quorum + 1)
    .map((orderer) => ({ ...orderer, message }));
  return new GrpcError(
    status.UNAVAILABLE,
    'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    details,
  );
}
