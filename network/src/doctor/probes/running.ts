/** What a running consortium tells of itself, for whoever looks at it from outside. */
import type { OpenPoint } from 'umlauf-chaincode/api';
import { disagreements } from '../../consortium/disagreements.js';
import { control } from '../../control/client.js';
import { UNTOLD } from '../../control/operation.js';
import type { ChaincodeInForce } from '../../engine.js';
import type { Operations } from '../../operations/operations.js';
import type { GatewayAccess } from '../../rest.js';

/** A gateway that takes longer is listed as not ready. */
const ANSWER_MS = 5_000;

export interface GatewayState {
  readonly memberId: string;
  readonly url: string;
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly height?: number;
}

/** Whether a gateway can do its work, as it says itself. */
export async function gatewayState({ memberId, url }: GatewayAccess): Promise<GatewayState> {
  try {
    const response = await fetch(`${url}/api/v1/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { missing, height } = (await response.json()) as { missing: string[]; height?: number };
    return { memberId, url, ready: response.ok, missing, ...(height === undefined ? {} : { height }) };
  } catch {
    return { memberId, url, ready: false, missing: ['gateway'] };
  }
}

/** What the channel runs, if the consortium is up and its peers tell. */
export async function chaincodeInForce(home: string): Promise<ChaincodeInForce | undefined> {
  return control<Operations, 'chaincode'>(home, 'chaincode', {}, UNTOLD).catch(() => undefined);
}

/**
 * Where register and network disagree, in both directions, as the first gateway that answers has it.
 * @returns undefined if none answers
 */
export async function networkPoints(endpoints: readonly GatewayAccess[]): Promise<OpenPoint[] | undefined> {
  for (const gateway of endpoints) {
    try {
      return await disagreements(gateway, { timeoutMs: ANSWER_MS });
    } catch {
      // the next may
    }
  }
  return undefined;
}
