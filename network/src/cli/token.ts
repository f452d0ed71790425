import { Argument, Command } from 'commander';
import { ROLES, gatewayOf } from './gateway-access.js';
import { homeOption } from './options.js';

interface TokenOptions {
  readonly home: string;
  readonly json?: boolean;
}

export function tokenCommand(): Command {
  return new Command('token')
    .description("print a token for a member's gateway, while the consortium runs")
    .argument('<member>', 'id of the member')
    .addArgument(new Argument('<role>', 'office').choices(ROLES))
    .addOption(homeOption())
    .option('--json', 'print one JSON object and nothing else')
    .action((memberId: string, role: (typeof ROLES)[number], { home, json }: TokenOptions) => {
      const { url, tokens } = gatewayOf(home, memberId);
      const token = tokens[role];
      process.stdout.write(
        `${json === true ? JSON.stringify({ member: memberId, role, url, token }) : token}\n`,
      );
    });
}
