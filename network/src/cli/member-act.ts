/** One call of a member's gateway: what it answers is shown, what it refuses is one precise line. */
import { readFileSync } from 'node:fs';
import {
  Problem,
  UnexpectedAnswerError,
  UnreachableError,
  createClient,
  type Answer,
  type CallOptions,
  type Client,
} from 'umlauf-client';
import type { TokenRole } from '../rest.js';
import { UserError } from '../user-error.js';
import { accessOf, type AccessOptions } from './gateway-access.js';

export interface ActOptions extends AccessOptions {
  readonly json?: boolean;
  readonly idempotencyKey?: string;
}

/** Calls, and shows what was answered; with `--json` as it was answered. */
export async function act<T>(
  options: ActOptions,
  role: TokenRole,
  ask: (client: Client, call: CallOptions) => Promise<Answer<T>>,
  show: (body: T) => string,
): Promise<void> {
  const { idempotencyKey } = options;
  const answer = await told(options, role, (client) =>
    ask(client, idempotencyKey === undefined ? {} : { idempotencyKey }),
  );
  const recorded = answer.transactionId === undefined ? '' : `\ntransaction ${answer.transactionId}`;
  process.stdout.write(`${options.json ? JSON.stringify(answer.body) : `${show(answer.body)}${recorded}`}\n`);
}

/**
 * Does something with a client.
 * @throws {UserError} in one line, whatever the gateway refuses it with.
 */
export async function told<T>(
  options: AccessOptions,
  role: TokenRole,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const access = accessOf(options, role);
  try {
    return await work(createClient({ ...access, patienceMs: 10_000 }));
  } catch (error) {
    throw inOneLine(error, access.url) ?? error;
  }
}

/** Of an agreement's two sides: the member's own representative speaks for it, the board of the other for what it holds. */
export const officeFor = (memberId: string, { as }: AccessOptions): TokenRole =>
  as === memberId ? 'representative' : 'board';

/** Every page of a list, as one. */
export async function whole<T>(
  page: (bookmark: string | undefined) => Promise<Answer<{ items: T[]; bookmark?: string | undefined }>>,
): Promise<Answer<T[]>> {
  let answer = await page(undefined);
  const items = [...answer.body.items];
  while (answer.body.bookmark !== undefined) {
    answer = await page(answer.body.bookmark);
    items.push(...answer.body.items);
  }
  return { ...answer, body: items };
}

/** The JSON of a file, or of standard input for `-`. @throws {UserError} */
export function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file === '-' ? 'standard input' : file}: ${(error as Error).message}`);
  }
}

function inOneLine(error: unknown, url: string): UserError | undefined {
  if (error instanceof Problem) return new UserError(describe(error));
  if (error instanceof UnreachableError) {
    const { cause } = error.cause as {
      readonly cause?: { readonly code?: string; readonly message?: string };
    };
    const why = cause?.code ?? cause?.message;
    return new UserError(`${url}: does not answer${why === undefined ? '' : ` (${why})`}`);
  }
  if (error instanceof UnexpectedAnswerError) return new UserError(`${url}: is no gateway: ${error.message}`);
  return undefined;
}

interface Issue {
  readonly path: string;
  readonly message: string;
}

/** `wrong-status: … (resource resolution, status open, allowed proposed)`; what is wrong with the input by its fields. */
export function describe({ code, message, data, transactionId }: Problem): string {
  const { issues, ...rest } = data;
  const fields = ((issues ?? []) as readonly Issue[]).map((issue) => `${issue.path}: ${issue.message}`);
  const details = Object.entries({ ...rest, ...(transactionId === undefined ? {} : { transactionId }) })
    .filter(([name]) => !(name === 'more' && rest['more'] === 0))
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'string' ? value : [value].flat().map(plain).join(', ')}`,
    );
  const all = [...fields, ...details].join('; ');
  return `${code}: ${message}${all === '' ? '' : ` (${all})`}`;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
