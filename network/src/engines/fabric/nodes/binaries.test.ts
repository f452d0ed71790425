import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../user-error.js';
import { FABRIC_VERSION, fabricCacheFolder, findFabric } from './binaries.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-binaries-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const BUILDERS = ['detect', 'build', 'release'].map((name) => join('builders', 'ccaas', 'bin', name));

/** Programs that tell a version as Fabric's do. */
function install(folder: string, version: string, ordererVersion = version): string {
  const program = (path: string, told: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\nprintf 'peer:\\n Version: ${told}\\n Commit SHA: 86c1172be\\n'\n`);
    chmodSync(file, 0o755);
  };
  program(join('bin', 'peer'), version);
  program(join('bin', 'orderer'), ordererVersion);
  for (const builder of BUILDERS) program(builder, '');
  return folder;
}

const environment = (more: Record<string, string> = {}) => ({ XDG_CACHE_HOME: join(root, 'cache'), ...more });
const refusal = (more?: Record<string, string>) =>
  findFabric(environment(more)).then(
    () => expect.unreachable(),
    (error: unknown) => error as UserError,
  );

describe('Fabric', () => {
  it("is taken from the user's cache folder first", async () => {
    const cached = install(fabricCacheFolder(environment()), 'v3.1.5');
    const other = install(join(root, 'other'), 'v3.1.4');
    const found = await findFabric(environment({ FABRIC_BIN: other }));
    expect(found).toEqual({
      version: 'v3.1.5',
      peer: join(cached, 'bin', 'peer'),
      orderer: join(cached, 'bin', 'orderer'),
      chaincodeBuilder: join(cached, 'builders', 'ccaas'),
    });
  });

  it.each(['', 'bin'])(
    'is found by FABRIC_BIN, which names the release or the folder %j in it',
    async (inner) => {
      const folder = install(join(root, 'release'), 'v3.1.4');
      const found = await findFabric(environment({ FABRIC_BIN: join(folder, inner) }));
      expect(found.peer).toBe(join(folder, 'bin', 'peer'));
    },
  );

  it('is found on PATH', async () => {
    const folder = install(join(root, 'release'), '3.1.5');
    const found = await findFabric(environment({ PATH: `/nowhere:${join(folder, 'bin')}` }));
    expect(found.orderer).toBe(join(folder, 'bin', 'orderer'));
  });

  it('is skipped where it is incomplete or too old, for the next place', async () => {
    const incomplete = install(fabricCacheFolder(environment()), 'v3.1.5');
    rmSync(join(incomplete, BUILDERS[0]!));
    const old = install(join(root, 'old'), 'v2.5.9');
    const right = install(join(root, 'right'), 'v3.1.5');
    const found = await findFabric(environment({ FABRIC_BIN: old, PATH: join(right, 'bin') }));
    expect(found.peer).toBe(join(right, 'bin', 'peer'));
  });

  it('is missed with a reason for each place, and what to do', async () => {
    install(join(root, 'old'), 'v2.5.9');
    const error = await refusal({ FABRIC_BIN: join(root, 'old') });
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(FABRIC_VERSION);
    expect(error.message).toMatch(/cache .*no executable .*peer/);
    expect(error.message).toMatch(/FABRIC_BIN .*is v2\.5\.9; 3\.1 is needed/);
    expect(error.message).toContain('PATH: leads to no peer');
    expect(error.message).toContain('npx umlauf fabric install');
  });

  it('is refused when peer and orderer are of different versions', async () => {
    install(join(root, 'mixed'), 'v3.1.5', 'v3.1.4');
    expect((await refusal({ FABRIC_BIN: join(root, 'mixed') })).message).toContain(
      'peer is v3.1.5, but orderer v3.1.4',
    );
  });

  it('is refused when its programs do not run here', async () => {
    const folder = install(join(root, 'foreign'), 'v3.1.5');
    writeFileSync(join(folder, 'bin', 'peer'), 'not a program');
    expect((await refusal({ FABRIC_BIN: folder })).message).toContain('tell no version');
  });
});
