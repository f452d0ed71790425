/**
 * The process that runs chaincode for a peer: `fabric-chaincode-node server` on code that hashes to its label, and on no
 * other. Started by the supervisor with the working folder of its member.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readChaincode } from './code.js';

const OPTIONS = ['code', 'label', 'package-id', 'address', 'tls-certificate', 'tls-key'] as const;
type Option = (typeof OPTIONS)[number];

function options(): Record<Option, string> {
  const { values } = parseArgs({
    options: Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' as const }])),
  });
  const missing = OPTIONS.filter((name) => typeof values[name] !== 'string');
  if (missing.length > 0) throw new Error(`missing: ${missing.map((name) => `--${name}`).join(', ')}`);
  return values as Record<Option, string>;
}

function serve(): void {
  const given = options();
  const { label } = readChaincode(given.code);
  if (label !== given.label)
    throw new Error(`the code in ${given.code} is ${label}, but ${given.label} was approved: not started`);
  const [scheme, socket] = given.address.split(':', 2);
  if (scheme === 'unix' && socket !== undefined) {
    mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
    rmSync(socket, { force: true }); // left by one that was killed
  }
  process.argv = [
    process.execPath,
    'fabric-chaincode-node',
    'server',
    ...['--chaincode-address', given.address],
    ...['--chaincode-id', given['package-id']],
    ...['--chaincode-tls-cert-file', given['tls-certificate']],
    ...['--chaincode-tls-key-file', given['tls-key']],
    ...['--module-path', given.code],
  ];
  createRequire(join(given.code, 'package.json'))('fabric-shim/cli.js');
}

serve();
