/** The folder in which one machine keeps a consortium: keys, ledger, ports. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../user-error.js';
import { readJson, writeAtomically } from './files.js';
import { lock } from './lock.js';

const MARKER = 'home.json';
const FORMAT = 1;

export interface Home {
  readonly directory: string;
  /** Path of a file or folder inside. */
  path(...parts: string[]): string;
  /** Gives the home back to others. */
  close(): void;
}

/**
 * Opens a home, making it at the first start, and holds its lock until `close`.
 * @param fresh begin anew: what an earlier consortium left in it is removed
 * @throws UserError if another process uses it, or if the folder holds something else
 */
export function openHome(directory: string, { fresh = false } = {}): Home {
  const path = (...parts: string[]) => join(directory, ...parts);
  const strangers = existsSync(directory) && readdirSync(directory).length > 0 && !existsSync(path(MARKER));
  if (strangers)
    throw new UserError(`${directory}: is not empty and not a home of Umlauf; choose another --home`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!existsSync(path(MARKER))) writeAtomically(path(MARKER), JSON.stringify({ format: FORMAT }));
  } catch (error) {
    throw new UserError(`${directory}: cannot be used as a home: ${(error as Error).message}`);
  }
  const format = z.object({ format: z.number() }).safeParse(readJson(path(MARKER))).data?.format;
  if (format !== FORMAT && !fresh)
    throw new UserError(
      `${directory}: was made by another version of Umlauf; begin anew with --fresh or choose another --home`,
    );
  const unlock = lock(path('lock'));
  if (fresh)
    for (const entry of readdirSync(directory))
      if (entry !== 'lock' && entry !== MARKER) rmSync(path(entry), { recursive: true, force: true });
  writeAtomically(path(MARKER), JSON.stringify({ format: FORMAT }));
  rmSync(path('endpoints.json'), { force: true }); // left by a process that was killed
  return { directory, path, close: unlock };
}
