import { Command } from 'commander';
import { homeOption, jsonOption } from './options.js';
import { OUT } from './org.js';
import type { RenewOptions } from './run-cert.js';

export function certCommand(): Command {
  const command = new Command('cert').description("members' certificates");
  command
    .command('renew')
    .description(
      "change a member's nodes and users over to new certificates, in the running network and without a failed request; run again, it finishes what was interrupted",
    )
    .argument('<member>', 'id of the member')
    .option('--out <file>', OUT)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (member: string, options: RenewOptions) => {
      const { renewCertificates } = await import('./run-cert.js');
      await renewCertificates(member, options);
    });
  return command;
}
