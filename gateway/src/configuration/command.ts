/** The command line of a gateway as a process of its own; a part of that of the network's tools as well. */
import { Command, Option } from 'commander';
import { FILE_VARIABLE } from './environment.js';

const configOption = () =>
  new Option('--config <file>', 'the configuration, YAML or JSON').env(FILE_VARIABLE);

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly logFormat?: 'json' | 'text';
}

/** `gateway run` and `gateway check`. Their actions reject with errors whose messages say what is wrong where. */
export function gatewayCommand(): Command {
  const note = `
Settings may also be given as environment variables, which come before the file: UMLAUF_GATEWAY_LISTEN_PORT is listen.port.`;
  return new Command('gateway')
    .description("one member's gateway as a process of its own, from a configuration file")
    .addHelpText('after', note)
    .addCommand(
      new Command('run')
        .description(
          'run until SIGTERM or Ctrl-C; SIGHUP has it read its certificates, keys and callers again',
        )
        .addOption(configOption())
        .addOption(
          new Option('--log-format <format>', 'how to log, whatever is configured').choices(['json', 'text']),
        )
        .addHelpText('after', note)
        .action(async ({ config, logFormat }: Options) => {
          const { runGateway } = await import('./run.js'); // what it needs takes long to load
          await runGateway(config, (line) => process.stderr.write(`${line}\n`), logFormat);
        }),
    )
    .addCommand(
      new Command('check')
        .description('say everything that is wrong with a configuration, without starting anything')
        .addOption(configOption())
        .option('--json', 'print one JSON object and nothing else')
        .addHelpText('after', note)
        .action(async ({ config, json = false }: Options) => {
          const { readConfiguration } = await import('./configuration.js');
          const { options } = readConfiguration(config);
          const { memberId, peer, journal } = options;
          const keeps = journal?.folder;
          const told = json
            ? JSON.stringify({ member: memberId, peer: peer.endpoint, journal: keeps })
            : `✓ ${config ?? 'the environment'}: the gateway of ${memberId} at ${peer.endpoint}, ${
                keeps === undefined
                  ? 'without a folder for its journal: keys and accepted requests end with the process'
                  : `its journal in ${keeps}`
              }`;
          process.stdout.write(`${told}\n`);
        }),
    );
}
