/**
 * A member's gateway as its administrators would run it: over TLS, for callers with tokens of an issuer of their own, with
 * client certificates or both, with an audit log; and what changes while it runs.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCertificate, type TestCertificate } from '../../gateway/src/testing/certificates.js';
import { FakeIssuer } from '../../gateway/src/testing/fake-issuer.js';
import { askOverTls, type TlsRequest } from '../../gateway/src/testing/tls-client.js';
import { missingFabric } from '../fabric/binaries.js';
import { ENGINE, recordOnly } from '../harness/consortium.js';
import { GatewayProcess } from '../harness/gateway-process.js';
import { startHome, type Home } from '../harness/home.js';
import { until } from '../harness/until.js';

const PATIENCE_MS = 120_000;
const CLIENTS = 'clients of ITDZ Berlin';
const MACHINE = 'urn:umlauf:register';

let home: Home;
let issuer: FakeIssuer;
let gateway: GatewayProcess;
let machine: TestCertificate;
let folder: string;

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function putPair(): TestCertificate {
  const pair = testCertificate({ ca: false });
  put('tls.pem', pair.certificate);
  put('tls.key', pair.privateKey);
  return pair;
}

interface Proof {
  readonly roles?: readonly string[];
  readonly certificate?: TestCertificate;
}

/** Asks the gateway with a token that gives these groups, with a certificate, or with both. */
async function ask(path: string, { roles, certificate }: Proof, asked: TlsRequest = {}) {
  const token = roles && (await issuer.token({ realm_access: { roles } }));
  return askOverTls(
    `${gateway.access.url}/api/v1${path}`,
    certificate ? { cert: certificate.certificate, key: certificate.privateKey } : {},
    { ...asked, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
  );
}

const auditLines = (name = 'audit.log'): Record<string, unknown>[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Moves the audit log away, and has the gateway read its configuration again; it has done so once there is another. */
async function rotate(name: string): Promise<void> {
  renameSync(join(folder, 'audit.log'), join(folder, name));
  gateway.reload();
  await until('the audit log is there again', () => existsSync(join(folder, 'audit.log')) || undefined, {
    timeoutMilliseconds: PATIENCE_MS,
  });
}

describe.skipIf(missingFabric !== undefined && ENGINE === 'fabric')('who may call a gateway', () => {
  beforeAll(async () => {
    [home, issuer] = await Promise.all([startHome({ engine: ENGINE }), FakeIssuer.start()]);
    folder = join(home.directory, 'access');
    mkdirSync(folder);
    const authority = testCertificate({ ca: true, commonName: CLIENTS });
    machine = testCertificate({ ca: false, uri: MACHINE, issuer: { ...authority, commonName: CLIENTS } });
    putPair();
    const setting = (name: string, value: unknown): Record<string, string> => ({
      [`UMLAUF_GATEWAY_${name}`]: typeof value === 'string' ? value : JSON.stringify(value),
    });
    gateway = await GatewayProcess.start(home, home.gateway('itdz-berlin'), {
      protocol: 'https',
      answers: async (url) => (await askOverTls(`${url}/health/live`, {})).status === 200,
      environment: {
        ...setting('LISTEN_TLS_CERTIFICATE', join(folder, 'tls.pem')),
        ...setting('LISTEN_TLS_PRIVATE_KEY', join(folder, 'tls.key')),
        ...setting('AUTH_ISSUERS', [
          {
            issuer: issuer.issuer,
            audience: 'itdz-berlin',
            roles: {
              claim: ['realm_access', 'roles'],
              values: { representative: ['cio'], board: ['vorstand'], auditor: ['pruefung'] },
            },
          },
        ]),
        ...setting('AUTH_CERTIFICATES_AUTHORITIES', put('clients.pem', authority.certificate)),
        ...setting('AUTH_CERTIFICATES_RULES', [{ name: `URI:${MACHINE}`, roles: ['representative'] }]),
        ...setting('AUDIT_FILE', join(folder, 'audit.log')),
        ...setting('AUDIT_PSEUDONYM_KEY', put('pseudonym.key', 'k'.repeat(40))),
      },
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    issuer.stop();
    expect(await gateway.stop()).toBe(0);
    await home.remove();
  }, PATIENCE_MS);

  it(
    'a resolution is proposed by a token and voted on by a certificate, each in its role',
    async () => {
      const id = 'access-1';
      const body = recordOnly(id);
      expect(await ask('/resolutions', { roles: ['vorstand'] }, { method: 'POST', body })).toMatchObject({
        status: 201,
      });
      const opened = { method: 'POST' };
      expect((await ask(`/resolutions/${id}/open`, { roles: ['pruefung'] }, opened)).status).toBe(403);
      // Bundesdruckerei and ITDZ Berlin hold the board.
      expect((await ask(`/resolutions/${id}/open`, { roles: ['vorstand'] }, opened)).status).toBe(200);
      const vote = { method: 'PUT', body: { choice: 'yes' } };
      expect((await ask(`/resolutions/${id}/ballot`, {}, vote)).status).toBe(401);
      expect(
        (await ask(`/resolutions/${id}/ballot`, { roles: ['vorstand'], certificate: machine }, vote)).status,
      ).toBe(403);
      expect(await ask(`/resolutions/${id}/ballot`, { certificate: machine }, vote)).toMatchObject({
        status: 200,
        body: { choice: 'yes' },
      });
      expect((await ask(`/resolutions/${id}`, { roles: ['nobody'] })).status).toBe(403);
      expect(auditLines().map(({ decision, role }) => [decision, role])).toEqual([
        ['allow', 'board'],
        ['deny', undefined],
        ['allow', 'board'],
        ['deny', undefined],
        ['deny', undefined],
        ['allow', 'representative'],
        ['deny', undefined],
      ]);
      expect(readFileSync(join(folder, 'audit.log'), 'utf8')).not.toMatch(/somebody|register/);
    },
    PATIENCE_MS,
  );

  it("a token for one member's gateway is worth nothing at another's", async () => {
    const token = await issuer.token({ realm_access: { roles: ['vorstand'] } });
    const { url } = home.gateway('bundesdruckerei');
    const answer = await fetch(`${url}/api/v1/members`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
  });

  it(
    'a new certificate and a rotated audit log are taken without a restart; wrong ones are not',
    async () => {
      const before = auditLines().length;
      const renewed = putPair();
      await rotate('audit.log.1');
      const expected = new X509Certificate(renewed.certificate).fingerprint256;
      await until(
        'the new certificate is shown',
        async () => (await ask('/health/live', {})).server === expected || undefined,
        { timeoutMilliseconds: PATIENCE_MS },
      );
      put('tls.key', testCertificate({ ca: false }).privateKey);
      await rotate('audit.log.2');
      expect(await ask('/members', { roles: ['pruefung'] })).toMatchObject({ status: 200, server: expected });
      expect(auditLines('audit.log.1')).toHaveLength(before);
      expect(auditLines()).toMatchObject([{ decision: 'allow', role: 'auditor' }]);
      expect(statSync(join(folder, 'audit.log')).mode & 0o777).toBe(0o600);
    },
    PATIENCE_MS,
  );
});
