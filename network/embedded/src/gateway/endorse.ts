/** Gateway.Endorse: collects endorsements and assembles the transaction (Fabric: internal/pkg/gateway/endorse.go). */
import { status } from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import type { common } from '@hyperledger/fabric-protos';
import { assembleTransaction } from 'umlauf-channel';
import { payloadWithoutTransient, ProposalFormatError, unpackProposal } from '../endorsement/proposal.js';
import type { UnpackedProposal } from '../endorsement/proposal.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { reasonOf } from '../system/system-chaincodes.js';
import { Collector } from './collector.js';
import { errorDetail } from './endorsing-peer.js';
import type { EndorsingPeer } from './endorsing-peer.js';
import type { GatewayContext } from './gateway.js';
import { LayoutError, Layouts } from './layout.js';
import { ask } from './response-status.js';

export async function endorse(
  request: gateway.EndorseRequest,
  context: GatewayContext,
): Promise<gateway.EndorseResponse> {
  const signed = request.getProposedTransaction();
  if (signed === undefined || signed.getProposalBytes_asU8().length === 0) {
    throw new GrpcError(status.INVALID_ARGUMENT, 'the proposed transaction must contain a signed proposal');
  }
  const proposal = unpack(signed);
  const collector = new Collector(signed, context.own);
  const organizations = request.getEndorsingOrganizationsList();
  const endorsements =
    organizations.length > 0
      ? await collector.all(namedEndorsers(organizations, proposal, context))
      : await planned(proposal, collector, context);
  if (endorsements === undefined) {
    throw new GrpcError(
      status.ABORTED,
      'failed to collect enough transaction endorsements, see attached details for more info',
      collector.details,
    );
  }
  const response = new gateway.EndorseResponse();
  response.setPreparedTransaction(assemble(proposal, collector.payload, endorsements));
  return response;
}

function unpack(signed: peer.SignedProposal): UnpackedProposal {
  try {
    return unpackProposal(signed);
  } catch (error) {
    if (!(error instanceof ProposalFormatError)) throw error;
    throw new GrpcError(status.INVALID_ARGUMENT, reasonOf(error));
  }
}

/** One peer for each organization that the client names; the client answers for the policy. */
function namedEndorsers(
  organizations: readonly string[],
  { chaincodeName, channelHeader }: UnpackedProposal,
  context: GatewayContext,
): EndorsingPeer[] {
  const known = channelHeader.getChannelId() === context.channelId;
  const available = known ? peersWith(context, chaincodeName) : [];
  const missing = organizations.filter((mspId) => !available.some((found) => found.mspId === mspId));
  if (missing.length > 0) {
    throw new GrpcError(
      status.UNAVAILABLE,
      `failed to find any endorsing peers for org(s): ${missing.join(', ')}`,
    );
  }
  return available.filter((found) => organizations.includes(found.mspId));
}

const peersWith = ({ peers }: GatewayContext, chaincode: string): EndorsingPeer[] =>
  peers().filter((candidate) => candidate.isAvailable && candidate.canRun(chaincode));

/** The own peer runs the proposal first; what it has read and written tells which policies count. */
async function planned(
  proposal: UnpackedProposal,
  collector: Collector,
  context: GatewayContext,
): Promise<peer.Endorsement[] | undefined> {
  const first = firstEndorser(proposal, context);
  const judged = await ask(first, proposal.signed, first === context.own);
  if (!judged.ok) {
    throw new GrpcError(status.ABORTED, 'failed to endorse transaction, see attached details for more info', [
      errorDetail(first, judged.message),
    ]);
  }
  const interest = judged.response.getInterest();
  const layouts = findLayouts(
    interest === undefined || interest.getChaincodesList().length === 0
      ? defaultInterest(proposal)
      : interest,
    context,
  );
  collector.add(first, judged.response);
  return collector.untilSatisfied(layouts);
}

function firstEndorser(proposal: UnpackedProposal, context: GatewayContext): EndorsingPeer {
  const { own } = context;
  const name = proposal.chaincodeName;
  const known = proposal.channelHeader.getChannelId() === context.channelId;
  if (known && own.isAvailable && own.canRun(name)) return own;
  if (proposal.hasTransientData) {
    throw new GrpcError(
      status.FAILED_PRECONDITION,
      "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
    );
  }
  const [found] = known ? (findLayouts(defaultInterest(proposal), context).next(new Set(), []) ?? []) : [];
  if (found !== undefined) return found;
  const channel = proposal.channelHeader.getChannelId();
  throw new GrpcError(
    status.FAILED_PRECONDITION,
    `no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode ${name} in channel ${channel}`,
  );
}

function defaultInterest({ chaincodeName }: UnpackedProposal): peer.ChaincodeInterest {
  const call = new peer.ChaincodeCall();
  call.setName(chaincodeName);
  const interest = new peer.ChaincodeInterest();
  interest.setChaincodesList([call]);
  return interest;
}

function findLayouts(interest: peer.ChaincodeInterest, context: GatewayContext): Layouts {
  const state = context.view();
  try {
    return new Layouts({ interest, config: context.config(), state, peers: context.peers() });
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    throw new GrpcError(status.FAILED_PRECONDITION, error.message);
  } finally {
    state.close();
  }
}

/** The envelope that the client is to sign: the proposal without its transient data, the result, who endorsed it. */
function assemble(
  { header, inputBytes }: UnpackedProposal,
  payload: Uint8Array,
  endorsements: readonly peer.Endorsement[],
): common.Envelope {
  return assembleTransaction({
    header,
    proposalPayload: payloadWithoutTransient(inputBytes),
    responsePayload: payload,
    endorsements,
  });
}
