import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../user-error.js';
import { readChaincode, stageChaincode, type ChaincodeCode } from './code.js';
import { chaincodePackage, type ChaincodePackage } from './package.js';

/** Code that is ready to run, with its package. */
export interface Release {
  readonly code: ChaincodeCode;
  readonly package: ChaincodePackage;
  /** Where the services run it from. */
  readonly folder: string;
}

/** Makes a release of built chaincode. Running it again changes nothing. */
export function makeRelease(chaincodeFolder: string, chaincodes: string): Release {
  const code = readChaincode(chaincodeFolder);
  return { code, package: chaincodePackage(code), folder: stageChaincode(code, chaincodes) };
}

/**
 * Finds the release that was approved earlier.
 * @param packageId `<label>:<hash>`
 * @throws UserError if its code is no longer on this machine
 */
export function findRelease(packageId: string, chaincodes: string): Release {
  const [label = ''] = packageId.split(':');
  const folder = join(chaincodes, label);
  if (!existsSync(folder))
    throw new UserError(`the chaincode ${label}, which the channel runs, is not in ${chaincodes}`);
  const code = readChaincode(folder);
  const found = chaincodePackage(code);
  if (found.id !== packageId)
    throw new UserError(
      `${folder} was changed: it makes the package ${found.id}, but ${packageId} was approved`,
    );
  return { code, package: found, folder };
}

/** The hash of the code in a package, from the package's id. */
export function codeHash(packageId: string): string {
  return /_([0-9a-f]+):/.exec(packageId)?.[1] ?? '';
}
