/** The folder in which one machine keeps a consortium: keys, ledger, ports. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CONTROL_FILE } from '../control/protocol.js';
import { ENGINES, type EngineName } from '../engine.js';
import { UserError } from '../user-error.js';
import { readJson, writeAtomically } from './files.js';
import { lock } from './lock.js';

const MARKER = 'home.json';
const FORMAT = 1;
/** Keys of members that bring their own certificates: beginning anew must not make those worthless. */
export const REQUESTS = 'requests';

export interface Home {
  readonly directory: string;
  /** Path of a file or folder inside. */
  path(...parts: string[]): string;
  /** Gives the home back to others. */
  close(): void;
}

export interface HomeOptions {
  /** Begin anew: what an earlier consortium left in it is removed. */
  readonly fresh?: boolean;
  /** The engine that is to run here. A home stays with the one of its first start. Default: the embedded one. */
  readonly engine?: EngineName;
  /** Remembered as {@link HomeSettings.consortium}. Default: what is remembered. */
  readonly consortium?: string | undefined;
  /** Remembered as {@link HomeSettings.manual}. Default: what is remembered. */
  readonly manual?: boolean | undefined;
}

/** How a home is run, kept from its last start. */
const HomeSettings = z.object({
  engine: z.enum(ENGINES),
  /** Absolute path of the consortium file; not there where it was the default one. */
  consortium: z.string().optional(),
  /** Whether admitted members wait for `org add`. Not there: they join by themselves. */
  manual: z.boolean().optional(),
});
export type HomeSettings = z.infer<typeof HomeSettings>;

const Marker = z.object({ format: z.number(), ...HomeSettings.shape });

/**
 * Makes sure that a folder is a home, or can become one: there may be keys in it for which certificates were requested
 * before the first start.
 * @throws UserError if it holds something else
 */
export function checkFolder(directory: string): void {
  if (!existsSync(directory) || existsSync(join(directory, MARKER))) return;
  if (readdirSync(directory).some((entry) => entry !== REQUESTS))
    throw new UserError(`${directory}: is not empty and not a home of Umlauf; choose another --home`);
}

/** Where things are in a home that this process doesn't hold. */
export function pathsIn(directory: string): Pick<Home, 'path'> {
  return { path: (...parts) => join(directory, ...parts) };
}

/** How a home was run last; undefined if it is none, or of another version. */
export function settingsOf(directory: string): HomeSettings | undefined {
  return Marker.safeParse(readJson(join(directory, MARKER))).data;
}

/** The engine that a home was made with; undefined if it is none, or of another version. */
export function engineOf(directory: string): EngineName | undefined {
  return settingsOf(directory)?.engine;
}

/**
 * Makes sure that a folder is a home that an engine can go on with, or can become one.
 * @throws UserError if it holds something else, or belongs to another engine or version
 */
export function checkHome(directory: string, engine: EngineName): void {
  checkFolder(directory);
  if (existsSync(join(directory, MARKER))) checkMarker(directory, engine);
}

/**
 * Opens a home, making it at the first start, and holds its lock until `close`.
 * @throws UserError if another process uses it, if the folder holds something else or belongs to another engine
 */
export function openHome(directory: string, options: HomeOptions = {}): Home {
  const { fresh = false, engine = 'embedded' } = options;
  const { path } = pathsIn(directory);
  checkFolder(directory);
  try {
    makeFolder(directory);
    if (!existsSync(path(MARKER))) writeAtomically(path(MARKER), JSON.stringify({ format: FORMAT, engine }));
  } catch (error) {
    throw new UserError(`${directory}: cannot be used as a home: ${(error as Error).message}`);
  }
  if (!fresh) checkMarker(directory, engine);
  const unlock = lock(path('lock'));
  if (fresh)
    for (const entry of readdirSync(directory))
      if (entry !== 'lock' && entry !== MARKER && entry !== REQUESTS)
        rmSync(path(entry), { recursive: true, force: true });
  const kept = fresh ? undefined : settingsOf(directory);
  const { consortium = kept?.consortium, manual = kept?.manual } = options;
  writeAtomically(path(MARKER), JSON.stringify({ format: FORMAT, engine, consortium, manual }));
  for (const left of ['endpoints.json', CONTROL_FILE]) rmSync(path(left), { force: true }); // by one that was killed
  return { directory, path, close: unlock };
}

/** A folder with those above it: `mkdirSync` with `recursive` never ends where one can't be made, as in /proc. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (!existsSync(directory)) throw error; // else another process has just made it
  }
}

function checkMarker(directory: string, engine: EngineName): void {
  const marker = Marker.safeParse(readJson(join(directory, MARKER))).data;
  if (marker?.format !== FORMAT)
    throw new UserError(
      `${directory}: was made by another version of Umlauf; begin anew with --fresh or choose another --home`,
    );
  if (marker.engine !== engine)
    throw new UserError(
      `${directory}: belongs to the engine ${marker.engine}; go on with --engine ${marker.engine}, begin anew with --fresh, or choose another --home`,
    );
}
