import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Parser, Unpack, type ReadEntry } from 'tar';
import { UserError } from '../../../user-error.js';
import { EXECUTABLES, releaseFile } from './release-files.js';

/** A release has some 30 entries with 300 MB in all: more than this is something else, or meant to fill the disk. */
export interface UnpackBounds {
  readonly entries: number;
  readonly bytes: number;
}

const BOUNDS: UnpackBounds = { entries: 10_000, bytes: 2 * 1024 ** 3 };

/**
 * Unpacks what this project uses of a release archive (tar, gzipped or not) into an empty folder, laid out as
 * `release-files.ts` says.
 * @throws UserError naming the entry, if the archive is damaged, too large, or has an entry that leads out of it or is
 *   anything but a file or folder
 */
export async function unpackRelease(
  archive: string,
  folder: string,
  bounds: UnpackBounds = BOUNDS,
): Promise<void> {
  // The whole archive is judged first: one that is stopped in the middle goes on writing for a while.
  await reading(archive, judge(archive, bounds));
  const unpack = new Unpack({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => (entry as ReadEntry).type !== 'Directory' && releaseFile(path) !== undefined,
    onReadEntry(entry) {
      entry.path = releaseFile(entry.path) ?? entry.path;
      entry.mode = EXECUTABLES.includes(entry.path) ? 0o755 : 0o644;
    },
  });
  await reading(archive, unpack);
}

/** Reads an archive without writing anything, and stops at the first entry that must not be there. */
function judge(archive: string, bounds: UnpackBounds): Parser {
  let [entries, bytes] = [0, 0];
  const objection = ({ path, type, size }: ReadEntry): string | undefined => {
    entries += 1;
    bytes += size;
    if (leadsOut(path)) return `its entry ${shown(path)} leads out of it`;
    if (!['File', 'OldFile', 'Directory'].includes(type))
      return `its entry ${shown(path)} is neither a file nor a folder (${type})`;
    if (entries > bounds.entries) return `it has more than ${bounds.entries} entries`;
    return bytes > bounds.bytes ? `it holds more than ${bounds.bytes} bytes` : undefined;
  };
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const reason = objection(entry);
      entry.resume();
      if (reason !== undefined) parser.abort(new UserError(`${archive}: ${reason}; nothing of it is used`));
    },
  });
  return parser;
}

async function reading(archive: string, reader: Parser): Promise<void> {
  try {
    await pipeline(createReadStream(archive), reader as unknown as NodeJS.WritableStream);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${archive}: cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}

function leadsOut(path: string): boolean {
  return path.startsWith('/') || /^[a-z]:/i.test(path) || path.split(/[\\/]/).includes('..');
}

/** What an archive calls its entries goes to a terminal. */
function shown(path: string): string {
  return JSON.stringify(path.slice(0, 100));
}
