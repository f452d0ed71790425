/** The chaincodes that are part of every peer (Fabric: core/scc and the lifecycle's). */
import { peer } from '@hyperledger/fabric-protos';
import type { Invocation } from '../chaincode/transaction-context.js';

/** The version that all of them have. */
export const SYSTEM_VERSION = 'syscc';

export type SystemChaincode = (
  invocation: Invocation,
  args: readonly Uint8Array[],
) => peer.Response | Promise<peer.Response>;

export class SystemChaincodes {
  readonly #chaincodes: ReadonlyMap<string, SystemChaincode>;

  constructor(chaincodes: Readonly<Record<string, SystemChaincode>>) {
    this.#chaincodes = new Map(Object.entries(chaincodes));
  }

  has(name: string): boolean {
    return this.#chaincodes.has(name);
  }

  async invoke(invocation: Invocation, name: string, input: peer.ChaincodeInput): Promise<peer.Response> {
    const chaincode = this.#chaincodes.get(name);
    if (chaincode === undefined) throw new Error(`chaincode ${name} not found`);
    return chaincode(invocation, input.getArgsList_asU8());
  }
}

/** A system chaincode's response can't be put into a message. */
export class UnsendableResponse extends Error {
  override readonly name = 'UnsendableResponse';

  constructor() {
    super('failed to marshal response: string field contains invalid UTF-8');
  }
}

export function success(payload: Uint8Array = new Uint8Array()): peer.Response {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  return response;
}

export function failure(message: string, status = 500): peer.Response {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  return response;
}

export const argumentText = (argument: Uint8Array | undefined): string =>
  Buffer.from(argument ?? []).toString('utf8');

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
