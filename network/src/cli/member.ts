import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import { withKey, withExample } from './member-options.js';
import type { MemberListOptions } from './run-member.js';
import type { ActOptions } from './member-act.js';

export function memberCommand(): Command {
  const command = new Command('member').description("the register of members, through a member's gateway");
  const run = () => import('./run-member.js'); // what it needs takes long to load
  withExample(
    withAccess(command.command('list'))
      .description('the register, in the order of ids')
      .option(
        '--status <status>',
        'those of a status: applied, admitted, ending, former, rejected, withdrawn',
      )
      .option('--level <level>', 'those of a level of the state: federal, state, municipal')
      .option('--at <date>', 'who they were on this day (YYYY-MM-DD)')
      .action(async (options: MemberListOptions) => (await run()).listMembers(options)),
    'umlauf member list --as itdz-berlin --status admitted',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one member')
      .argument('<member>', 'its id')
      .action(async (id: string, options: ActOptions) => (await run()).showMember(id, options)),
    'umlauf member show north-rhine-westphalia --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('apply')))
      .description('file the application of a body that is no member yet; by the board of an admitted member')
      .argument('<file>', 'the application in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).apply(file, options)),
    'umlauf member apply .umlauf/applicants/north-rhine-westphalia.json --as itdz-berlin',
  );
  return command;
}
