/** Gateway.ChaincodeEvents: the events of one chaincode, block by block, from the past on and into the future. */
import { status } from '@grpc/grpc-js';
import { gateway, orderer } from '@hyperledger/fabric-protos';
import type { peer } from '@hyperledger/fabric-protos';
import { blocksFrom } from '../ledger/blocks.js';
import type { Ledger } from '../ledger/ledger.js';
import { chaincodeEvents } from '../protocol/events.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { reasonOf } from '../system/system-chaincodes.js';
import { checkAccess } from './commit-status.js';
import { checkMembership } from './gateway.js';
import type { GatewayContext } from './gateway.js';

/** Yields a response for each block that has events of the chaincode, until cancelled. */
export async function* followEvents(
  signed: gateway.SignedChaincodeEventsRequest,
  context: GatewayContext,
  cancelled: AbortSignal,
): AsyncGenerator<gateway.ChaincodeEventsResponse, void, undefined> {
  checkMembership(context);
  const bytes = signed.getRequest_asU8();
  if (bytes.length === 0) {
    throw new GrpcError(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  }
  const request = parse(bytes);
  checkAccess('gateway/ChaincodeEvents', request.getChannelId(), context, {
    identity: request.getIdentity_asU8(),
    data: bytes,
    signature: signed.getSignature_asU8(),
  });
  const matches = matcher(request);
  const start = startBlock(request, context.ledger);
  for await (const block of blocksFrom(context.ledger, start, cancelled)) {
    checkMembership(context);
    const events = chaincodeEvents(block).filter(matches);
    if (events.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(block.getHeader()?.getNumber() ?? 0);
    response.setEventsList(events);
    yield response;
  }
}

function parse(bytes: Uint8Array): gateway.ChaincodeEventsRequest {
  try {
    return gateway.ChaincodeEventsRequest.deserializeBinary(bytes);
  } catch (error) {
    throw new GrpcError(status.INVALID_ARGUMENT, `invalid chaincode events request: ${reasonOf(error)}`);
  }
}

/** After a given transaction only what comes behind it, also within its block. */
function matcher(request: gateway.ChaincodeEventsRequest): (event: peer.ChaincodeEvent) => boolean {
  const chaincode = request.getChaincodeId();
  const after = request.getAfterTransactionId();
  let passed = after === '';
  return (event) => {
    if (passed) return event.getChaincodeId() === chaincode;
    passed = event.getTxId() === after;
    return false;
  };
}

function startBlock(request: gateway.ChaincodeEventsRequest, ledger: Ledger): number {
  const after = request.getAfterTransactionId();
  const location = after === '' ? undefined : ledger.transaction(after);
  if (location !== undefined) return location.block;
  const position = request.getStartPosition();
  const { TypeCase } = orderer.SeekPosition;
  switch (position?.getTypeCase() ?? TypeCase.TYPE_NOT_SET) {
    case TypeCase.TYPE_NOT_SET:
    case TypeCase.NEXT_COMMIT:
      return ledger.height;
    case TypeCase.SPECIFIED:
      return position?.getSpecified()?.getNumber() ?? 0;
    case TypeCase.OLDEST:
      throw new GrpcError(
        status.INVALID_ARGUMENT,
        'invalid start position type: *orderer.SeekPosition_Oldest',
      );
    default:
      throw new GrpcError(
        status.INVALID_ARGUMENT,
        'invalid start position type: *orderer.SeekPosition_Newest',
      );
  }
}
