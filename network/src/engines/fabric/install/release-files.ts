/** What of a release of Fabric this project uses, laid out as the release archive is. */

/** Programs in `bin/`. */
export const PROGRAMS = ['peer', 'orderer', 'osnadmin', 'configtxgen', 'configtxlator'] as const;

/** The chaincode-as-a-service builder. */
export const BUILDER = ['detect', 'build', 'release'].map((name) => `builders/ccaas/bin/${name}`);

/** Must all be there, executable. */
export const EXECUTABLES: readonly string[] = [...PROGRAMS.map((name) => `bin/${name}`), ...BUILDER];

/** Fabric's own sample configuration: taken along where it is there, since Fabric's command-line tools look for it. */
export const SAMPLES: readonly string[] = ['core', 'orderer', 'configtx'].map(
  (name) => `config/${name}.yaml`,
);

/**
 * Which of these files a path inside an archive or folder means; undefined for all others. The release may lie in one
 * folder of any name.
 */
export function releaseFile(path: string): string | undefined {
  const plain = path.replace(/^\.\//, '');
  return [plain, plain.replace(/^[^/]+\//, '')].find(
    (name) => EXECUTABLES.includes(name) || SAMPLES.includes(name),
  );
}

/** The name of the official release archive for a machine; undefined where there is none. */
export function archiveName(version: string, platform: string, architecture: string): string | undefined {
  const machine = { x64: 'amd64', arm64: 'arm64' }[architecture];
  const system = { linux: 'linux', darwin: 'darwin' }[platform];
  return machine && system && `hyperledger-fabric-${system}-${machine}-${version}.tar.gz`;
}
