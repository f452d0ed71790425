/** What both sides of an agreement do, with the same commands, each through its own gateway. */
import type { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import type { ActOptions } from './member-act.js';
import { withExample, withKey } from './member-options.js';

export type Declared = 'propose' | 'accept' | 'decline';
export type EndOptions = ActOptions & { readonly on: string };

interface Agreement<Name extends string> {
  /** What an agreement is called with its article, such as "a use". */
  readonly called: string;
  /** Its arguments and what they say; the first is what it is about. */
  readonly named: readonly (readonly [name: Name, description: string])[];
  /** What proposing it is, for each side. */
  readonly proposing: string;
  /** Arguments of the examples. */
  readonly example: string;
  /** What carries it out; loaded only then. */
  readonly run: () => Promise<{
    declare(what: Declared, agreement: Record<Name, string>, options: ActOptions): Promise<void>;
    end(agreement: Record<Name, string>, options: EndOptions): Promise<void>;
  }>;
}

/** Adds `propose`, `accept`, `decline` and `end`. */
export function addAgreementActs<Name extends string>(
  command: Command,
  { called, named, proposing, example, run }: Agreement<Name>,
): void {
  const path = `umlauf ${command.name()}`;
  const subcommand = (name: string, description: string): Command => {
    const added = withKey(withAccess(command.command(name))).description(description);
    for (const [argument, what] of named) added.argument(`<${argument}>`, what);
    return added;
  };
  const agreementOf = (given: readonly string[]) =>
    Object.fromEntries(named.map(([name], index) => [name, given[index] ?? ''])) as Record<Name, string>;
  const acts: Readonly<Record<Declared, string>> = {
    propose: proposing,
    accept: 'accept what the other side has proposed',
    decline: 'decline what is not agreed yet, or take it back',
  };
  for (const [name, description] of Object.entries(acts) as [Declared, string][]) {
    const added = subcommand(name, description);
    added.action(async () => (await run()).declare(name, agreementOf(added.args), added.opts<ActOptions>()));
    withExample(added, `${path} ${name} ${example} --as itdz-berlin`);
  }
  const ending = subcommand('end', `end ${called}; by either side`);
  ending.requiredOption('--on <date>', 'its last day (YYYY-MM-DD)');
  ending.action(async () => (await run()).end(agreementOf(ending.args), ending.opts<EndOptions>()));
  withExample(ending, `${path} end ${example} --on 2026-12-31 --as itdz-berlin`);
}
