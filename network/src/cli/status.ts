import { Command } from 'commander';
import { homeOption } from './options.js';
import type { StatusOptions } from './run-status.js';

export function statusCommand(): Command {
  return new Command('status')
    .description(
      'each process with its memory, gateways with the height of their ledger, certificates, alarms',
    )
    .addOption(homeOption())
    .option('--json', 'print one JSON object')
    .action(async (options: StatusOptions) => {
      const { status } = await import('./run-status.js');
      await status(options);
    });
}
