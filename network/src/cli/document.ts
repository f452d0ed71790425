import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import type { ActOptions } from './member-act.js';
import { withExample, withKey } from './member-options.js';
import type { DocumentListOptions, ShareOptions } from './run-document.js';

export function documentCommand(): Command {
  const command = new Command('document').description(
    "documents that members share, through a member's gateway: the files stay where they are",
  );
  const run = () => import('./run-document.js'); // what it needs takes long to load
  withExample(
    withKey(withAccess(command.command('share')))
      .description("share a document, or a new version of one; by a member's board")
      .argument('<file>', 'the document: its name, media type and SHA-256 go on the ledger')
      .requiredOption('--title <title>', 'what it is')
      .requiredOption('--focus-area <area...>', 'focus areas of the bylaws')
      .requiredOption('--licence <licence>', 'SPDX identifier, or one line')
      .option('--id <id>', 'its identifier (default: the gateway makes one)')
      .option('--language <language>', 'its language, such as de')
      .option('--uri <uri>', 'where the member offers it')
      .option('--supersedes <id>', "the member's earlier version that it takes the place of")
      .action(async (file: string, options: ShareOptions) => (await run()).share(file, options)),
    'umlauf document share manual.pdf --title "Operating manual" --focus-area blockchain --licence CC-BY-4.0 --as itdz-berlin',
  );
  withExample(
    withAccess(command.command('list'))
      .description('shared documents, in the order in which they were shared')
      .option('--member <member>', 'those of a member')
      .option('--focus-area <area>', 'those of a focus area')
      .option('--status <status>', 'those of a status: current, superseded')
      .option('--from <date>', 'shared on this day or later (YYYY-MM-DD)')
      .option('--until <date>', 'shared on this day or earlier (YYYY-MM-DD)')
      .action(async (options: DocumentListOptions) => (await run()).listDocuments(options)),
    'umlauf document list --as itdz-berlin --focus-area blockchain --status current',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one shared document')
      .argument('<id>', 'id of the document')
      .action(async (id: string, options: ActOptions) => (await run()).showDocument(id, options)),
    'umlauf document show operating-manual --as itdz-berlin',
  );
  withExample(
    withAccess(command.command('verify'))
      .description('say which shared document a file is, superseded or not; exit code 1 if it is none')
      .argument('<file>', 'any file')
      .action(async (file: string, options: ActOptions) => (await run()).verifyDocument(file, options)),
    'umlauf document verify manual.pdf --as itdz-berlin',
  );
  return command;
}
