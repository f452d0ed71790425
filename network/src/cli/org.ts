import { Command } from 'commander';
import { homeOption } from './options.js';
import type { AddOptions } from './run-org.js';

export function orgCommand(): Command {
  const command = new Command('org').description("members' organizations on the running network");
  command
    .command('add')
    .description(
      "bring an admitted member's organization onto the network: channel, peer, chaincode, gateway; run again, it finishes what was interrupted",
    )
    .argument('<member>', 'id of the member')
    .option('--orderer', 'give it a place among the consenters too, now or later')
    .addOption(homeOption())
    .option('--json', 'print one JSON object at the end and nothing else')
    .action(async (member: string, options: AddOptions) => {
      const { addOrganization } = await import('./run-org.js');
      await addOrganization(member, options);
    });
  for (const subcommand of command.commands)
    subcommand
      .exitOverride()
      .showHelpAfterError(`(umlauf org ${subcommand.name()} --help tells what is allowed)`);
  return command;
}
