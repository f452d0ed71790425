/** Where a release of Fabric can come from. Each fills an empty folder with what this project uses of it. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UserError } from '../../../user-error.js';
import { download, type DownloadOptions } from './download.js';
import { objectionTo } from './inspect.js';
import { archiveName, EXECUTABLES, SAMPLES } from './release-files.js';
import { unpackRelease } from './unpack.js';

export interface Source {
  /** Names it in what is told to people. */
  readonly name: string;
  /**
   * @param folder empty
   * @throws UserError if it won't do
   */
  fill(folder: string): Promise<void>;
}

/** What a source needs to know beside where it is. */
export interface SourceContext {
  readonly version: string;
  /** What the archive must hash to, 64 lower-case hexadecimal digits. */
  readonly sha256?: string | undefined;
  readonly step: (text: string) => void;
  readonly progress?: DownloadOptions['progress'];
}

/** Where the makers of Fabric publish it. */
export interface Publisher {
  /** Address of the folder with the archives of a version. */
  readonly archives: (version: string) => string;
  /** Address of what GitHub's interface tells of a release; it has a checksum for each file. */
  readonly description: (version: string) => string;
}

const GITHUB: Publisher = {
  archives: (version) => `https://github.com/hyperledger/fabric/releases/download/v${version}`,
  description: (version) => `https://api.github.com/repos/hyperledger/fabric/releases/tags/v${version}`,
};

const DESCRIPTION_MS = 15_000;
const Description = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

/** What `--from` names: a folder, an archive, or an address. */
export function namedSource(from: string, context: SourceContext): Source {
  if (/^https?:\/\//.test(from)) return urlSource(from, context);
  if (!existsSync(from)) throw new UserError(`${from}: is neither a folder, nor an archive, nor an address`);
  return statSync(from).isDirectory() ? folderSource(from, from, context) : archiveSource(from, context);
}

export function folderSource(
  name: string,
  from: string,
  { version, sha256 }: Pick<SourceContext, 'version' | 'sha256'>,
): Source {
  return {
    name,
    async fill(folder) {
      if (sha256 !== undefined)
        throw new UserError('is a folder, which has no checksum to hold against --sha256');
      const objection = await objectionTo(from, version);
      if (objection !== undefined) throw new UserError(objection);
      for (const file of [...EXECUTABLES, ...SAMPLES.filter((each) => existsSync(join(from, each)))]) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await copyFile(join(from, file), join(folder, file));
        if (EXECUTABLES.includes(file)) await chmod(join(folder, file), 0o755);
      }
    },
  };
}

function archiveSource(file: string, { sha256, step }: SourceContext): Source {
  return {
    name: file,
    async fill(folder) {
      await checkSum(file, file, sha256, step);
      await unpackRelease(file, folder);
    },
  };
}

function urlSource(url: string, { sha256, step, progress }: SourceContext): Source {
  return {
    name: url,
    async fill(folder) {
      const archive = `${folder}.download`;
      try {
        await download(url, archive, {
          checked: sha256 !== undefined,
          ...(progress === undefined ? {} : { progress }),
        });
        await checkSum(url, archive, sha256, step);
        await unpackRelease(archive, folder);
      } finally {
        await rm(archive, { force: true });
      }
    },
  };
}

/** The official release archive for this machine, with the checksum that its publisher tells. */
export function officialSource(context: SourceContext, publisher: Publisher = GITHUB): Source {
  const { version, step } = context;
  return {
    name: 'official release',
    async fill(folder) {
      const name = archiveName(version, platform(), arch());
      if (name === undefined) throw new UserError(`there is none for ${platform()} on ${arch()}`);
      const sha256 =
        context.sha256 ??
        (await publishedChecksum(publisher.description(version), name).catch(() => undefined));
      if (sha256 === undefined) step(`no checksum of ${name} is published: none is compared`);
      await urlSource(`${publisher.archives(version)}/${name}`, { ...context, sha256 }).fill(folder);
    },
  };
}

async function publishedChecksum(url: string, archive: string): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DESCRIPTION_MS) });
  const { assets } = Description.parse(await response.json());
  const digest = assets.find(({ name }) => name === archive)?.digest ?? '';
  return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
}

async function checkSum(
  name: string,
  file: string,
  expected: string | undefined,
  step: (text: string) => void,
): Promise<void> {
  if (expected === undefined) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== expected)
    throw new UserError(`${name}: its SHA-256 is ${found}, not ${expected}; nothing of it is used`);
  step(`SHA-256 ${found} is as expected`);
}
