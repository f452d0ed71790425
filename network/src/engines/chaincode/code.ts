/**
 * The code that a chaincode service runs, and the label that names it. A chaincode-as-a-service package says nothing
 * about code, so the label carries a hash of it: who approves a package approves that code.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../user-error.js';

const MANIFEST = 'package.json';
const LOCK_FILE = 'package-lock.json';
/** What Node loads; declarations, source maps and tests are not run. */
const RUN = /(?<!\.test)\.(c?js|json)$/;
const HASH_DIGITS = 16;

const Manifest = z.object({
  version: z.string().regex(/^[0-9A-Za-z.+-]+$/),
  files: z.array(z.string()).min(1),
});

/** One file; the path is relative, with `/`. */
interface CodeFile {
  readonly path: string;
  readonly content: Uint8Array;
}

export interface ChaincodeCode {
  readonly version: string;
  /** `umlauf_<version>_<hash>` */
  readonly label: string;
  /** The first 16 hex digits of the SHA-256 over all files. */
  readonly hash: string;
  readonly files: readonly CodeFile[];
}

/** The folder of the chaincode that ships with this project. */
export function shippedChaincode(): string {
  return dirname(createRequire(import.meta.url).resolve('umlauf-chaincode/package.json'));
}

/** The label of that chaincode as it is built now; undefined where it isn't there or isn't built. */
export function ownLabel(): string | undefined {
  try {
    return readChaincode(shippedChaincode()).label;
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a package was made of other code than a label names; false where either isn't known. */
export function isOtherCode(packageId: string | undefined, label: string | undefined): boolean {
  return packageId !== undefined && label !== undefined && packageId.split(':')[0] !== label;
}

/**
 * Reads a built chaincode: what its package.json lists in `files`, package.json and lock file.
 * @throws UserError if something of it is missing
 */
export function readChaincode(folder: string): ChaincodeCode {
  const { version, files: listed } = manifest(folder);
  for (const entry of [...listed, LOCK_FILE]) {
    if (!existsSync(join(folder, entry)))
      throw new UserError(`${join(folder, entry)} is missing: the chaincode is not built (npm run build)`);
  }
  const paths = [MANIFEST, LOCK_FILE, ...listed.flatMap((entry) => filesBelow(folder, entry))];
  const files = [...new Set(paths)]
    .filter((path) => RUN.test(path))
    .sort() // by UTF-16 code units: the same on every machine, unlike a locale's order
    .map((path) => ({ path, content: readFileSync(join(folder, path)) }));
  const hash = hashOf(files);
  return { version, label: `umlauf_${version}_${hash}`, hash, files };
}

/**
 * Copies code to a folder named by its label, where it stays as it is while a service runs it, whatever is built
 * meanwhile. Running it again changes nothing.
 * @returns the folder
 */
export function stageChaincode(code: ChaincodeCode, chaincodes: string): string {
  const folder = join(chaincodes, code.label);
  if (existsSync(folder)) return folder;
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  for (const { path, content } of code.files) {
    const file = join(temporary, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  renameSync(temporary, folder);
  return folder;
}

/** The folders in which Node looks for a package's dependencies. */
export function dependencyFolders(folder: string): string[] {
  const paths = createRequire(join(folder, MANIFEST)).resolve.paths('fabric-shim') ?? [];
  return paths.filter((path) => existsSync(path));
}

function manifest(folder: string): z.infer<typeof Manifest> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new UserError(`${file} is missing: there is no chaincode in ${folder}`);
  const parsed = Manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UserError(`${file}: must have a version and list its files in "files"`);
  return parsed.data;
}

function filesBelow(folder: string, entry: string): string[] {
  const normal = posix.normalize(entry.split(sep).join('/')).replace(/\/$/, '');
  const children = readdirSync(join(folder, dirname(normal)), { withFileTypes: true });
  if (children.find(({ name }) => name === posix.basename(normal))?.isFile()) return [normal];
  return readdirSync(join(folder, normal), { withFileTypes: true, recursive: true })
    .filter((child) => child.isFile())
    .map((child) => join(child.parentPath, child.name).slice(join(folder, '/').length).split(sep).join('/'));
}

/** Over path, length and content of each file, so that no two different sets give the same input. */
function hashOf(files: readonly CodeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}
