/**
 * The process that runs chaincode for a peer: `fabric-chaincode-node server`, on code that hashes to its label and on no
 * other. The supervisor starts it in the working folder of its member.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { checkLabel, parseServerOptions, shimArguments, socketFile } from './server-command.js';

const options = parseServerOptions(process.argv.slice(2));
checkLabel(options);
const socket = socketFile(options.address);
if (socket !== undefined) {
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  rmSync(socket, { force: true }); // left by one that was killed
}
process.argv = [process.execPath, 'fabric-chaincode-node', ...shimArguments(options)];
createRequire(join(options.code, 'package.json'))('fabric-shim/cli.js');
