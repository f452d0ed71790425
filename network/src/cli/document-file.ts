/** A document in a file: it stays where it is, what identifies it goes on the ledger. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../user-error.js';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.html': 'text/html',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.odt': 'application/vnd.oasis.opendocument.text',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.zip': 'application/zip',
};

/** SHA-256 of a file of any size, hexadecimal. @throws {UserError} if it can't be read. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
  return hash.digest('hex');
}

/** What identifies the document in a file; its media type by the file's ending. @throws {UserError} */
export async function documentOf(file: string): Promise<{ name: string; mediaType: string; sha256: string }> {
  const name = basename(file).normalize('NFC');
  const mediaType = MEDIA_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
  return { name, mediaType, sha256: await sha256Of(file) };
}
