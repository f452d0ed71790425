/** gRPC errors as a peer sends them: status, message, and a detail for each peer or orderer that failed. */
import { Metadata, status } from '@grpc/grpc-js';
import type { ServerErrorResponse } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';
import any from 'google-protobuf/google/protobuf/any_pb.js';

/** What one node answered. */
export interface ErrorDetail {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: status,
    message: string,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }
}

/** The form in which grpc-js takes an error; details travel in the trailer `grpc-status-details-bin`. */
export function toServerError(error: unknown): ServerErrorResponse {
  if (!(error instanceof GrpcError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { name: 'Error', message, code: status.UNKNOWN, details: message };
  }
  const { name, message, code } = error;
  const metadata = new Metadata();
  if (error.details.length > 0) {
    metadata.set('grpc-status-details-bin', Buffer.from(statusDetails(error)));
  }
  return { name, message, code, details: message, metadata };
}

function statusDetails({ code, message, details }: GrpcError): Uint8Array {
  const result = new google.rpc.Status();
  result.setCode(code);
  result.setMessage(message);
  for (const detail of details) {
    const proto = new gateway.ErrorDetail();
    proto.setAddress(detail.address);
    proto.setMspId(detail.mspId);
    proto.setMessage(detail.message);
    const packed = new any.Any();
    packed.pack(proto.serializeBinary(), 'gateway.ErrorDetail');
    result.addDetails(packed);
  }
  return result.serializeBinary();
}
