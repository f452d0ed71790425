import { Argument, Command } from 'commander';
import { addAgreementActs } from './agreement.js';
import { withAccess } from './gateway-access.js';
import type { ActOptions } from './member-act.js';
import { withExample, withKey } from './member-options.js';
import type { NoticeOptions, ServiceListOptions, UseListOptions } from './run-service.js';

const ID = 'id of the service';
const DATE = '(YYYY-MM-DD)';

export function serviceCommand(): Command {
  const command = new Command('service').description(
    "services that members offer, through a member's gateway",
  );
  const run = () => import('./run-service.js'); // what it needs takes long to load
  withExample(
    withAccess(command.command('list'))
      .description('services, in the order of their first offer')
      .option('--member <member>', 'those that a member offers')
      .option('--focus-area <area>', 'those of a focus area of the bylaws')
      .option('--status <status>', 'those of a status: planned, pilot, available, being-withdrawn, withdrawn')
      .option('--project <project>', 'those that came from a project')
      .option('--from <date>', `offered first on this day or later ${DATE}`)
      .option('--until <date>', `offered first on this day or earlier ${DATE}`)
      .action(async (options: ServiceListOptions) => (await run()).listServices(options)),
    'umlauf service list --as itdz-berlin --status available',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one service with those who use it')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).showService(id, options)),
    'umlauf service show proof-check --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('offer')))
      .description("offer an application of a public body; by a member's board")
      .argument('<file>', 'the service in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).offer(file, options)),
    'umlauf service offer proof-check.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('change')))
      .description('change its description, nodes, documents or address; by the board that offers it')
      .argument('<id>', ID)
      .argument('<file>', 'what takes the place of what is there, in JSON, - for standard input')
      .action(async (id: string, file: string, options: ActOptions) =>
        (await run()).change(id, file, options),
      ),
    'umlauf service change proof-check address.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('advance')))
      .description('declare that it is tried out or there for all; by the board that offers it')
      .argument('<id>', ID)
      .addArgument(new Argument('<status>', 'the next status').choices(['pilot', 'available']))
      .requiredOption('--on <date>', `its first day ${DATE}`)
      .action(async (id: string, status: 'pilot' | 'available', options: ActOptions & { on: string }) =>
        (await run()).advance(id, status, options),
      ),
    'umlauf service advance proof-check available --on 2026-09-01 --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('announce-withdrawal')))
      .description('announce its last day, which its users are told; by the board that offers it')
      .argument('<id>', ID)
      .requiredOption('--on <date>', `its last day, today or later ${DATE}`)
      .option('--document <file>', 'document on it: its SHA-256 goes on the ledger')
      .action(async (id: string, options: NoticeOptions) => (await run()).announceWithdrawal(id, options)),
    'umlauf service announce-withdrawal proof-check --on 2027-12-31 --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('withdraw')))
      .description('withdraw it after its announced last day; by the board that offers it')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).withdraw(id, options)),
    'umlauf service withdraw proof-check --as itdz-berlin',
  );
  return command;
}

/** Members' uses of services. */
export function useCommand(): Command {
  const command = new Command('use').description(
    "members' use of services, agreed by the member and the one that offers, through a member's gateway",
  );
  const run = () => import('./run-service.js');
  withExample(
    withAccess(command.command('list'))
      .description("who uses what: by service or by member, each with that side's own state")
      .option('--service <service>', 'uses of a service')
      .option('--member <member>', 'uses by a member')
      .option(
        '--holder-state <state>',
        "with --service: the offering member's own state (awaiting, agreed, …)",
      )
      .option('--member-state <state>', "with --member: the member's own state (awaiting, agreed, …)")
      .action(async (options: UseListOptions) => (await run()).listUses(options)),
    'umlauf use list --as itdz-berlin --service proof-check',
  );
  addAgreementActs(command, {
    called: 'a use',
    named: [
      ['service', ID],
      ['member', 'the member that uses it'],
    ],
    proposing:
      "ask to use a service (by the member's representative), or invite to (by the board that offers it)",
    example: 'proof-check north-rhine-westphalia',
    run,
  });
  return command;
}
