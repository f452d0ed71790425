/** Judges an endorser's answer (Fabric: responseStatus in internal/pkg/gateway/apiutils.go). */
import { status } from '@grpc/grpc-js';
import type { peer } from '@hyperledger/fabric-protos';
import { FilterError } from '../endorsement/checks.js';
import { reasonOf } from '../system/system-chaincodes.js';

export type Judged =
  | { readonly ok: true; readonly response: peer.ProposalResponse }
  | { readonly ok: false; readonly code: status; readonly message: string; readonly retry: boolean };

/**
 * Asks an endorser.
 * @param isLocal the gateway's own peer is called directly; from any other one an error comes as gRPC passes it on
 */
export async function ask(
  endorser: { processProposal(proposal: peer.SignedProposal): Promise<peer.ProposalResponse> },
  proposal: peer.SignedProposal,
  isLocal: boolean,
): Promise<Judged> {
  let response: peer.ProposalResponse;
  try {
    response = await endorser.processProposal(proposal);
  } catch (error) {
    const reason = reasonOf(error);
    if (!isLocal) {
      const message = `rpc error: code = Unknown desc = ${reason}`;
      return { ok: false, code: status.UNAVAILABLE, message, retry: true };
    }
    // A filter in front of the endorser gives no proposal response at all, which counts as an unavailable peer.
    if (error instanceof FilterError) {
      return { ok: false, code: status.UNAVAILABLE, message: reason, retry: true };
    }
    return { ok: false, code: status.FAILED_PRECONDITION, message: reason, retry: false };
  }
  const result = response.getResponse();
  const code = result?.getStatus() ?? 0;
  if (code >= 200 && code < 400) return { ok: true, response };
  const text = result?.getMessage() ?? '';
  // Status 500 without a payload is the peer's own failure, anything else the chaincode's answer.
  if (code === 500 && response.getPayload_asU8().length === 0) {
    return { ok: false, code: status.ABORTED, message: text, retry: true };
  }
  const message = `chaincode response ${code}, ${text}`;
  return { ok: false, code: status.UNKNOWN, message, retry: false };
}
