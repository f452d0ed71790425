/**
 * Cursors of lists: the contract's bookmark, sealed with the list that it belongs to.
 *
 * The seal is no secret: it keeps a cursor from being used with other filters, or at another list, where the contract
 * couldn't tell a bookmark from its own. Whoever makes one of their own asks for nothing that they may not read. It is the
 * same at every member's gateway.
 */
import { createHash } from 'node:crypto';
import { invalidInput } from '../http/input.js';
import type { Question } from './question.js';

type List = Pick<Question, 'transaction' | 'input'>;
interface Paged {
  readonly bookmark?: string | undefined;
  readonly limit?: number;
}

const SEAL_CHARACTERS = 12;

/** The page's size isn't part of the list: it may change on the way. */
function seal({ transaction, input }: List, bookmark: string): string {
  const { bookmark: _bookmark, limit: _limit, ...filters } = input as Paged;
  return createHash('sha256')
    .update(JSON.stringify([transaction, filters, bookmark]))
    .digest('base64url')
    .slice(0, SEAL_CHARACTERS);
}

/**
 * The input for the contract, of one with a cursor.
 * @throws {ProblemError} `invalid-input` for a cursor that this list didn't answer.
 */
export function unsealed({ transaction, input }: List): unknown {
  const { bookmark: cursor } = input as Paged;
  if (cursor === undefined) return input;
  const bookmark = cursor.slice(SEAL_CHARACTERS);
  if (bookmark === '' || cursor !== seal({ transaction, input }, bookmark) + bookmark)
    throw invalidInput('bookmark', 'must be a bookmark as this list answered it with the same filters');
  return { ...(input as Paged), bookmark };
}

/** The page of a list with its bookmark, if it has one, as a cursor. */
export function sealed(list: List, page: Uint8Array): Uint8Array {
  const text = Buffer.from(page.buffer, page.byteOffset, page.byteLength).toString('utf8');
  const answer = JSON.parse(text) as Paged;
  const { bookmark } = answer;
  if (bookmark === undefined) return page;
  return Buffer.from(JSON.stringify({ ...answer, bookmark: seal(list, bookmark) + bookmark }));
}
