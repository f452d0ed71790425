import { Argument, Command } from 'commander';
import { homeOption } from './options.js';
import type { LogsOptions } from './run-logs.js';

export function logsCommand(): Command {
  return new Command('logs')
    .description('follow the logs until Ctrl-C')
    .addArgument(new Argument('[name]', "part of a log's name, such as a member's id"))
    .addOption(homeOption())
    .option('--no-follow', 'print what is there and end')
    .option('--json', 'print one JSON object a line')
    .action(async (name: string | undefined, options: LogsOptions) => {
      const { logs } = await import('./run-logs.js');
      await logs(name, options);
    });
}
