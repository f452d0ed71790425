/** One process for each home. A lock whose process is gone is stale and taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../user-error.js';
import { identify, isAlive, ProcessIdentity } from './process-identity.js';

/**
 * Takes the lock file; the function returned gives it back.
 * @throws UserError naming the process that holds it
 */
export function lock(file: string): () => void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 3; tries++) {
      try {
        linkSync(temporary, file); // atomic: fails if the file exists
        return () => {
          if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder && isAlive(holder))
        throw new UserError(
          `this home is in use by process ${holder.pid} (${file}); stop it first or choose another --home`,
        );
      setAside(file);
    }
    throw new UserError(`the lock ${file} keeps changing hands; try again`);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The process that holds the lock, if it is alive. */
export function lockHolder(file: string): ProcessIdentity | undefined {
  const holder = holderOf(file);
  return holder && isAlive(holder) ? holder : undefined;
}

/** Which process the lock names, and whether it is alive; undefined where there is no lock, or one cut short by a crash. */
export function lockState(file: string): { readonly pid: number; readonly alive: boolean } | undefined {
  const holder = holderOf(file);
  return holder && { pid: holder.pid, alive: isAlive(holder) };
}

/** Renaming first makes sure that of two processes that find the same stale lock one removes it. */
function setAside(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    const holder = holderOf(aside);
    if (holder && isAlive(holder)) linkSync(aside, file); // another process was faster: give it back
    rmSync(aside, { force: true });
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return ProcessIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // missing, or cut short by a crash
  }
}
