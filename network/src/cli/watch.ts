import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import { withExample } from './member-options.js';
import type { WatchOptions } from './run-watch.js';

const collected = (value: string, before: readonly string[] = []) => [...before, value];

export function watchCommand(): Command {
  return withExample(
    withAccess(new Command('watch'))
      .description(
        'follow what gets onto the ledger, until Ctrl-C; goes on after the last event when the connection breaks',
      )
      .option(
        '--type <type>',
        'facts of this type, such as ballot.cast; several times for several',
        collected,
      )
      .option('--resource <path>', 'of this resource, such as resolutions/<id>; several times', collected)
      .option('--from <block>', 'begin with this block (default: with what comes from now on)')
      .option('--after <position>', 'begin after the event at this position')
      .action(async (options: WatchOptions) => {
        const { watch } = await import('./run-watch.js'); // what it needs takes long to load
        await watch(options);
      }),
    'umlauf watch --as itdz-berlin --from 0 --type resolution.decided',
  );
}
