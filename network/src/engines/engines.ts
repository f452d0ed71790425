import type { EngineStarter } from '../consortium/consortium.js';

/** What can run the channel. */
export const ENGINES = ['embedded', 'fabric'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Loads an engine: only the one that is asked for. */
export async function engineStarter(name: EngineName): Promise<EngineStarter> {
  if (name === 'embedded') return (await import('./embedded.js')).startEmbeddedEngine;
  return (await import('./fabric/engine.js')).startFabricEngine;
}
