import type { EngineName, EngineStarter } from '../engine.js';
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
 * Whether an engine can run on this machine.
 * @throws UserError that says what is missing
 */
export async function checkEngine(name: EngineName): Promise<void> {
  if (name === 'fabric') await findFabric();
}
