import type { Command } from 'commander';

/** For acts: the same key makes it the same act, also of another run. */
export const withKey = (command: Command): Command =>
  command.option(
    '--idempotency-key <key>',
    'makes this act the same one when the command is run again (default: a new one)',
  );

export const withExample = (command: Command, example: string): Command =>
  command.addHelpText('after', `\nExample:\n  ${example}`);
