import type { EngineName } from '../engine.js';
import type { Home } from '../home/home.js';
import { fabricLayout } from './fabric/nodes/layout.js';

/** Where an engine keeps the channel's first block. */
export function genesisFile(home: Pick<Home, 'path'>, engine: EngineName): string {
  return engine === 'embedded' ? home.path('genesis.block') : fabricLayout(home).genesisBlock;
}
