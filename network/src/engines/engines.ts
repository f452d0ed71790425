import type { EngineName, EngineStarter } from '../engine.js';

export interface EngineOptions {
  /** How many of the founders order, on real Fabric. */
  readonly orderers?: number;
}

/** Loads an engine: only the one that is asked for. */
export async function engineStarter(name: EngineName, options: EngineOptions = {}): Promise<EngineStarter> {
  if (name === 'embedded') return (await import('./embedded.js')).startEmbeddedEngine;
  return (await import('./fabric/engine.js')).fabricEngine(options);
}
