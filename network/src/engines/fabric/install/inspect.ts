import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { EXECUTABLES, PROGRAMS } from './release-files.js';
import { programVersion } from './versions.js';

/**
 * Whether a folder holds a whole release of a version, found out by running its programs.
 * @returns what is wrong with it, or undefined
 */
export async function objectionTo(folder: string, version: string): Promise<string | undefined> {
  for (const file of EXECUTABLES)
    if (!(await isExecutable(join(folder, file)))) return `no executable ${join(folder, file)}`;
  for (const program of PROGRAMS) {
    const file = join(folder, 'bin', program);
    const told = await programVersion(file, program);
    if (told === undefined) return `${file} does not run on this machine, or is not Fabric's`;
    if (told !== '' && told.replace(/^v/, '') !== version) return `${file} is ${told}; ${version} is needed`;
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
