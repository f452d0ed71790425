import { Command, InvalidArgumentError } from 'commander';
import type { VerifyCommandOptions } from './run-verify.js';

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check exported blocks offline, from their signatures to the resolutions that they hold')
    .argument('<file...>', 'exported blocks, in the order of the chain if there are several files')
    .option('--genesis <hash>', 'the genesis hash that is known from elsewhere', hash)
    .option('--height <number>', 'the number of blocks that is known from elsewhere', number)
    .option('--last <hash>', 'the hash of the last block that is known from elsewhere', hash)
    .option('--chaincode <name>', 'the chaincode of the cooperative', 'umlauf')
    .option('--json', 'print the report as one JSON object')
    .action(async (files: string[], options: VerifyCommandOptions) => {
      const { verifyFiles } = await import('./run-verify.js'); // what it needs takes long to load
      await verifyFiles(files, options);
    });
}

function hash(value: string): string {
  if (!/^[0-9a-fA-F]{64}$/.test(value)) throw new InvalidArgumentError('must be 64 hexadecimal digits.');
  return value.toLowerCase();
}

function number(value: string): number {
  if (!/^[0-9]{1,15}$/.test(value)) throw new InvalidArgumentError('must be a number of blocks.');
  return Number(value);
}
