/**
 * `discovery.Discovery`: what a peer tells clients about the channel (Fabric: discovery.Service). Here: which peers are
 * alive, and the channel's organizations with their orderers; who has to endorse, the gateway works out by itself.
 */
import { status } from '@grpc/grpc-js';
import { discovery } from '@hyperledger/fabric-protos';
import { rolePrincipal } from 'umlauf-channel';
import type { SignedData } from 'umlauf-channel';
import type { GatewayContext } from '../gateway/gateway.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { evaluateSigned, validIdentities } from '../protocol/signatures.js';
import { WRITERS } from '../system/acl.js';
import { reasonOf } from '../system/system-chaincodes.js';
import { configResult } from './config-result.js';
import { membershipResult } from './membership.js';

const { Query, QueryResult, Request } = discovery;

/**
 * Answers each query of a request by itself.
 * @throws Error with Fabric's wording for a request that isn't whole; GrpcError UNIMPLEMENTED for what isn't supported
 */
export async function discover(
  request: discovery.SignedRequest,
  context: GatewayContext,
): Promise<discovery.Response> {
  const { identity, queries } = unpacked(request);
  const signed = { identity, data: request.getPayload_asU8(), signature: request.getSignature_asU8() };
  const response = new discovery.Response();
  for (const query of queries) response.addResults(await answer(query, signed, context));
  return response;
}

function unpacked(signed: discovery.SignedRequest): {
  readonly identity: Uint8Array;
  readonly queries: discovery.Query[];
} {
  const request = parsed(signed.getPayload_asU8());
  const authentication = request.getAuthentication();
  if (!authentication) throw new Error('access denied, no authentication info in request');
  // A hash of the client's TLS certificate is never asked for: Fabric's service drops the setting that would.
  const identity = authentication.getClientIdentity_asU8();
  if (identity.length === 0) throw new Error("access denied, client identity wasn't supplied");
  return { identity, queries: request.getQueriesList() };
}

function parsed(payload: Uint8Array): discovery.Request {
  try {
    return Request.deserializeBinary(payload);
  } catch (error) {
    throw new Error(`failed parsing request: ${reasonOf(error)}`, { cause: error });
  }
}

async function answer(
  query: discovery.Query,
  signed: SignedData,
  context: GatewayContext,
): Promise<discovery.QueryResult> {
  const channel = query.getChannel();
  if (channel === '' ? !isOwnAdmin(signed, context) : !isWriter(channel, signed, context))
    return refused('access denied');
  const kind = query.getQueryCase();
  const { CONFIG_QUERY, PEER_QUERY, CC_QUERY, LOCAL_PEERS } = Query.QueryCase;
  // Without a channel a peer knows its neighbours, on a channel all the rest.
  const isKnown =
    channel === '' ? kind === LOCAL_PEERS : [CONFIG_QUERY, PEER_QUERY, CC_QUERY].some((it) => it === kind);
  if (!isKnown) return refused('unknown or missing request type');
  const result = new QueryResult();
  if (kind === CONFIG_QUERY) result.setConfigResult(configResult(context.config()));
  else if (kind === PEER_QUERY && !query.getPeerQuery()?.hasFilter())
    result.setMembers(await membershipResult(context));
  else throw unsupported(kind);
  return result;
}

function unsupported(kind: discovery.Query.QueryCase): GrpcError {
  const { CC_QUERY, LOCAL_PEERS } = Query.QueryCase;
  const name =
    kind === CC_QUERY
      ? 'queries for endorsers'
      : kind === LOCAL_PEERS
        ? 'queries for local peers'
        : 'queries for peers with a filter';
  return new GrpcError(status.UNIMPLEMENTED, `discovery: ${name} are not supported by the embedded network`);
}

function refused(reason: string): discovery.QueryResult {
  const error = new discovery.Error();
  error.setContent(reason);
  const result = new QueryResult();
  result.setError(error);
  return result;
}

function isWriter(channel: string, signed: SignedData, { channelId, config }: GatewayContext): boolean {
  if (channel !== channelId) return false;
  try {
    evaluateSigned(config().policy(WRITERS), [signed], config());
    return true;
  } catch {
    return false;
  }
}

/** Fabric's default: without a channel, only administrators of the peer's own organization. */
function isOwnAdmin(signed: SignedData, { own, config }: GatewayContext): boolean {
  return validIdentities([signed], config()).some((identity) =>
    identity.satisfies(rolePrincipal(own.mspId, 'admin')),
  );
}
