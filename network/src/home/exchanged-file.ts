/** Files that travel between members' machines: JSON that says what it is, with nothing secret in it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { prettifyError, type z } from 'zod';
import { UserError } from '../user-error.js';
import { writeAtomically } from './files.js';

export interface Exchanged<Content extends z.ZodType> {
  readonly schema: Content;
  /** What the file is said not to be, if the schema doesn't fit. */
  readonly kind: string;
  readonly mostBytes: number;
  /** Says who writes the file, where it is missing. */
  readonly hint?: string;
}

/**
 * Reads such a file. What it says of itself is not believed.
 * @throws UserError naming the file and what is wrong with it
 */
export function readExchanged<Content extends z.ZodType>(
  file: string,
  { schema, kind, mostBytes, hint }: Exchanged<Content>,
): z.output<Content> {
  const refuse = (reason: string): never => {
    throw new UserError(`${file}: ${reason}`);
  };
  if (!existsSync(file)) refuse(`there is no such file${hint === undefined ? '' : `; ${hint}`}`);
  const text = readFileSync(file);
  if (text.length > mostBytes) refuse(`is larger than ${mostBytes} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text.toString());
  } catch {
    return refuse('is no JSON');
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? parsed.data
    : refuse(`is no ${kind} of this version: ${prettifyError(parsed.error)}`);
}

/** Writes such a file, readable by everybody. */
export function writeExchanged(file: string, content: object): void {
  writeAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`, 0o644);
}

/** @throws UserError if the folder for a file isn't there: one that is made for a slip of the pen is where nobody looks */
export function checkFolderOf(file: string): void {
  if (!existsSync(dirname(file))) throw new UserError(`${file}: there is no folder ${dirname(file)}`);
}
