import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file of the network package, from tests as they stand and from built benchmarks alike. */
export function networkFile(...parts: string[]): string {
  return join(dirname(createRequire(import.meta.url).resolve('umlauf-network')), '..', ...parts);
}
