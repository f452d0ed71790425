import { Command } from 'commander';
import { addAgreementActs } from './agreement.js';
import { withAccess } from './gateway-access.js';
import { withExample, withKey } from './member-options.js';
import type { ActOptions } from './member-act.js';
import type { ParticipationListOptions, PhaseOptions, ProjectListOptions } from './run-project.js';

export function projectCommand(): Command {
  const command = new Command('project').description(
    "projects and who takes part in them, through a member's gateway",
  );
  const run = () => import('./run-project.js'); // what it needs takes long to load
  withExample(
    withAccess(command.command('list'))
      .description('projects, in the order of their proposals')
      .option('--member <member>', 'those that a member leads')
      .option('--focus-area <area>', 'those of a focus area of the bylaws')
      .option(
        '--status <status>',
        'those of a status: proposed, approved, in-development, in-introduction, in-operation, ended, stopped',
      )
      .option('--from <date>', 'proposed on this day or later (YYYY-MM-DD)')
      .option('--until <date>', 'proposed on this day or earlier (YYYY-MM-DD)')
      .action(async (options: ProjectListOptions) => (await run()).listProjects(options)),
    'umlauf project list --as itdz-berlin --status in-operation',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one project with those who take part')
      .argument('<id>', 'id of the project')
      .action(async (id: string, options: ActOptions) => (await run()).showProject(id, options)),
    'umlauf project show joint-ledger --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('propose')))
      .description("propose a project, or bring an existing one in; by a member's board")
      .argument('<file>', 'the project in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).propose(file, options)),
    'umlauf project propose joint-ledger.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('accept')))
      .description('accept an existing project that another member brought in; by a board-holding member')
      .argument('<id>', 'id of the project')
      .action(async (id: string, options: ActOptions) => (await run()).accept(id, options)),
    'umlauf project accept joint-ledger --as bundesdruckerei',
  );
  withExample(
    withKey(withAccess(command.command('advance')))
      .description("declare the project's next phase; by the board of its lead")
      .argument('<id>', 'id of the project')
      .argument('<phase>', 'in-development, in-introduction, in-operation, ended or stopped')
      .requiredOption('--on <date>', 'first day of the phase (YYYY-MM-DD)')
      .requiredOption('--evidence <file>', 'document that shows it: its SHA-256 goes on the ledger')
      .action(async (id: string, phase: string, options: PhaseOptions) =>
        (await run()).advance(id, phase, options),
      ),
    'umlauf project advance joint-ledger in-operation --on 2026-09-01 --evidence acceptance.pdf --as itdz-berlin',
  );
  return command;
}

/** Members' parts in projects. */
export function participationCommand(): Command {
  const command = new Command('participation').description(
    "members' parts in projects, agreed by the lead and the member, through a member's gateway",
  );
  const run = () => import('./run-project.js');
  withExample(
    withAccess(command.command('list'))
      .description("who takes part in which role: by project or by member, each with that side's own state")
      .option('--project <project>', 'those in a project')
      .option('--member <member>', 'those of a member')
      .option('--holder-state <state>', "with --project: the lead's own state (awaiting, agreed, …)")
      .option('--member-state <state>', "with --member: the member's own state (awaiting, agreed, …)")
      .action(async (options: ParticipationListOptions) => (await run()).listParticipations(options)),
    'umlauf participation list --as itdz-berlin --member itdz-berlin --member-state awaiting',
  );
  addAgreementActs(command, {
    called: 'a participation',
    named: [
      ['project', 'id of the project'],
      ['member', 'the member that takes part'],
      ['role', 'lead, developer, introducer, operator or user'],
    ],
    proposing: "invite a member (by the lead's board), or ask to take part (by the member's representative)",
    example: 'joint-ledger north-rhine-westphalia operator',
    run,
  });
  return command;
}
