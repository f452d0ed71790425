/**
 * Finds Hyperledger Fabric on this machine: in the user's cache folder, where `umlauf fabric install` puts it, else
 * where `FABRIC_BIN` or PATH lead. A place is laid out as the release archive: `bin/`, `builders/ccaas/bin/`.
 */
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { UserError } from '../../../user-error.js';
import { isExecutable } from '../install/inspect.js';
import { BUILDER } from '../install/release-files.js';
import { programVersion } from '../install/versions.js';

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
export interface Candidate {
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
  objections.push(...waysWithout(found).map((objection) => `  ${objection}`));
  throw new UserError(
    `Hyperledger Fabric ${FABRIC_VERSION} is not on this machine; looked at\n${objections.join('\n')}\n` +
      'Install it with: npx umlauf fabric install',
  );
}

/** Which ways lead to no place at all. */
export function waysWithout(places: readonly Candidate[]): string[] {
  return ['FABRIC_BIN', 'PATH']
    .filter((way) => !places.some((place) => place.way.startsWith(way)))
    .map((way) => `${way}: leads to no peer`);
}

async function candidates(environment: Environment): Promise<Candidate[]> {
  const cache = fabricCacheFolder(environment);
  return [{ way: `cache ${cache}`, folder: cache }, ...(await placesBeside(environment))];
}

/** Where Fabric may be beside the cache folder. */
export async function placesBeside(environment: Environment): Promise<Candidate[]> {
  const bin = environment['FABRIC_BIN'] ?? '';
  const onPath: Candidate[] = [];
  for (const folder of (environment['PATH'] ?? '').split(delimiter))
    if (folder !== '' && (await isExecutable(join(folder, 'peer'))))
      onPath.push({ way: `PATH ${folder}`, folder: dirname(folder) });
  return [...(bin === '' ? [] : [{ way: `FABRIC_BIN ${bin}`, folder: releaseFolder(bin) }]), ...onPath];
}

/** `FABRIC_BIN` may name the release's folder or the `bin` in it. */
function releaseFolder(folder: string): string {
  return basename(folder) === 'bin' ? dirname(folder) : folder;
}

async function inspect(folder: string): Promise<FabricBinaries | string> {
  const binaries = ['peer', 'orderer'].map((name) => join(folder, 'bin', name));
  const builder = BUILDER.map((file) => join(folder, file));
  for (const file of [...binaries, ...builder]) {
    if (!(await isExecutable(file))) return `no executable ${file}`;
  }
  const [peer = '', orderer = ''] = binaries;
  const [version, ordererVersion] = await Promise.all([
    programVersion(peer, 'peer'),
    programVersion(orderer, 'orderer'),
  ]);
  if (version === undefined || ordererVersion === undefined) return 'its binaries tell no version';
  if (version !== ordererVersion) return `peer is ${version}, but orderer ${ordererVersion}`;
  if (!COMPATIBLE.test(version)) return `is ${version}; 3.1 is needed`;
  return { version, peer, orderer, chaincodeBuilder: join(folder, CHAINCODE_BUILDER) };
}
