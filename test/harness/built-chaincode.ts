import { appendFileSync, cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SHIPPED = dirname(createRequire(import.meta.url).resolve('umlauf-chaincode/package.json'));

/** Copies the chaincode that ships with this project, as far as it is deployed. */
export function copyChaincode(folder: string): void {
  for (const part of ['package.json', 'package-lock.json', 'dist'])
    cpSync(join(SHIPPED, part), join(folder, part), { recursive: true });
}

/** Makes another build of copied chaincode, which differs in nothing that it does. */
export function rebuildChaincode(folder: string, comment: string): void {
  appendFileSync(join(folder, 'dist', 'index.js'), `// ${comment}\n`);
}
