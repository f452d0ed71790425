import { Command } from 'commander';
import {
  homeConsortiumOption,
  engineOption,
  genesisOption,
  homeOption,
  manualOption,
  noManualOption,
  orderersOption,
} from './options.js';
import type { StartOptions } from './run-start.js';

export function startCommand(): Command {
  return new Command('start')
    .description('bring up the consortium and keep it running until Ctrl-C')
    .addOption(homeOption())
    .option('--fresh', 'begin anew: what the home holds is removed')
    .addOption(homeConsortiumOption())
    .addOption(engineOption())
    .addOption(orderersOption())
    .addOption(genesisOption())
    .addOption(manualOption())
    .addOption(noManualOption())
    .option('--json', 'print one JSON object a line: steps, alarms, what is up, that it has stopped')
    .action(async (options: StartOptions) => {
      const { start } = await import('./run-start.js'); // what it needs takes long to load
      await start(options);
    });
}
