/**
 * How an organization's keys and certificates give way to others on disk, so that a crash at any moment leaves one of
 * the two whole: the next ones are written beside (`<id>.next`), then take the place, and `unapplied` in them tells that
 * nodes may still run with the old ones.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readOrganization, writeOrganization, type OrganizationMaterial } from 'umlauf-channel';
import { writeAtomically } from './files.js';

const UNAPPLIED = 'unapplied';

const nextOf = (folder: string) => `${folder}.next`;
const formerOf = (folder: string) => `${folder}.former`;

/** Writes an organization's next material beside the one in use. */
export async function prepareExchange(folder: string, next: OrganizationMaterial): Promise<void> {
  const unfinished = `${nextOf(folder)}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await writeOrganization(unfinished, next);
  writeAtomically(join(unfinished, UNAPPLIED), '');
  renameSync(unfinished, nextOf(folder));
}

/**
 * What a renewal that was interrupted was about to bring in, or has brought in without having started all nodes with it.
 */
export async function unfinishedExchange(folder: string): Promise<OrganizationMaterial | undefined> {
  if (existsSync(nextOf(folder))) return readOrganization(nextOf(folder));
  return existsSync(join(folder, UNAPPLIED)) ? readOrganization(folder) : undefined;
}

/** Puts the next material in the place of the one in use, if there is any. */
export function exchange(folder: string): void {
  if (!existsSync(nextOf(folder))) return;
  rmSync(formerOf(folder), { recursive: true, force: true });
  renameSync(folder, formerOf(folder));
  renameSync(nextOf(folder), folder);
  rmSync(formerOf(folder), { recursive: true });
}

/** Makes up for a crash between the steps of an exchange. */
export function finishExchange(folder: string): void {
  if (existsSync(folder)) rmSync(formerOf(folder), { recursive: true, force: true });
  else if (existsSync(nextOf(folder))) renameSync(nextOf(folder), folder);
}

/** All nodes run with what is in the folder. */
export function markApplied(folder: string): void {
  rmSync(join(folder, UNAPPLIED), { force: true });
}
