/**
 * Finds Hyperledger Fabric on this machine: in the user's cache folder, where `umlauf fabric install` puts it, else
 * where `FABRIC_BIN` or PATH lead. A place is laid out as the release archive: `bin/`, `builders/ccaas/bin/`.
 */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../../user-error.js';

/** The version that this project is tested with. */
export const FABRIC_VERSION = '3.1.5';
const COMPATIBLE = /^v?3\.1\.\d+/;
const CHAINCODE_BUILDER = join('builders', 'ccaas');

export interface FabricBinaries {
  /** As the binaries tell it, such as `v3.1.5`. */
  readonly version: string;
  readonly peer: string;
  readonly orderer: string;
  /** The folder that contains the builder's `bin/`, which is what core.yaml wants. */
  readonly chaincodeBuilder: string;
}

/** Where Fabric may be, and by which way it got there. */
interface Candidate {
  readonly way: string;
  /** Contains `bin/`. */
  readonly folder: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder into which `umlauf fabric install` puts a version. */
export function fabricCacheFolder(environment: Environment, version: string = FABRIC_VERSION): string {
  const cache = environment['XDG_CACHE_HOME'];
  const base = cache === undefined || cache === '' ? join(homedir(), '.cache') : cache;
  return join(base, 'umlauf', 'fabric', version);
}

/**
 * The first complete installation of a compatible version.
 * @throws UserError that says for each place why it won't do, and what to do
 */
export async function findFabric(environment: Environment = process.env): Promise<FabricBinaries> {
  const found = await candidates(environment);
  const objections: string[] = [];
  for (const { way, folder } of found) {
    const binaries = await inspect(folder);
    if (typeof binaries !== 'string') return binaries;
    objections.push(`  ${way}: ${binaries}`);
  }
  for (const way of ['FABRIC_BIN', 'PATH'])
    if (!found.some((candidate) => candidate.way.startsWith(way)))
      objections.push(`  ${way}: leads to no peer`);
  throw new UserError(
    `Hyperledger Fabric ${FABRIC_VERSION} is not on this machine; looked at\n${objections.join('\n')}\n` +
      'Install it with: npx umlauf fabric install',
  );
}

async function candidates(environment: Environment): Promise<Candidate[]> {
  const cache = fabricCacheFolder(environment);
  const bin = environment['FABRIC_BIN'] ?? '';
  const onPath: Candidate[] = [];
  for (const folder of (environment['PATH'] ?? '').split(delimiter))
    if (folder !== '' && (await isExecutable(join(folder, 'peer'))))
      onPath.push({ way: `PATH ${folder}`, folder: dirname(folder) });
  return [
    { way: `cache ${cache}`, folder: cache },
    ...(bin === '' ? [] : [{ way: `FABRIC_BIN ${bin}`, folder: releaseFolder(bin) }]),
    ...onPath,
  ];
}

/** `FABRIC_BIN` may name the release's folder or the `bin` in it. */
function releaseFolder(folder: string): string {
  return basename(folder) === 'bin' ? dirname(folder) : folder;
}

async function inspect(folder: string): Promise<FabricBinaries | string> {
  const binaries = ['peer', 'orderer'].map((name) => join(folder, 'bin', name));
  const builder = ['detect', 'build', 'release'].map((name) => join(folder, CHAINCODE_BUILDER, 'bin', name));
  for (const file of [...binaries, ...builder]) {
    if (!(await isExecutable(file))) return `no executable ${file}`;
  }
  const [peer = '', orderer = ''] = binaries;
  const [version, ordererVersion] = await Promise.all([versionOf(peer), versionOf(orderer)]);
  if (version === undefined || ordererVersion === undefined) return 'its binaries tell no version';
  if (version !== ordererVersion) return `peer is ${version}, but orderer ${ordererVersion}`;
  if (!COMPATIBLE.test(version)) return `is ${version}; 3.1 is needed`;
  return { version, peer, orderer, chaincodeBuilder: join(folder, CHAINCODE_BUILDER) };
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function versionOf(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['version'], { timeout: 10_000 });
    return /^\s*Version:\s*(\S+)/m.exec(stdout)?.[1];
  } catch {
    return undefined; // not a program of this machine, or not Fabric's
  }
}
