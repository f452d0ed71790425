import { Argument, Command } from 'commander';
import { endpointsOf, notRunning } from '../home/running.js';
import { ROLES, noGateway } from './gateway-access.js';
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
      const endpoints = endpointsOf(home);
      if (!endpoints) throw notRunning(home);
      const access = endpoints.find((endpoint) => endpoint.memberId === memberId);
      if (!access) throw noGateway(memberId, endpoints);
      const token = access.tokens[role];
      process.stdout.write(
        `${json === true ? JSON.stringify({ member: memberId, role, url: access.url, token }) : token}\n`,
      );
    });
}
