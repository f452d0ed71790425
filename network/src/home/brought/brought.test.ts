import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateDers,
  publicOrganization,
  readOrganization,
  rootFingerprints,
  writeOrganization,
} from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deviation } from '../../../channel/src/testing/certify.js';
import { roleOf } from '../../role.js';
import { OwnAuthority } from '../testing/own-authority.js';
import { readBroughtOrganization } from './folder.js';
import { keysOf, makeRequests, requestsFolder } from './requests.js';

const member = { id: 'bavaria', host: 'peer.bavaria.example', mspId: 'BavariaMSP' };
const PAST = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };

let own: OwnAuthority;
beforeAll(async () => {
  own = await OwnAuthority.create('bavaria');
});

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-brought-'));
  folder = join(root, 'msp');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const home = { path: (...parts: string[]) => join(root, 'home', ...parts) };
const read = (at?: Date) =>
  readBroughtOrganization(folder, member, 'bavaria.umlauf.example', keysOf(home, member.id), at);
const answer = (deviations?: Record<string, Deviation>) =>
  own.answer(home, member, folder, deviations ? { deviations } : {});

describe('Requests', () => {
  it('are one for each node and office, with keys that only their owner can read', async () => {
    const requests = await makeRequests(home, member, undefined);
    expect(requests.map(({ subject }) => subject.name)).toEqual([
      'peer',
      'peer-tls',
      'orderer',
      'orderer-tls',
      'admin',
      'representative',
      'board',
      'auditor',
    ]);
    const keys = join(requestsFolder(home, member.id), 'keys');
    expect(readdirSync(keys)).toHaveLength(8);
    for (const key of readdirSync(keys)) expect(statSync(join(keys, key)).mode & 0o777).toBe(0o600);
  });

  it('stay as they are until they are answered and in use', async () => {
    const texts = async (...args: Parameters<typeof makeRequests>) =>
      (await makeRequests(...args)).map(({ file }) => readFileSync(file, 'utf8'));
    const first = await texts(home, member, undefined);
    expect(await texts(home, member, undefined)).toEqual(first);
    await answer();
    const renewed = await texts(home, member, read());
    expect(renewed.filter((text) => first.includes(text))).toEqual([]);
    expect(await texts(home, member, read())).toEqual(renewed);
  });
});

describe("A member's own certificates", () => {
  it('make its organization, which is kept like any other, without the key of an authority', async () => {
    await answer();
    const material = read();
    expect(material.ca.privateKey ?? material.tlsCa.privateKey).toBeUndefined();
    expect(rootFingerprints(publicOrganization(material)).signing).toHaveLength(1);
    for (const { certificate, privateKey } of [
      material.admin,
      material.peer.signing,
      material.peer.tls,
      material.orderer.signing,
      material.orderer.tls,
      ...Object.values(material.users),
    ])
      expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    for (const role of ['representative', 'board', 'auditor'])
      expect(roleOf(new X509Certificate(material.users[role]!.certificate).raw)).toBe(role);
    // Others may know the root alone.
    expect(certificateDers(material.peer.tls.certificate)).toHaveLength(2);
    const kept = join(root, 'kept');
    await writeOrganization(kept, material);
    expect(await readOrganization(kept)).toEqual(material);
    expect(existsSync(join(kept, 'ca', 'priv_sk'))).toBe(false);
  });

  it.each<[string, string, Deviation, RegExp]>([
    ['a wrong node OU', 'peer', { subject: 'CN=peer.bavaria, OU=client' }, /units client; peer is needed/],
    ['no node OU', 'peer', { subject: 'CN=peer.bavaria' }, /does not have an OU that resolves/],
    ['two node OUs', 'orderer', { subject: 'CN=o, OU=orderer, OU=peer' }, /not a combination of them/],
    ['no name for the peer', 'peer-tls', { hosts: ['localhost'] }, /names lack peer\.bavaria\.example/],
    ['no localhost', 'orderer-tls', { hosts: ['peer.bavaria.example'] }, /names lack localhost/],
    ['no use as client', 'orderer-tls', { usages: ['1.3.6.1.5.5.7.3.1'] }, /not allow the use as client/],
    ['a validity that is over', 'board', PAST, /expired on 2021-01-01/],
    [
      'a validity that is yet to come',
      'board',
      { notBefore: new Date('2080-01-01'), notAfter: new Date('2081-01-01') },
      /is not valid before 2080/,
    ],
    [
      'a person as subject',
      'board',
      { subject: 'CN=Erika Mustermann, OU=client, OU=board' },
      /must be the office CN=board\.bavaria, it is CN=Erika Mustermann/,
    ],
    [
      'another office',
      'board',
      { subject: 'CN=board.bavaria, OU=client, OU=representative' },
      /must carry the office board and no other/,
    ],
    [
      'two offices',
      'board',
      { subject: 'CN=board.bavaria, OU=client, OU=board, OU=representative' },
      /must carry the office board and no other/,
    ],
  ])('are refused with %s, naming the file', async (_, name, deviation, reason) => {
    await answer({ [name]: deviation });
    expect(read).toThrow(reason);
    expect(read).toThrow(`${join(folder, `${name}.pem`)}: `);
    expect(lines()).toHaveLength(1);
  });

  it('are refused when another authority issued one', async () => {
    await answer();
    const other = await OwnAuthority.create('bavaria');
    await other.answer(home, member, join(root, 'other'));
    writeFileSync(join(folder, 'peer.pem'), readFileSync(join(root, 'other', 'peer.pem')));
    writeFileSync(join(folder, 'peer-tls.pem'), readFileSync(join(root, 'other', 'peer-tls.pem')));
    expect(lines()).toEqual([
      expect.stringMatching(
        /peer\.pem: the supplied identity is not valid: x509: certificate signed by unknown/,
      ),
      expect.stringMatching(/peer-tls\.pem: x509: certificate signed by unknown authority/),
    ]);
  });

  it('are refused when one is for a key that is not here', async () => {
    await answer();
    rmSync(requestsFolder(home, member.id), { recursive: true });
    expect(lines()).toHaveLength(8);
    expect(lines()[0]).toMatch(/peer\.pem: no key of bavaria here belongs to it; umlauf csr bavaria makes/);
  });

  it('are refused when files or roots are missing, all told at once', async () => {
    await answer();
    rmSync(join(folder, 'board.pem'));
    rmSync(join(folder, 'tlscacerts'), { recursive: true });
    writeFileSync(join(folder, 'admin.pem'), 'nothing');
    expect(lines()).toEqual([
      expect.stringMatching(/tlscacerts: holds 0 certificates; exactly one root belongs here/),
      expect.stringMatching(/admin\.pem: .*no key|admin\.pem: holds no certificate/),
      expect.stringMatching(/board\.pem: is missing/),
    ]);
  });

  it('are refused when an authority has expired, or is none', async () => {
    await answer();
    expect(() => read(new Date('2090-01-01'))).toThrow(/cacerts\/root\.pem: expired on/);
    writeFileSync(join(folder, 'cacerts', 'root.pem'), readFileSync(join(folder, 'peer.pem')));
    expect(read).toThrow(/CA Certificate did not have the CA attribute/);
  });
});

function lines(): string[] {
  try {
    read();
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}
