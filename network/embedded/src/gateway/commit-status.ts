/** Gateway.CommitStatus: waits for a transaction to be in a block and tells its validation code. */
import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { Ledger, TransactionLocation } from '../ledger/ledger.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { checkAcl } from '../system/acl.js';
import { reasonOf } from '../system/system-chaincodes.js';
import type { GatewayContext } from './gateway.js';

/** Never answers for an id that doesn't commit: the client's deadline ends the wait. */
export async function commitStatus(
  signed: gateway.SignedCommitStatusRequest,
  context: GatewayContext,
  cancelled: AbortSignal,
): Promise<gateway.CommitStatusResponse> {
  const bytes = signed.getRequest_asU8();
  const invalid = (message: string): GrpcError => new GrpcError(status.INVALID_ARGUMENT, message);
  if (bytes.length === 0) throw invalid('a commit status request is required');
  const request = parse(bytes);
  const identity = request.getIdentity_asU8();
  if (identity.length === 0) throw invalid('no identity provided');
  if (request.getChannelId() === '') throw invalid('no channel ID provided');
  if (request.getTransactionId() === '') throw invalid('transaction ID should not be empty');
  checkAccess('gateway/CommitStatus', request.getChannelId(), context, {
    identity,
    data: bytes,
    signature: signed.getSignature_asU8(),
  });
  const { block, code } = await context.commits.location(request.getTransactionId(), cancelled);
  const response = new gateway.CommitStatusResponse();
  response.setResult(code as Parameters<typeof response.setResult>[0]);
  response.setBlockNumber(block);
  return response;
}

function parse(bytes: Uint8Array): gateway.CommitStatusRequest {
  try {
    return gateway.CommitStatusRequest.deserializeBinary(bytes);
  } catch (error) {
    throw new GrpcError(status.INVALID_ARGUMENT, `invalid status request: ${reasonOf(error)}`);
  }
}

/** @throws GrpcError PERMISSION_DENIED */
export function checkAccess(
  resource: string,
  channelId: string,
  context: GatewayContext,
  signed: Parameters<typeof checkAcl>[2],
): void {
  try {
    if (channelId !== context.channelId) {
      throw new Error(`Failed to get policy manager for channel [${channelId}]`);
    }
    checkAcl(resource, context.config(), signed);
  } catch (error) {
    throw new GrpcError(status.PERMISSION_DENIED, reasonOf(error));
  }
}

/** Tells where transactions are as soon as they are somewhere. One for all gateways of the process. */
export class CommitNotifier {
  readonly #ledger: Ledger;
  readonly #waiting = new Map<string, Set<(location: TransactionLocation) => void>>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    ledger.onCommit(({ block, transactions }) => {
      const number = block.getHeader()?.getNumber() ?? 0;
      for (const [index, { id, code }] of transactions.entries()) {
        for (const resolve of this.#waiting.get(id) ?? []) resolve({ block: number, index, code });
        this.#waiting.delete(id);
      }
    });
  }

  /** @throws GrpcError CANCELLED when the caller gives up */
  location(transactionId: string, cancelled: AbortSignal): Promise<TransactionLocation> {
    const known = this.#ledger.transaction(transactionId);
    if (known !== undefined && known.block < this.#ledger.height) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(transactionId) ?? new Set();
      this.#waiting.set(transactionId, waiting);
      const found = (location: TransactionLocation): void => {
        cancelled.removeEventListener('abort', gone);
        resolve(location);
      };
      const gone = (): void => {
        waiting.delete(found);
        if (waiting.size === 0) this.#waiting.delete(transactionId);
        reject(new GrpcError(status.CANCELLED, 'context canceled'));
      };
      waiting.add(found);
      cancelled.addEventListener('abort', gone, { once: true });
      if (cancelled.aborted) gone();
    });
  }
}
