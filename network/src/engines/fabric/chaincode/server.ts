/**
 * The process that runs chaincode for a peer: `fabric-chaincode-node server`, on code that hashes to its label and on no
 * other. The supervisor starts it in the working folder of its member.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkLabel, parseServerOptions, shimArguments } from './server-command.js';
import { besideAddress } from './beside.js';

const options = parseServerOptions(process.argv.slice(2));
checkLabel(options);
const address = besideAddress(options.address);
process.argv = [process.execPath, 'fabric-chaincode-node', ...shimArguments({ ...options, address })];
createRequire(join(options.code, 'package.json'))('fabric-shim/cli.js');
