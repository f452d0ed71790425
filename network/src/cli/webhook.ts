import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import type { ActOptions } from './member-act.js';
import { withExample } from './member-options.js';

export function webhookCommand(): Command {
  const command = new Command('webhook').description("how a gateway's webhooks stand, and what they gave up");
  const run = () => import('./run-webhook.js'); // what it needs takes long to load
  const ID = 'id of the webhook';
  withExample(
    withAccess(command.command('list'))
      .description('the webhooks of its configuration')
      .action(async (options: ActOptions) => (await run()).listWebhooks(options)),
    'umlauf webhook list --as itdz-berlin',
  );
  withExample(
    withAccess(command.command('dead-letters'))
      .description('events that it was not told of after all tries')
      .argument('<id>', ID)
      .action(async (id: string, options: ActOptions) => (await run()).listDeadLetters(id, options)),
    'umlauf webhook dead-letters register --as itdz-berlin',
  );
  withExample(
    withAccess(command.command('replay'))
      .description("deliver dead letters again; by the member's board")
      .argument('<id>', ID)
      .argument('[events...]', 'ids of the events; without any: all')
      .action(async (id: string, events: string[], options: ActOptions) =>
        (await run()).replay(id, events, options),
      ),
    'umlauf webhook replay register --as itdz-berlin',
  );
  return command;
}
