import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import { ENGINES, type EngineName } from '../engine.js';

/** A file that ships with this package. */
export function shipped(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

export const DEFAULT_HOME = '.umlauf';
export const DEFAULT_ENGINE: EngineName = 'embedded';

/** For scripts: what a command has to say comes as one object at its end. */
export const jsonOption = () => new Option('--json', 'print one JSON object at the end and nothing else');

export const homeOption = () =>
  new Option('--home <directory>', 'where keys and ledger are kept').default(DEFAULT_HOME);
export const consortiumOption = (file: string) =>
  new Option('--consortium <file>', 'the members, listed once').default(shipped(file), `the shipped ${file}`);
/** Without a default of its own: what the home was run with last, see `settle`. */
export const homeConsortiumOption = () =>
  new Option(
    '--consortium <file>',
    'the members, listed once (default: what the home was run with last, at first the shipped consortium.yaml)',
  );
export const engineOption = () =>
  new Option(
    '--engine <engine>',
    'what runs the channel (default: what the home was made with, at first embedded)',
  ).choices(ENGINES);

export const manualOption = () =>
  new Option(
    '--manual',
    'leave it to `umlauf org add` to bring in admitted members (default: as at the last start, at first they join by themselves)',
  );
export const noManualOption = () => new Option('--no-manual', 'let admitted members join by themselves');

export const orderersOption = () =>
  new Option(
    '--orderers <number>',
    'how many founders order, on real Fabric (default: 4, which tolerates one fault)',
  ).argParser((text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 4)
      throw new InvalidArgumentError('must be a whole number from 4 on.');
    return number;
  });

export const genesisOption = () =>
  new Option(
    '--genesis <file>',
    "the channel's first block as another machine made it (umlauf genesis), where members' parts run elsewhere",
  );
