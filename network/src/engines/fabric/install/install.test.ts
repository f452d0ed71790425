import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarGz } from '../../chaincode/archive.js';
import { fabricCacheFolder, findFabric } from '../nodes/binaries.js';
import { installFabric, type InstallOptions } from './install.js';
import { archiveName, EXECUTABLES, PROGRAMS } from './release-files.js';
import { unpackRelease } from './unpack.js';

let root: string;
let server: Server | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-install-'));
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
  rmSync(root, { recursive: true, force: true });
});

/** Programs that tell a version as Fabric's do. */
function release(folder: string, version = 'v3.1.5'): string {
  for (const file of EXECUTABLES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    const answer = file === 'bin/osnadmin' ? 'usage: osnadmin' : ` Version: ${version}`;
    writeFileSync(join(folder, file), `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(join(folder, file), 0o755);
  }
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'core.yaml'), 'peer:\n');
  return folder;
}

async function archived(folder: string, names: readonly string[] = ['.']): Promise<string> {
  const file = join(root, 'release.tar.gz');
  await create({ file, cwd: folder, gzip: true }, [...names]);
  return file;
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const cache = () => fabricCacheFolder(environment());
const environment = (more: Record<string, string> = {}) => ({ XDG_CACHE_HOME: join(root, 'cache'), ...more });
const install = (options: InstallOptions = {}) =>
  installFabric({ environment: environment(), publisher: NOWHERE, ...options });
const refusal = (options: InstallOptions) =>
  install(options).then(
    () => expect.unreachable(),
    (error: unknown) => (error as Error).message,
  );
const NOWHERE = { archives: () => 'https://localhost:1', description: () => 'https://localhost:1' };

/** Serves files from loopback; what isn't there is 404. */
async function serve(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  server = createServer((request, response) => {
    const content = files[request.url ?? ''];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('Fabric is installed', () => {
  it('from a folder, so that it is found', async () => {
    const from = release(join(root, 'elsewhere'));
    expect(await install({ from })).toEqual({
      version: '3.1.5',
      folder: cache(),
      source: from,
      objections: [],
    });
    expect((await findFabric(environment())).peer).toBe(join(cache(), 'bin', 'peer'));
    expect(readFileSync(join(cache(), 'config', 'core.yaml'), 'utf8')).toBe('peer:\n');
    expect(readdirSync(dirname(cache()))).toEqual(['3.1.5']);
  });

  it.each([
    ['whose files lie at the top', 'release', ['bin', 'builders', 'config']],
    ['whose files lie in ./', 'release', ['.']],
    ['whose files lie in one folder', '.', ['release']],
  ])('from an archive %s', async (_, cwd, names) => {
    release(join(root, 'release'));
    const from = await archived(join(root, cwd), names);
    await install({ from, sha256: sha256(from) });
    expect((await findFabric(environment())).version).toBe('v3.1.5');
  });

  it('from an address', async () => {
    const archive = await archived(release(join(root, 'release')));
    const url = `${await serve({ '/fabric.tgz': readFileSync(archive) })}/fabric.tgz`;
    const steps: string[] = [];
    await install({ from: url, sha256: sha256(archive), step: (text) => steps.push(text) });
    expect(steps).toEqual([`SHA-256 ${sha256(archive)} is as expected`]);
    expect((await findFabric(environment())).version).toBe('v3.1.5');
    expect(readdirSync(dirname(cache()))).toEqual(['3.1.5']);
  });

  it('from FABRIC_BIN, without anyone naming it', async () => {
    const folder = release(join(root, 'elsewhere'));
    const { source, objections } = await install({ environment: environment({ FABRIC_BIN: folder }) });
    expect(source).toBe(`FABRIC_BIN ${folder}`);
    expect(objections).toEqual(['PATH: leads to no peer']);
  });

  it('from the official release, held against its published checksum, when the machine has none that will do', async () => {
    const old = release(join(root, 'old'), 'v2.5.9');
    const archive = await archived(release(join(root, 'release')));
    const name = archiveName('3.1.5', platform(), arch()) ?? '';
    const asset = { name, digest: `sha256:${sha256(archive)}` };
    const url = await serve({
      [`/v3.1.5/${name}`]: readFileSync(archive),
      '/description/3.1.5': JSON.stringify({ assets: [{ name: 'other', digest: null }, asset] }),
    });
    const steps: string[] = [];
    const { source, objections } = await install({
      environment: environment({ PATH: join(old, 'bin') }),
      publisher: {
        archives: (version) => `${url}/v${version}`,
        description: (version) => `${url}/description/${version}`,
      },
      step: (text) => steps.push(text),
    });
    expect(source).toBe('official release');
    expect(objections).toEqual([
      'FABRIC_BIN: leads to no peer',
      `PATH ${join(old, 'bin')}: ${join(old, 'bin', 'peer')} is v2.5.9; 3.1.5 is needed`,
    ]);
    expect(steps).toEqual([`SHA-256 ${sha256(archive)} is as expected`]);
  });

  it('once: whole already, nothing is done', async () => {
    await install({ from: release(join(root, 'elsewhere')) });
    const before = statSync(cache()).ino;
    expect(await install()).toEqual({ version: '3.1.5', folder: cache(), objections: [] });
    expect(statSync(cache()).ino).toBe(before);
  });

  it('in the place of one that is not whole, and of what a killed installation left', async () => {
    await install({ from: release(join(root, 'elsewhere')) });
    rmSync(join(cache(), 'bin', 'orderer'));
    mkdirSync(`${cache()}.installing-99999999`);
    await install({ from: join(root, 'elsewhere') });
    expect((await findFabric(environment())).version).toBe('v3.1.5');
    expect(readdirSync(dirname(cache()))).toEqual(['3.1.5']);
  });
});

describe('Fabric is not installed', () => {
  afterEach(() => {
    expect(existsSync(cache())).toBe(false);
    expect(existsSync(dirname(cache())) ? readdirSync(dirname(cache())) : []).toEqual([]);
  });

  it('of another version', async () => {
    const from = release(join(root, 'other'), 'v3.1.4');
    expect(await refusal({ from })).toMatch(/peer is v3\.1\.4; 3\.1\.5 is needed/);
  });

  it('where a program is of another version than the others', async () => {
    const from = release(join(root, 'mixed'));
    cpSync(
      join(release(join(root, 'other'), 'v3.1.4'), 'bin', 'configtxlator'),
      join(from, 'bin', 'configtxlator'),
    );
    expect(await refusal({ from })).toMatch(/configtxlator is v3\.1\.4/);
  });

  it('where a program does not run here', async () => {
    const from = release(join(root, 'foreign'));
    writeFileSync(join(from, 'bin', 'osnadmin'), 'not a program');
    expect(await refusal({ from })).toMatch(/osnadmin does not run on this machine/);
  });

  it.each([...PROGRAMS.map((name) => `bin/${name}`), 'builders/ccaas/bin/detect'])(
    'without %s',
    async (file) => {
      const from = release(join(root, 'incomplete'));
      rmSync(join(from, file));
      expect(await refusal({ from })).toContain(`no executable ${join(from, file)}`);
    },
  );

  it('from an archive with another checksum', async () => {
    const from = await archived(release(join(root, 'release')));
    expect(await refusal({ from, sha256: '0'.repeat(64) })).toContain(
      `its SHA-256 is ${sha256(from)}, not ${'0'.repeat(64)}`,
    );
  });

  it('from a folder that a checksum was given for', async () => {
    expect(await refusal({ from: release(join(root, 'folder')), sha256: '0'.repeat(64) })).toMatch(
      /no checksum/,
    );
  });

  it('from an archive with a link', async () => {
    const folder = release(join(root, 'linked'));
    rmSync(join(folder, 'bin', 'peer'));
    symlinkSync('/bin/sh', join(folder, 'bin', 'peer'));
    expect(await refusal({ from: await archived(folder) })).toMatch(
      /bin\/peer" is neither a file nor a folder \(SymbolicLink\)/,
    );
  });

  it.each(['../bin/peer', '/tmp/umlauf-evil/bin/peer', 'bin/../../peer', 'C:\\bin\\peer'])(
    'from an archive with the entry %s',
    async (name) => {
      const from = join(root, 'evil.tar.gz');
      writeFileSync(from, tarGz([{ name, content: Buffer.from('evil') }]));
      expect(await refusal({ from })).toMatch(/leads out of it; nothing of it is used/);
      expect(existsSync(join(dirname(cache()), 'bin'))).toBe(false);
      expect(existsSync('/tmp/umlauf-evil')).toBe(false);
    },
  );

  it('from what is no archive, or a cut one', async () => {
    const from = await archived(release(join(root, 'release')));
    writeFileSync(from, readFileSync(from).subarray(0, -40));
    expect(await refusal({ from })).toMatch(/cannot be unpacked/);
    writeFileSync(from, 'no archive at all, but long enough to look at'.repeat(40));
    expect(await refusal({ from })).toMatch(/cannot be unpacked/);
  });

  it('from an address that comes unencrypted over a network, or answers with an error', async () => {
    expect(await refusal({ from: 'http://fabric.example/release.tgz' })).toMatch(/comes unencrypted/);
    expect(await refusal({ from: `${await serve({})}/nothing` })).toMatch(/the server answers 404/);
  });

  it('from nowhere: each way is told with its reason', async () => {
    expect(await refusal({})).toMatch(
      /FABRIC_BIN: leads to no peer\n {2}PATH: leads to no peer\n {2}official release: https:.*cannot be fetched[^]*--from FILE/,
    );
  });

  it('from a path that is not there', async () => {
    await expect(install({ from: join(root, 'missing') })).rejects.toThrow(
      /neither a folder, nor an archive/,
    );
  });
});

describe('An archive', () => {
  it.each([
    ['many entries', { entries: 3, bytes: 1e9 }, /more than 3 entries/],
    ['much in it', { entries: 1000, bytes: 100 }, /more than 100 bytes/],
  ])('with too %s is refused', async (_, bounds, reason) => {
    const from = await archived(release(join(root, 'release')));
    const folder = join(root, 'unpacked');
    mkdirSync(folder);
    await expect(unpackRelease(from, folder, bounds)).rejects.toThrow(reason);
  });
});
