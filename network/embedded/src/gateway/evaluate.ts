/** Gateway.Evaluate: one peer runs the proposal, preferably the gateway's own; nothing is ordered. */
import { status } from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import { ProposalFormatError, unpackProposal } from '../endorsement/proposal.js';
import { GrpcError } from '../protocol/grpc-error.js';
import type { ErrorDetail } from '../protocol/grpc-error.js';
import { reasonOf } from '../system/system-chaincodes.js';
import { errorDetail } from './endorsing-peer.js';
import type { EndorsingPeer } from './endorsing-peer.js';
import type { GatewayContext } from './gateway.js';
import { noConfig } from './gateway.js';
import { ask } from './response-status.js';

export async function evaluate(
  request: gateway.EvaluateRequest,
  context: GatewayContext,
): Promise<gateway.EvaluateResponse> {
  const signed = request.getProposedTransaction() ?? new peer.SignedProposal();
  const { channel, chaincode, hasTransientData } = readProposal(signed);
  if (channel !== context.channelId) throw new GrpcError(status.UNAVAILABLE, noConfig(channel));
  const asked = request.getTargetOrganizationsList();
  const targets = asked.length === 0 && hasTransientData ? [context.own.mspId] : asked;
  const candidates = evaluators(chaincode, targets, context);
  if (candidates.length === 0) {
    const reason = `no peers available to evaluate chaincode ${chaincode} in channel ${channel}`;
    throw new GrpcError(
      status.FAILED_PRECONDITION,
      targets === asked
        ? reason
        : `no endorsers found in the gateway's organization; retry specifying target organization(s) to protect transient data: ${reason}`,
    );
  }
  const details: ErrorDetail[] = [];
  let code = status.UNKNOWN;
  for (const endorser of candidates) {
    const judged = await ask(endorser, signed, endorser === context.own);
    if (judged.ok) return evaluateResponse(judged.response);
    ({ code } = judged);
    details.push(errorDetail(endorser, judged.message));
    if (!judged.retry) {
      throw new GrpcError(code, `evaluate call to endorser returned error: ${judged.message}`, details);
    }
  }
  throw new GrpcError(code, 'failed to evaluate transaction, see attached details for more info', details);
}

function readProposal(signed: peer.SignedProposal): {
  channel: string;
  chaincode: string;
  hasTransientData: boolean;
} {
  const invalid = (reason: string): GrpcError =>
    new GrpcError(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${reason}`);
  if (signed.getProposalBytes_asU8().length === 0) throw invalid('a signed proposal is required');
  try {
    const { channelHeader, chaincodeName, hasTransientData } = unpackProposal(signed);
    const channel = channelHeader.getChannelId();
    if (channel === '') throw invalid('no channel id provided');
    return { channel, chaincode: chaincodeName, hasTransientData };
  } catch (error) {
    throw error instanceof ProposalFormatError ? invalid(reasonOf(error)) : error;
  }
}

/** The own peer first, then the others that have the chaincode. */
function evaluators(
  chaincode: string,
  targets: readonly string[],
  { peers, own }: GatewayContext,
): EndorsingPeer[] {
  return peers()
    .filter((candidate) => targets.length === 0 || targets.includes(candidate.mspId))
    .filter((candidate) => candidate.isAvailable && candidate.canRun(chaincode))
    .sort((a, b) => Number(b === own) - Number(a === own));
}

function evaluateResponse(proposalResponse: peer.ProposalResponse): gateway.EvaluateResponse {
  const response = proposalResponse.getResponse() ?? new peer.Response();
  const payload = peer.ProposalResponsePayload.deserializeBinary(proposalResponse.getPayload_asU8());
  const action = peer.ChaincodeAction.deserializeBinary(payload.getExtension_asU8());
  const result = new peer.Response();
  result.setStatus(response.getStatus());
  result.setMessage(response.getMessage());
  result.setPayload(action.getResponse()?.getPayload_asU8() ?? new Uint8Array());
  const answer = new gateway.EvaluateResponse();
  answer.setResult(result);
  return answer;
}
