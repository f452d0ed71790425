import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intermediateAuthority } from '../testing/intermediate.js';
import { testOrganizations } from '../testing/organizations.js';
import type { KeyPair } from './key-pair.js';
import { OrganizationFolderError, readOrganization, writeOrganization } from './folder.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'umlauf-organization-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("An organization's folder", () => {
  it('gives back what was written', async () => {
    const [material] = await testOrganizations(['A']);
    await writeOrganization(folder, material!);
    expect(await readOrganization(folder)).toEqual(material);
  });

  it('keeps every private key to its owner, also when written over an open file', async () => {
    const [material] = await testOrganizations(['A']);
    await writeOrganization(folder, material!);
    const open = join(folder, 'ca', 'priv_sk');
    await rm(open);
    await writeFile(open, 'left open', { mode: 0o644 });
    await writeOrganization(folder, material!);
    const files = await readdir(folder, { recursive: true });
    const keys = files.filter((file) => file.endsWith('_sk') || file.endsWith('.key'));
    expect(keys).toHaveLength(8);
    for (const key of keys) expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
  });

  it('keeps the certificates of authorities that issue elsewhere, without their keys', async () => {
    const [material] = await testOrganizations(['A']);
    const { certificate } = await intermediateAuthority('issuing.a.example', material!.ca as KeyPair);
    const brought = {
      ...material!,
      ca: { certificate: material!.ca.certificate, intermediates: [certificate] },
      tlsCa: { certificate: material!.tlsCa.certificate },
    };
    await writeOrganization(folder, brought);
    expect(await readOrganization(folder)).toEqual(brought);
    const files = await readdir(join(folder, 'peers', 'peer.a.example', 'msp', 'intermediatecerts'));
    expect(files).toEqual(['0.pem']);
  });

  it('has an MSP folder for each node and user, with node OUs', async () => {
    const [material] = await testOrganizations(['A']);
    await writeOrganization(folder, material!);
    const files = await readdir(folder, { recursive: true });
    for (const owner of [
      'peers/peer.a.example',
      'orderers/orderer.a.example',
      'users/admin',
      'users/clerk',
    ]) {
      expect(files).toEqual(
        expect.arrayContaining(
          ['config.yaml', 'signcerts/cert.pem', 'keystore/priv_sk', 'cacerts/ca.a.example-cert.pem'].map(
            (file) => join(owner, 'msp', file),
          ),
        ),
      );
    }
  });

  it('names the file that is missing or malformed', async () => {
    const [material] = await testOrganizations(['A']);
    await expect(readOrganization(folder)).rejects.toThrow(/organization\.json can't be read/);
    await writeOrganization(folder, material!);
    await rm(join(folder, 'tlsca', 'tlsca.a.example-cert.pem'));
    await expect(readOrganization(folder)).rejects.toThrow(/tlsca\.a\.example-cert\.pem can't be read/);
    await writeFile(join(folder, 'organization.json'), '{"mspId": 7}');
    await expect(readOrganization(folder)).rejects.toThrow(OrganizationFolderError);
  });
});
