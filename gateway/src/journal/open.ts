/** Opening a gateway's journal: the storage that it shares with what is on its way to webhooks. */
import { mkdirSync } from 'node:fs';
import { LevelStorage } from './level-storage.js';
import { MemoryStorage } from './memory-storage.js';
import type { Storage } from './storage.js';

const OWNER = 'owner';

/** The journal's folder can't be used. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * Opens the storage of a journal in a folder; without one, one that ends with the process.
 * @param owner Whose journal it is: transactions of another channel or organization couldn't be settled here.
 * @throws {JournalError} if the folder can't be used, is in use, or is somebody else's.
 */
export async function openJournal(folder: string | undefined, owner: string): Promise<Storage> {
  if (folder === undefined) return new MemoryStorage();
  const storage = await openFolder(folder);
  const found = storage.get(OWNER);
  if (found === undefined) await storage.write([{ key: OWNER, value: owner }], { sync: true });
  else if (found !== owner) {
    await storage.close();
    throw new JournalError(`${folder}: is the journal of ${found}, not of ${owner}`);
  }
  return storage;
}

async function openFolder(folder: string): Promise<LevelStorage> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return await LevelStorage.open(folder);
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    const reason = code === 'LEVEL_LOCKED' ? 'another process uses it' : message;
    throw new JournalError(`${folder}: cannot be used as a journal: ${reason}`, { cause: error });
  }
}
