import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import type { ActOptions } from './member-act.js';
import { withExample, withKey } from './member-options.js';
import type { AnnouncementListOptions } from './run-announcement.js';

export function announcementCommand(): Command {
  const command = new Command('announcement').description(
    "what the cooperative tells the public, through a member's gateway",
  );
  const run = () => import('./run-announcement.js'); // what it needs takes long to load
  withExample(
    withAccess(command.command('list'))
      .description('drafts and announcements, in the order of their drafts')
      .option('--status <status>', 'those of a status: drafted, released, withdrawn, corrected')
      .option('--member <member>', 'those that a member drafted')
      .option('--about <resource>', 'those about something, such as member/<id>')
      .option('--from <date>', 'drafted on this day or later (YYYY-MM-DD)')
      .option('--until <date>', 'drafted on this day or earlier (YYYY-MM-DD)')
      .action(async (options: AnnouncementListOptions) => (await run()).listAnnouncements(options)),
    'umlauf announcement list --as itdz-berlin --status drafted',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one draft or announcement')
      .argument('<id>', 'its id')
      .action(async (id: string, options: ActOptions) => (await run()).showAnnouncement(id, options)),
    'umlauf announcement show bavaria-joins --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('draft')))
      .description("draft an announcement; by a member's board")
      .argument('<file>', 'the draft in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).draft(file, options)),
    'umlauf announcement draft bavaria-joins.json --as itdz-berlin',
  );
  const acts = {
    withdraw: 'take a draft back; by the board of the member that drafted it',
    release: 'release a draft for the public to read; by the board of a board-holding member',
  } as const;
  for (const [name, description] of Object.entries(acts))
    withExample(
      withKey(withAccess(command.command(name)))
        .description(description)
        .argument('<id>', 'id of the draft')
        .action(async (id: string, options: ActOptions) =>
          (await run()).settle(name as keyof typeof acts, id, options),
        ),
      `umlauf announcement ${name} bavaria-joins --as bundesdruckerei`,
    );
  return command;
}
