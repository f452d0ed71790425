import { Command } from 'commander';
import {
  engineOption,
  genesisOption,
  homeConsortiumOption,
  homeOption,
  jsonOption,
  manualOption,
  noManualOption,
  orderersOption,
} from './options.js';
import type { DownOptions } from './run-down.js';
import type { UpOptions } from './run-up.js';

export function upCommand(): Command {
  return new Command('up')
    .description('bring up the consortium in the background; running it again finishes what was interrupted')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(engineOption())
    .addOption(orderersOption())
    .addOption(genesisOption())
    .addOption(manualOption())
    .addOption(noManualOption())
    .addOption(jsonOption())
    .action(async (options: UpOptions) => {
      const { up } = await import('./run-up.js');
      await up(options);
    });
}

export function downCommand(): Command {
  return new Command('down')
    .description('stop the consortium; its data is kept')
    .addOption(homeOption())
    .option('--wipe', 'remove all data of the home too')
    .option('--force', 'end it although something under way keeps it from stopping')
    .addOption(jsonOption())
    .action(async (options: DownOptions) => {
      const { down } = await import('./run-down.js');
      await down(options);
    });
}

export function restartCommand(): Command {
  return new Command('restart')
    .description('stop the consortium and start it again, with all data kept')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(manualOption())
    .addOption(noManualOption())
    .addOption(jsonOption())
    .action(async (options: UpOptions) => {
      const { restart } = await import('./run-up.js');
      await restart(options);
    });
}
