import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganization, type OrganizationMaterial } from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedMember } from '../consortium/schema.js';
import { exportedPart } from '../engines/channel-profile.js';
import {
  objectionToOrderer,
  readOrganizationFile,
  writeOrganizationFile,
  type PublicPart,
} from './organization-file.js';
import { openPorts } from './ports.js';

const member = {
  ...{ id: 'itdz-berlin', mspId: 'ItdzBerlinMSP', host: 'peer.itdz.example' },
  ports: { peer: 7051, orderer: 7050 },
} as ListedMember;

const REQUEST = { mspId: member.mspId, domain: 'itdz.example', hosts: [member.host], users: [] };

let folder: string;
let file: string;
let material: OrganizationMaterial;
let part: PublicPart;
beforeAll(async () => {
  material = await createOrganization(REQUEST);
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-exported-'));
  file = join(folder, 'itdz-berlin.json');
  part = await exportedPart({ member, material }, openPorts({ path: (...parts) => join(folder, ...parts) }));
  writeOrganizationFile(file, member.id, part);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const changed = (from: string | RegExp, to: string): PublicPart => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
  return readOrganizationFile(member, file);
};

describe('what a machine exports', () => {
  it('is read as it was written, with addresses, roots and the certificates of the orderer', () => {
    expect(readOrganizationFile(member, file)).toEqual(part);
    expect(part.peers).toEqual([{ host: 'peer.itdz.example', port: 7051 }]);
    expect(part.orderer).toMatchObject({
      port: 7050,
      signingCertificate: material.orderer.signing.certificate,
    });
    expect(objectionToOrderer(part)).toBeUndefined();
  });

  it('holds no private key, and cannot', () => {
    expect(readFileSync(file, 'utf8')).not.toContain('PRIVATE');
    const key = material.orderer.signing.privateKey;
    for (const stray of [key, part.orderer.signingCertificate + key]) {
      const orderer = { ...part.orderer, signingCertificate: stray };
      expect(() => writeOrganizationFile(file, member.id, { ...part, orderer })).toThrow(
        'certificates in PEM form',
      );
    }
  });

  it('is refused where it is not of the member that is listed', () => {
    expect(() => readOrganizationFile({ ...member, id: 'bavaria' }, file)).toThrow(
      `${file}: is of itdz-berlin, not of bavaria`,
    );
    expect(() => readOrganizationFile({ ...member, mspId: 'OtherMSP' }, file)).toThrow(
      'names the MSP ItdzBerlinMSP; the consortium file lists itdz-berlin with OtherMSP',
    );
    expect(() => readOrganizationFile({ ...member, host: 'localhost' }, file)).toThrow(
      'names the host peer.itdz.example; the consortium file lists itdz-berlin at localhost',
    );
  });

  it('is refused where it is missing or malformed, with the command that writes it', () => {
    expect(() => readOrganizationFile(member, `${file}.none`)).toThrow(
      'there is no such file; itdz-berlin writes it on its machine: umlauf org export itdz-berlin --out FILE',
    );
    expect(() => changed('"version": 1', '"version": 2')).toThrow(
      /is no exported organization of this version/,
    );
    writeFileSync(file, 'none');
    expect(() => readOrganizationFile(member, file)).toThrow(`${file}: is no JSON`);
  });

  it('gives no orderer a place whose certificates will not do', async () => {
    const other = await createOrganization(REQUEST);
    const stolen = { ...part.orderer, signingCertificate: other.orderer.signing.certificate };
    expect(objectionToOrderer({ ...part, orderer: stolen })).toMatch(/^the orderer's certificate /);
    const elsewhere = { ...part.orderer, host: 'another.example' };
    expect(objectionToOrderer({ ...part, orderer: elsewhere })).toBe(
      "the orderer's TLS certificate its subject alternative names lack another.example",
    );
    const expired = new Date(Date.now() + 5 * 365 * 24 * 60 * 60 * 1000);
    expect(objectionToOrderer(part, expired)).toMatch(/expired on/);
  });
});
