/**
 * The one log: a line for each request and for what is worth knowing, in JSON for machines or plainly for people.
 *
 * Nothing secret gets into it, whoever writes: what has a secret's name is left out, tokens and keys are cut out of any text,
 * and errors are told by type, message and code alone. Nothing in a line can break or disguise it.
 */
import { pino, type DestinationStream, type Logger } from 'pino';
import { shown } from '../shown.js';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export const LOG_FORMATS = ['json', 'text'] as const;

export interface LogOptions {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: (typeof LOG_FORMATS)[number];
}

const REMOVED = '[removed]';
/** Names of what is never told, in whatever spelling. */
const SECRET =
  /^(?:.*(?:token|secret|password|passphrase|privatekey|pseudonymkey)|pin|jwt|authorization|cookie|setcookie|body|headers)$/i;
/** What a secret looks like, wherever it stands in a text; in JSON, in which line breaks are escaped. */
const SECRETS: readonly RegExp[] = [
  /\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\bpin-value=[^&;\s"]+/gi,
];
const DEEPEST = 6;
/** In characters; an error may carry what another chaincode said. */
const LONGEST_ERROR = 4_096;

function withoutSecrets(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return errorOf(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '[…]';
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name.replaceAll(/[-_]/g, '')) ? REMOVED : withoutSecrets(inner, depth + 1),
    ]),
  );
}

/** Other properties of errors may be anything, such as the request that failed with its headers. */
function errorOf(error: Error, depth = 0): object {
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    message: message.slice(0, LONGEST_ERROR),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: stack?.slice(0, LONGEST_ERROR),
    ...(cause instanceof Error && depth < DEEPEST ? { cause: errorOf(cause, depth + 1) } : {}),
  };
}

const safe = (line: string): string =>
  shown(SECRETS.reduce((text, secret) => text.replace(secret, REMOVED), line.trimEnd()));

/** For people: time, level, message, then what belongs to it. */
function plainly(line: string): string {
  const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const about = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return shown([time, String(level).toUpperCase().padEnd(5), msg ?? '', ...about].map(String).join(' '));
}

/** @param destination Default: standard output. */
export function createLogger({ level, format }: LogOptions, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are told as anything else is: by the formatter below.
      serializers: { err: (error: unknown) => error },
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => withoutSecrets(line) as Record<string, unknown>,
      },
      hooks: { streamWrite: (line) => `${format === 'json' ? safe(line) : plainly(safe(line))}\n` },
    },
    ...(destination ? [destination] : []),
  );
}
