/** What an endorser answers with. */
import { peer } from '@hyperledger/fabric-protos';
import type { UnpackedProposal } from './proposal.js';

/** What came out of a simulation. */
export interface Simulated {
  readonly response: peer.Response;
  readonly results: Uint8Array;
  readonly event: Uint8Array;
  readonly version: string;
  readonly interest: peer.ChaincodeInterest | undefined;
}

/** The bytes that the endorser signs. */
export function responsePayload({ chaincodeName, hash }: UnpackedProposal, simulated: Simulated): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(chaincodeName);
  id.setVersion(simulated.version);
  const action = new peer.ChaincodeAction();
  action.setResults(simulated.results);
  action.setEvents(simulated.event);
  action.setResponse(simulated.response);
  action.setChaincodeId(id);
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(hash);
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}

/** The peer's own failure: status 500 without a payload. */
export function errorResponse(message: string): peer.ProposalResponse {
  const response = new peer.Response();
  response.setStatus(500);
  response.setMessage(message);
  const result = new peer.ProposalResponse();
  result.setResponse(response);
  return result;
}
