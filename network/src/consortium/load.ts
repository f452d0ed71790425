import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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
  const { bylaws: bylawsFile, members, here, elsewhere, ...consortium } = readYamlFile(file, ConsortiumFile);
  const beside = (path: string) => resolve(dirname(file), path);
  const path = beside(bylawsFile);
  const bylaws = readYamlFile(path, Bylaws);
  const founders = new Set(foundersAmong(members).map(({ id }) => id));
  const strangers = bylaws.boardHolding.filter((id) => !founders.has(id));
  if (strangers.length > 0)
    throw new UserError(
      `${path}:${lineOf(path, 'boardHolding')}: boardHolding: ${strangers.join(', ')}: must be founding members of ${file}`,
    );
  return {
    ...consortium,
    members: members.map(({ msp, ...member }) => ({
      ...member,
      ...(msp === undefined ? {} : { msp: beside(msp) }),
      ...(here === undefined || here.includes(member.id)
        ? {}
        : { elsewhere: join(beside(elsewhere), `${member.id}.json`) }),
    })),
    bylaws,
  };
}

/** Those with whom the cooperative began. */
export function foundersAmong(members: readonly ListedMember[]): ListedMember[] {
  return members.filter(({ start }) => start === 'founding');
}

/** The members whose parts run on this machine. */
export function membersHere({ members }: Pick<ConsortiumDescription, 'members'>): ListedMember[] {
  return members.filter(({ elsewhere }) => elsewhere === undefined);
}

/** The members whose parts run on other machines. */
export function membersElsewhere({ members }: Pick<ConsortiumDescription, 'members'>): ListedMember[] {
  return members.filter(({ elsewhere }) => elsewhere !== undefined);
}

function lineOf(file: string, key: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(`${key}:`)) + 1
  );
}
