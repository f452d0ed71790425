/** What a peer's gateway answers when the chaincode fails: for each endorser a detail, all of them in one gRPC trailer. */
import { Metadata, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import { gateway as proto, google } from '@hyperledger/fabric-protos';
import { Any } from 'google-protobuf/google/protobuf/any_pb.js';

/**
 * @param mspIds Who was asked.
 * @param text What the chaincode failed with.
 */
export function refused(
  call: 'evaluate' | 'endorse',
  mspIds: readonly string[],
  text: string,
): Partial<ServiceError> {
  const message = `chaincode response 500, ${text}`;
  const [code, details] =
    call === 'evaluate'
      ? [GrpcStatus.UNKNOWN, `evaluate call to endorser returned error: ${message}`]
      : [GrpcStatus.ABORTED, 'failed to collect enough transaction endorsements'];
  const status = new google.rpc.Status();
  status.setCode(code);
  status.setMessage(details);
  for (const mspId of mspIds) {
    const detail = new proto.ErrorDetail();
    detail.setMspId(mspId);
    detail.setAddress(`${mspId}:7051`);
    detail.setMessage(message);
    const packed = new Any();
    packed.pack(detail.serializeBinary(), 'gateway.ErrorDetail');
    status.addDetails(packed);
  }
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return { code, details, metadata };
}
