import { Argument, Command, Option } from 'commander';
import { withAccess } from './gateway-access.js';
import { withExample, withKey } from './member-options.js';
import type { ActOptions } from './member-act.js';
import type { ResolutionListOptions, VoteOptions } from './run-resolution.js';

const CHOICES = ['yes', 'no', 'abstain'] as const;

export function resolutionCommand(): Command {
  const command = new Command('resolution').description("resolutions and votes, through a member's gateway");
  const run = () => import('./run-resolution.js'); // what it needs takes long to load
  const ID = 'id of the resolution';
  withExample(
    withAccess(command.command('list'))
      .description('resolutions, in the order of their proposals')
      .option('--status <status>', 'those of a status: proposed, open, adopted, rejected, lapsed, withdrawn')
      .option('--matter <matter>', 'those of a matter, such as admission')
      .action(async (options: ResolutionListOptions) => (await run()).listResolutions(options)),
    'umlauf resolution list --as itdz-berlin --status open',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one resolution with its ballots')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).showResolution(id, options)),
    'umlauf resolution show admission-nrw --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('propose')))
      .description("propose a resolution; by a member's board")
      .argument('<file>', 'the proposal in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).propose(file, options)),
    'umlauf resolution propose admission-nrw.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('open')))
      .description('open the vote; by the board of a board-holding member')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).open(id, options)),
    'umlauf resolution open admission-nrw --as bundesdruckerei',
  );
  withExample(
    withKey(withAccess(command.command('vote')))
      .description("cast the member's ballot; by its representative")
      .argument('<id>', ID)
      .addArgument(new Argument('<choice>', 'the vote').choices(CHOICES))
      .addOption(
        new Option('--consent <answer>', 'to the procedure, where that needs the consent of all').choices([
          'yes',
          'no',
        ]),
      )
      .action(async (id: string, choice: (typeof CHOICES)[number], options: VoteOptions) =>
        (await run()).vote(id, choice, options),
      ),
    'umlauf resolution vote admission-nrw yes --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('decide')))
      .description('have the outcome recorded; the gateways do so by themselves when it is due')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).decide(id, options)),
    'umlauf resolution decide admission-nrw --as itdz-berlin',
  );
  return command;
}
