/** What a client observes of a call that fails. */
import { status as grpcStatus, type ServiceError } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import type { Json } from './json.js';

export interface Failure {
  readonly error: string;
  readonly status: string;
  readonly message: string;
  /** `<MSP id>: <message>`, sorted. */
  readonly details: readonly string[];
  readonly [name: string]: Json;
}

/** The failure of a call that is expected to fail; status `OK` if it doesn't. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
    return { error: 'none', status: 'OK', message: '', details: [] };
  } catch (error) {
    return describe(error);
  }
}

/** The failure of a call, where it is left to the network who answers first: what was said, not by whom. */
export async function failureOfSomeone(call: Promise<unknown>): Promise<Failure> {
  const { details, ...rest } = await failure(call);
  return { ...rest, details: [...new Set(details.map((detail) => detail.replace(/^\w+: /, '')))] };
}

/** What a call came to: its failure, or `succeeded` with what it returned. */
export async function outcome(call: Promise<Json>): Promise<Json> {
  try {
    return { succeeded: await call };
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): Failure {
  const { name, cause, details, code } = asGatewayError(error);
  return {
    error: name,
    status: GIVEN_UP.includes(code) ? 'GIVEN_UP' : (grpcStatus[code] ?? String(code)),
    message: GIVEN_UP.includes(code) ? '' : cause.details,
    details: details.map(({ mspId, message }) => `${mspId}: ${message}`).sort(),
  };
}

interface Described {
  readonly name: string;
  readonly code: number;
  readonly cause: Pick<ServiceError, 'details'>;
  readonly details: readonly { readonly mspId: string; readonly message: string }[];
}

function asGatewayError(error: unknown): Described {
  if (error instanceof GatewayError) return error;
  if (error instanceof Error && 'code' in error && 'details' in error) {
    const { name, code, details } = error as ServiceError;
    return { name, code, cause: { details }, details: [] };
  }
  throw error;
}

/** At the client's deadline the server's end of the call may come first: which of the two is chance, the words are the client's. */
const GIVEN_UP: readonly number[] = [grpcStatus.DEADLINE_EXCEEDED, grpcStatus.CANCELLED];
