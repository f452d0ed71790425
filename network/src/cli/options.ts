import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { ENGINES } from '../engines/engines.js';

/** A file that ships with this package. */
export function shipped(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

export const DEFAULT_HOME = '.umlauf';

export const homeOption = () =>
  new Option('--home <directory>', 'where keys and ledger are kept').default(DEFAULT_HOME);
export const consortiumOption = (file: string) =>
  new Option('--consortium <file>', 'the members, listed once').default(shipped(file), `the shipped ${file}`);
export const engineOption = () =>
  new Option('--engine <engine>', 'what runs the channel').choices(ENGINES).default('embedded');
