import { Command } from 'commander';
import { homeConsortiumOption, homeOption, jsonOption } from './options.js';
import type { ExportOptions } from './run-ledger-export.js';

export function ledgerCommand(): Command {
  const exporting = new Command('export')
    .description('write all blocks of a running consortium into a file, for umlauf verify')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .option('--member <id>', 'whose peer to ask (default: the first that runs)')
    .option('--out <file>', 'the file to write (default: <channel>.blocks)')
    .addOption(jsonOption())
    .action(async (options: ExportOptions) => {
      const { exportLedger } = await import('./run-ledger-export.js'); // what it needs takes long to load
      await exportLedger(options);
    });
  return new Command('ledger').description('the ledger of a running consortium').addCommand(exporting);
}
