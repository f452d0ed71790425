import type { EngineStarter } from '../consortium/consortium.js';
import type { EngineName } from '../engine.js';

export interface EngineOptions {
  /** How many of the founders order, on real Fabric. */
  readonly orderers?: number;
  /** Told of each step. */
  readonly step?: (text: string) => void;
}

/** Loads an engine: only the one that is asked for. */
export async function engineStarter(name: EngineName, options: EngineOptions = {}): Promise<EngineStarter> {
  if (name === 'embedded') return (await import('./embedded.js')).startEmbeddedEngine;
  return (await import('./fabric/engine.js')).fabricEngine(options);
}
