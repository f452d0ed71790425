import { Command } from 'commander';
import { homeConsortiumOption, homeOption, jsonOption, orderersOption } from './options.js';
import type { GenesisOptions } from './run-genesis.js';

export function genesisCommand(): Command {
  return new Command('genesis')
    .description(
      "write the channel's first block into a file, for the machines of the others; made here, if there is none yet, from what each founder exported",
    )
    .requiredOption('--out <file>', 'where to write it; nothing in it is a secret')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(orderersOption())
    .addOption(jsonOption())
    .action(async (options: GenesisOptions) => {
      const { genesis } = await import('./run-genesis.js');
      await genesis(options);
    });
}
