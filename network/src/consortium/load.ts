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
 * Reads `consortium.yaml` and the bylaws that it names; paths in it are relative to it.
 * @throws UserError with file, line and what is allowed
 */
export function loadConsortium(file: string): ConsortiumDescription {
  const { bylaws: bylawsFile, members, ...consortium } = readYamlFile(file, ConsortiumFile);
  const beside = (path: string) => resolve(dirname(file), path);
  const path = beside(bylawsFile);
  const bylaws = readYamlFile(path, Bylaws);
  const founders = new Set(members.filter(({ start }) => start === 'founding').map(({ id }) => id));
  const strangers = bylaws.boardHolding.filter((id) => !founders.has(id));
  if (strangers.length > 0)
    throw new UserError(
      `${path}:${lineOf(path, 'boardHolding')}: boardHolding: ${strangers.join(', ')}: must be founding members of ${file}`,
    );
  return {
    ...consortium,
    members: members.map(({ msp, ...member }) =>
      msp === undefined ? member : { ...member, msp: beside(msp) },
    ),
    bylaws,
  };
}

function lineOf(file: string, key: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(`${key}:`)) + 1
  );
}
