import type { OpenPoint } from 'umlauf-chaincode/api';
import { all, type GatewayAccess } from '../rest.js';

const KINDS = [
  'member-not-on-network',
  'organization-not-covered',
] as const satisfies readonly OpenPoint['kind'][];

/**
 * Where register and network disagree, in either direction, as a gateway has it.
 * @param timeoutMs for each question
 */
export async function disagreements(
  gateway: GatewayAccess,
  options: { readonly timeoutMs?: number } = {},
): Promise<OpenPoint[]> {
  const points = await Promise.all(
    KINDS.map((kind) => all<OpenPoint>(gateway, 'auditor', `/open-points?kind=${kind}`, options)),
  );
  return points.flat();
}
