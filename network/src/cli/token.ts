import { Argument, Command } from 'commander';
import { endpointsOf } from '../home/running.js';
import { UserError } from '../user-error.js';
import { homeOption } from './options.js';

const ROLES = ['representative', 'board', 'auditor'] as const;

export function tokenCommand(): Command {
  return new Command('token')
    .description("print a token for a member's gateway, while the consortium runs")
    .argument('<member>', 'id of the member')
    .addArgument(new Argument('<role>', 'office').choices(ROLES))
    .addOption(homeOption())
    .action((memberId: string, role: (typeof ROLES)[number], { home }: { home: string }) => {
      const endpoints = endpointsOf(home);
      if (!endpoints) throw new UserError(`no consortium is running in ${home}; start one with: npm start`);
      const access = endpoints.find((endpoint) => endpoint.memberId === memberId);
      if (!access)
        throw new UserError(
          `${memberId} has no gateway here; these have: ${endpoints.map((endpoint) => endpoint.memberId).join(', ')}`,
        );
      process.stdout.write(`${access.tokens[role]}\n`);
    });
}
