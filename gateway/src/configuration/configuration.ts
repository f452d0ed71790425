/**
 * What a gateway of its own process is started with: a file, and environment variables over it.
 *
 * The settings are those of {@link GatewayOptions}, checked by the one schema. What is a certificate, a key or a set of
 * keys there is the path of a file here, relative to the configuration file: no secret stands in the configuration itself.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ROLES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { GatewayOptions } from '../gateway-options.js';
import { consistent, Options } from '../options.js';
import { LOG_FORMATS, LOG_LEVELS, type LogOptions } from '../telemetry/log.js';
import { PREFIX, givenBy, type Given } from './environment.js';
import { leavesOf } from './leaves.js';
import { readSource, type Source } from './source.js';

const Settings = z
  .strictObject({
    ...Options.shape,
    /** On standard output. */
    log: z
      .strictObject({
        level: z.enum(LOG_LEVELS).default('info'),
        /** `json`: a line of it each; `text`: for people. */
        format: z.enum(LOG_FORMATS).default('json'),
      })
      .prefault({}),
  })
  .superRefine(consistent);

/** What a configuration says. */
export interface Configuration {
  readonly options: Omit<GatewayOptions, 'logger' | 'onFact'>;
  readonly log: LogOptions;
}

/** A configuration is wrong; the message names every place, one a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

type Path = readonly string[];
const text = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Settings whose contents stand in files. */
const IN_FILES: ReadonlySet<string> = new Set([
  'peer.tlsRootCertificates',
  'furtherPeers.*.tlsRootCertificates',
  'listen.tls.certificate',
  'listen.tls.privateKey',
  'auth.certificates.authorities',
  'tokens.jwks',
  'audit.pseudonymKey',
  ...ROLES.flatMap((role) =>
    ['certificate', 'privateKey', 'pkcs11.pin'].map((name) => `identities.${role}.${name}`),
  ),
  'webhooks.*.secrets.*',
  'webhooks.*.tlsRootCertificates',
]);
/** Settings that are paths, relative to the configuration file. */
const PATHS: ReadonlySet<string> = new Set([
  'journal.folder',
  'audit.file',
  ...ROLES.map((role) => `identities.${role}.pkcs11.library`),
]);

/** Before the name of the variable that holds what else stands in a file: `env:REGISTER_SECRET`. */
const IN_VARIABLE = 'env:';

type Environment = Readonly<Record<string, string | undefined>>;

const LEAVES = leavesOf(Settings, (path) => IN_FILES.has(text(path)));

/** @param at The path, with places of lists as numbers. */
type Change = (before: unknown, at: Path) => unknown;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value);

/**
 * A copy with another value at a path, in which `*` stands for every place of a list; `undefined` from `change` leaves it
 * as it is.
 */
function changed(value: unknown, path: Path, change: Change, at: Path = []): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(value, at);
  if (name === '*')
    return Array.isArray(value)
      ? value.map((each, index) => changed(each, rest, change, [...at, String(index)]))
      : value;
  const inner = changed(isRecord(value) ? value[name] : undefined, rest, change, [...at, name]);
  if (inner === undefined || (value !== undefined && !isRecord(value))) return value;
  return { ...value, [name]: inner };
}

/** Reads a configuration from its sources, and remembers where each setting came from. */
class Reading {
  readonly #lines: string[] = [];
  readonly #variables: ReadonlyMap<string, string>;
  #settings: unknown;

  constructor(
    private readonly file: string | undefined,
    private readonly source: Source,
    given: readonly Given[],
    private readonly environment: Environment,
  ) {
    this.#variables = new Map(given.map(({ path, variable }) => [text(path), variable]));
    this.#settings = source.value ?? {};
    for (const { path, value } of given) this.#settings = changed(this.#settings, path, () => value);
  }

  /** Takes note of what is wrong with a setting. */
  wrong(path: readonly PropertyKey[], message: string): void {
    const variable = this.#variables.get(text(path));
    const place = variable ?? (this.file && `${this.file}:${this.source.lineOf(path)}`);
    this.#lines.push(
      [place, text(path), message].filter((part) => part !== undefined && part !== '').join(': '),
    );
  }

  /** Puts the contents of files in the place of their paths. */
  readFiles(): void {
    for (const { path } of LEAVES) {
      const isPath = PATHS.has(text(path));
      if (!isPath && !IN_FILES.has(text(path))) continue;
      this.#settings = changed(this.#settings, path, (before, at) => {
        if (before === undefined) return undefined;
        if (typeof before !== 'string' || /-----BEGIN|^whsec_/.test(before)) {
          this.wrong(at, 'must be the path of a file');
          return UNREAD;
        }
        if (!isPath && before.startsWith(IN_VARIABLE)) return this.#contentOfVariable(at, before);
        const found = resolve(dirname(this.file ?? '.'), before);
        return isPath ? found : this.#contentOf(at, found);
      });
    }
  }

  #contentOfVariable(path: Path, name: string): unknown {
    const content = this.environment[name.slice(IN_VARIABLE.length)];
    if (content !== undefined) return content;
    this.wrong(path, `${name}: there is no such variable`);
    return UNREAD;
  }

  #contentOf(path: Path, file: string): unknown {
    try {
      const content = readFileSync(file, 'utf8');
      return text(path) === 'tokens.jwks' ? (JSON.parse(content) as unknown) : content;
    } catch (error) {
      this.wrong(path, `${file} cannot be read: ${(error as Error).message}`);
      return UNREAD;
    }
  }

  /** @throws {ConfigurationError} with everything that is wrong. */
  checked(): z.output<typeof Settings> {
    const result = Settings.safeParse(this.#settings);
    for (const issue of result.error?.issues ?? []) {
      const { path, message } = issue;
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys) this.wrong([...path, key], 'is no setting');
      else if (!this.#isUnread(path)) this.wrong(path, message);
    }
    if (result.success && this.#lines.length === 0) return result.data;
    throw new ConfigurationError(this.#lines);
  }

  /** What couldn't be read has been named already. */
  #isUnread(path: readonly PropertyKey[]): boolean {
    let inner: unknown = this.#settings;
    for (const name of path) inner = isObject(inner) ? inner[String(name)] : inner;
    return inner === UNREAD || (isObject(inner) && Object.values(inner).includes(UNREAD));
  }
}

/** Stands for what couldn't be read. */
const UNREAD = Symbol('unread');

/**
 * Reads a configuration.
 * @param file Path of the file; absent: the environment alone.
 * @throws {ConfigurationError} with every error at once: file and line, or variable, and what is allowed there.
 */
export function readConfiguration(
  file: string | undefined,
  environment: Environment = process.env,
): Configuration {
  const source = readSource(file === undefined ? '' : contentOf(file));
  if (source.errors.length > 0)
    throw new ConfigurationError(source.errors.map(({ line, message }) => `${file}:${line}: ${message}`));
  if (source.value !== null && source.value !== undefined && !isRecord(source.value))
    throw new ConfigurationError([`${file}:1: must be a mapping of settings`]);
  const { given, unknown } = givenBy(environment, LEAVES);
  if (unknown.length > 0)
    throw new ConfigurationError(
      unknown.map(
        (variable) => `${variable}: stands for no setting; ${PREFIX}LISTEN_PORT stands for listen.port`,
      ),
    );
  const reading = new Reading(file, source, given, environment);
  reading.readFiles();
  const { log, ...options } = reading.checked();
  return { options: options as Configuration['options'], log };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError([`${file}: cannot be read: ${(error as Error).message}`]);
  }
}
