/** Members that bring certificates of their own authorities, and the renewal of all kinds of certificates. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Member } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnAuthority } from '../../network/src/home/testing/own-authority.js';
import { umlauf } from '../harness/command.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { startLoad } from '../harness/load.js';

const FOUNDER = 'itdz-berlin';
const APPLICANT = 'bavaria';

let folders: string;
let consortium: TestConsortium;
const authorities = new Map<string, OwnAuthority>();
const home = { path: (...parts: string[]) => join(consortium.directory, ...parts) };
const listed = (id: string) => consortium.description.members.find((member) => member.id === id)!;

beforeAll(async () => {
  folders = mkdtempSync(join(tmpdir(), 'umlauf-authorities-'));
  for (const id of [FOUNDER, APPLICANT]) authorities.set(id, await OwnAuthority.create(id));
  consortium = await startConsortium({
    describe: (description) => ({
      ...description,
      members: description.members.map((member) =>
        [FOUNDER, APPLICANT].includes(member.id) ? { ...member, msp: join(folders, member.id) } : member,
      ),
    }),
    prepare: (directory, { members }) =>
      authorities.get(FOUNDER)!.answer(
        { path: (...parts) => join(directory, ...parts) },
        members.find(({ id }) => id === FOUNDER)!,
        join(folders, FOUNDER),
      ),
  });
});
afterAll(async () => {
  await consortium.stop();
  rmSync(folders, { recursive: true, force: true });
});

/** Serial number of the certificate that a member's peer shows. */
function shownBy(memberId: string): Promise<string> {
  const { endpoint } = consortium.peer(memberId);
  const [host, port] = endpoint.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()!.serialNumber);
      socket.destroy();
    });
  });
}

async function inUse(memberId: string): Promise<{ peer: string; orderer: string }> {
  const { material } = await consortium.organization(memberId);
  const serial = (pem: string) => new X509Certificate(pem).serialNumber;
  return {
    peer: serial(material.peer.tls.certificate),
    orderer: serial(material.orderer.signing.certificate),
  };
}

const consenterOf = async (memberId: string) => {
  const { consenters } = await consortium.engine.configuration();
  const { mspId } = listed(memberId);
  const found = consenters.find((consenter) => consenter.mspId === mspId);
  return found && new X509Certificate(found.certificate).serialNumber;
};

async function renew(memberId: string): Promise<void> {
  const command = umlauf('cert', 'renew', memberId, '--home', consortium.directory);
  expect([await command.exit, command.stderr()]).toEqual([0, '']);
}

describe('a member with certificates of its own authority', () => {
  it('founds the cooperative like any other', async () => {
    const { body } = await call<Member>(consortium.gateway(FOUNDER), 'auditor', 'GET', `/members/${FOUNDER}`);
    expect(body).toMatchObject({ status: 'admitted', mspId: listed(FOUNDER).mspId });
  });

  it('waits with its application until its certificates are there, without keeping the others out', () => {
    expect(consortium.alarms).toEqual([
      expect.stringMatching(
        /^bavaria cannot apply or join before the next start: .*cacerts: holds 0 certificates/,
      ),
    ]);
    expect(consortium.gateways).toHaveLength(4);
  });

  it('applies, is admitted by its roots, joins and votes', async () => {
    await authorities.get(APPLICANT)!.answer(home, listed(APPLICANT), join(folders, APPLICANT));
    await consortium.restart();
    const board = consortium.gateway(FOUNDER);
    await call(board, 'board', 'POST', '/members', { body: consortium.application(APPLICANT) });
    await call(board, 'board', 'POST', '/resolutions', {
      body: recordOnly('admission', {
        matter: 'admission',
        effects: [{ kind: 'admit', memberId: APPLICANT }],
      }),
    });
    const opened = await call(board, 'board', 'POST', '/resolutions/admission/open');
    for (const gateway of consortium.gateways)
      await call(gateway, 'representative', 'PUT', '/resolutions/admission/ballot', {
        body: { choice: 'yes' },
        minBlock: opened.blockNumber,
      });
    const joined = await consortium.joined(APPLICANT);
    await call(board, 'board', 'POST', '/resolutions', { body: recordOnly('first') });
    const { blockNumber } = await call(board, 'board', 'POST', '/resolutions/first/open');
    await call(joined, 'representative', 'PUT', '/resolutions/first/ballot', {
      body: { choice: 'yes' },
      minBlock: blockNumber,
    });
  });
});

describe('the renewal of certificates', () => {
  it('changes nodes, users and consenters over without a failed request', async () => {
    const load = startLoad(() => consortium.gateways);
    for (const memberId of ['bundesdruckerei', FOUNDER, APPLICANT]) {
      const before = await inUse(memberId);
      expect(await shownBy(memberId)).toBe(before.peer);
      const consenter = await consenterOf(memberId);
      const { material } = await consortium.organization(memberId);
      await authorities
        .get(memberId)
        ?.answer(home, listed(memberId), join(folders, memberId), { inUse: material });
      await renew(memberId);
      const after = await inUse(memberId);
      expect(after.peer).not.toBe(before.peer);
      expect(await shownBy(memberId)).toBe(after.peer);
      expect(await consenterOf(memberId)).toBe(consenter && after.orderer);
    }
    const { succeeded, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(succeeded).toBeGreaterThan(10);
  });

  it('is refused while the folder holds the certificates in use, or others of other roots', async () => {
    const refusal = async () => {
      const command = umlauf('cert', 'renew', APPLICANT, '--home', consortium.directory);
      expect(await command.exit).toBe(1);
      return command.stderr();
    };
    expect(await refusal()).toMatch(/holds the certificates in use; umlauf csr bavaria makes requests/);
    const { material } = await consortium.organization(APPLICANT);
    const stranger = await OwnAuthority.create(APPLICANT);
    await stranger.answer(home, listed(APPLICANT), join(folders, APPLICANT), { inUse: material });
    expect(await refusal()).toMatch(/come from other roots than those that bavaria was admitted with/);
  });

  it('lasts: everything comes up again with the new certificates', async () => {
    const before = await Promise.all(consortium.gateways.map(({ memberId }) => inUse(memberId)));
    await consortium.restart();
    for (const [index, { memberId }] of consortium.gateways.entries())
      expect(await shownBy(memberId)).toBe(before[index]!.peer);
    const load = startLoad(() => consortium.gateways);
    expect((await load.stop()).failures).toEqual([]);
  });
});

describe('umlauf csr', () => {
  it('makes requests, and says what to send and where to put what comes back', async () => {
    const directory = join(folders, 'new-home');
    const command = umlauf('csr', 'bavaria', '--home', directory);
    expect([await command.exit, command.stderr()]).toEqual([0, '']);
    expect(command.stdout()).toMatch(/board\.csr +O=bavaria, OU=client, OU=board, CN=board\.bavaria/);
    expect(command.stdout()).toMatch(/peer-tls\.csr .*TLS server and client, for localhost/);
    expect(command.stdout()).toContain('at bavaria: msp: DIR');
    const again = umlauf('csr', 'bavaria', '--home', directory, '--json');
    expect(await again.exit).toBe(0);
    const { files } = JSON.parse(again.stdout()) as { files: { isNew: boolean }[] };
    expect(files.map(({ isNew }) => isNew)).toEqual(Array(8).fill(false));
  });

  it('refuses a member that is not listed, or whose certificates Umlauf issued', async () => {
    const stranger = umlauf('csr', 'nobody', '--home', join(folders, 'new-home'));
    expect(await stranger.exit).toBe(1);
    expect(stranger.stderr()).toMatch(
      /nobody is not listed in .*consortium\.yaml; these are: bundesdruckerei/,
    );
    const issued = umlauf('csr', 'bundesdruckerei', '--home', consortium.directory);
    expect(await issued.exit).toBe(1);
    expect(issued.stderr()).toMatch(/has certificates that Umlauf issued/);
  });
});
