import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Bylaws } from 'umlauf-chaincode/api';
import { UserError } from '../user-error.js';
import { ConsortiumFile, type ListedMember } from './schema.js';
import { readYamlFile } from './yaml-file.js';

/** The consortium as its files describe it. */
export interface ConsortiumDescription {
  readonly name: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly members: readonly ListedMember[];
  readonly bylaws: Bylaws;
}

/**
 * Reads `consortium.yaml` and the bylaws that it names (relative to it).
 * @throws UserError with file, line and what is allowed
 */
export function loadConsortium(file: string): ConsortiumDescription {
  const { bylaws: bylawsFile, ...consortium } = readYamlFile(file, ConsortiumFile);
  const path = resolve(dirname(file), bylawsFile);
  const bylaws = readYamlFile(path, Bylaws);
  const founders = new Set(
    consortium.members.filter(({ start }) => start === 'founding').map(({ id }) => id),
  );
  const strangers = bylaws.boardHolding.filter((id) => !founders.has(id));
  if (strangers.length > 0)
    throw new UserError(
      `${path}:${lineOf(path, 'boardHolding')}: boardHolding: ${strangers.join(', ')}: must be founding members of ${file}`,
    );
  return { ...consortium, bylaws };
}

function lineOf(file: string, key: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(`${key}:`)) + 1
  );
}
