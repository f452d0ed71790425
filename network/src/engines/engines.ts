import type { EngineName, EngineStarter } from '../engine.js';
import { UserError } from '../user-error.js';
import { findFabric } from './fabric/nodes/binaries.js';

export interface EngineOptions {
  /** How many of the founders order, on real Fabric. */
  readonly orderers?: number;
}

/** Loads an engine: only the one that is asked for. */
export async function engineStarter(name: EngineName, options: EngineOptions = {}): Promise<EngineStarter> {
  if (name === 'embedded') return (await import('./embedded.js')).startEmbeddedEngine;
  return (await import('./fabric/engine.js')).fabricEngine(options);
}

/**
 * Whether an engine can run on this machine, as it is asked to.
 * @throws UserError that says what is missing, or what it knows nothing of
 */
export async function checkEngine(
  name: EngineName,
  { orderers }: { readonly orderers?: number | undefined } = {},
): Promise<void> {
  if (name === 'fabric') await findFabric();
  else if (orderers !== undefined)
    throw new UserError(
      `--orderers ${orderers}: the ${name} network orders in one place; only --engine fabric has orderers to count`,
    );
}
