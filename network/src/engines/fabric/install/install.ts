/** Puts Fabric's programs where this project looks for them first: the user's cache folder. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../../user-error.js';
import { fabricCacheFolder, FABRIC_VERSION, placesBeside, waysWithout } from '../nodes/binaries.js';
import { objectionTo } from './inspect.js';
import {
  folderSource,
  namedSource,
  officialSource,
  type Publisher,
  type Source,
  type SourceContext,
} from './sources.js';

export interface InstallOptions {
  /** A folder, an archive or an address. Default: `FABRIC_BIN` or PATH, else the official release archive. */
  readonly from?: string | undefined;
  /** What the archive must hash to, 64 lower-case hexadecimal digits. */
  readonly sha256?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly step?: (text: string) => void;
  readonly progress?: SourceContext['progress'];
  /** Default: the makers of Fabric on GitHub. */
  readonly publisher?: Publisher;
}

export interface Installation {
  readonly version: string;
  readonly folder: string;
  /** What it was taken from; undefined if it was there already. */
  readonly source?: string;
  /** The ways that were tried before, and why they won't do. */
  readonly objections: readonly string[];
}

/**
 * Installs the pinned version of Fabric. Where it is whole already and no source is named, nothing is done; what was
 * there stays until the new one is whole.
 * @throws UserError that says for each way why it won't do
 */
export async function installFabric(options: InstallOptions = {}): Promise<Installation> {
  const { from, environment = process.env, step = () => undefined } = options;
  const version = FABRIC_VERSION;
  const folder = fabricCacheFolder(environment);
  if (from === undefined && (await objectionTo(folder, version)) === undefined)
    return { version, folder, objections: [] };
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftovers(folder);

  const context: SourceContext = { version, sha256: options.sha256, step, progress: options.progress };
  const places = from === undefined ? await placesBeside(environment) : [];
  const sources =
    from === undefined
      ? [
          ...places.map((place) => folderSource(place.way, place.folder, context)),
          officialSource(context, options.publisher),
        ]
      : [namedSource(from, context)];
  const objections = from === undefined ? waysWithout(places) : [];
  for (const source of sources) {
    try {
      await installFrom(source, folder, version);
      return { version, folder, source: source.name, objections };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      objections.push(`${source.name}: ${error.message}`);
    }
  }
  throw new UserError(
    `Hyperledger Fabric ${version} was not installed; tried\n${objections.map((text) => `  ${text}`).join('\n')}\n` +
      'Where this machine cannot fetch it, bring the release archive here and name it with --from FILE',
  );
}

async function installFrom(source: Source, folder: string, version: string): Promise<void> {
  const staging = `${folder}.installing-${process.pid}`;
  const aside = `${folder}.replaced-${process.pid}`;
  try {
    await mkdir(staging, { mode: 0o755 });
    await source.fill(staging);
    const objection = await objectionTo(staging, version);
    if (objection !== undefined) throw new UserError(objection.replaceAll(`${staging}/`, ''));
    if (existsSync(folder)) await rename(folder, aside);
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

/** What an installation that was killed left behind. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    const pid = /^\.(?:installing|replaced)-(\d+)(?:\.download)?$/.exec(
      name.slice(basename(folder).length),
    )?.[1];
    if (pid === undefined || !name.startsWith(basename(folder)) || isRunning(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
