import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCertificate, type TestCertificate } from '../testing/certificates.js';
import { ConfigurationError, readConfiguration } from './configuration.js';

let folder: string;
let file: string;
let board: TestCertificate;
const put = (name: string, content: string) => writeFileSync(join(folder, name), content);

const YAML = `memberId: itdz-berlin
mspId: ItdzBerlinMSP
channel: umlauf
chaincode: umlauf
listen: { port: 8080 }
peer:
  endpoint: peer.example:7051
  tlsRootCertificates: roots.pem
identities:
  board:
    certificate: board.pem
    privateKey: board.key
tokens:
  issuer: urn:issuer
  audience: itdz-berlin
  jwks: issuer.json
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-configuration-'));
  file = join(folder, 'gateway.yaml');
  board = testCertificate({ ca: false });
  put('gateway.yaml', YAML);
  put('roots.pem', testCertificate({ ca: true }).certificate);
  put('board.pem', board.certificate);
  put('board.key', board.privateKey);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  put('issuer.json', JSON.stringify({ keys: [await exportJWK(publicKey)] }));
});
afterEach(() => rmSync(folder, { recursive: true }));

function errorsOf(environment: Record<string, string> = {}): readonly string[] {
  try {
    readConfiguration(file, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).lines.map((line) => line.replaceAll(`${folder}/`, ''));
  }
  return [];
}

describe('readConfiguration', () => {
  it('reads the file and those that it names, relative to it', () => {
    const { options, log } = readConfiguration(file, {});
    expect(options).toMatchObject({
      memberId: 'itdz-berlin',
      listen: { host: '127.0.0.1', port: 8080 },
      identities: { board },
      journal: { keepHours: 24 },
    });
    expect(options.tokens?.jwks.keys).toHaveLength(1);
    expect(log).toEqual({ level: 'info', format: 'json' });
  });

  it('reads JSON as well', () => {
    const { options } = readConfiguration(file, {});
    const paths = {
      peer: { ...options.peer, tlsRootCertificates: 'roots.pem' },
      identities: { board: { certificate: 'board.pem', privateKey: 'board.key' } },
      tokens: { ...options.tokens, jwks: 'issuer.json' },
    };
    put('gateway.yaml', JSON.stringify({ ...options, ...paths }));
    expect(readConfiguration(file, {}).options).toEqual(options);
  });

  it('reads the certificates of further peers from files', () => {
    const furtherPeers = [{ endpoint: 'other.example:7051', tlsRootCertificates: 'roots.pem' }];
    const { options } = readConfiguration(file, {
      UMLAUF_GATEWAY_FURTHER_PEERS: JSON.stringify(furtherPeers),
    });
    const { tlsRootCertificates } = options.peer;
    expect(options.furtherPeers).toEqual([{ endpoint: 'other.example:7051', tlsRootCertificates }]);
  });

  it('lets environment variables come before the file', () => {
    const { options, log } = readConfiguration(file, {
      UMLAUF_GATEWAY_LISTEN_PORT: '9090',
      UMLAUF_GATEWAY_TRIGGERS: 'false',
      UMLAUF_GATEWAY_TIME_LIMITS_DRAIN_MS: '250',
      UMLAUF_GATEWAY_JOURNAL_FOLDER: 'journal',
      UMLAUF_GATEWAY_LOG_LEVEL: 'debug',
      UMLAUF_GATEWAY_CONFIG: file,
      SOMETHING_ELSE: '1',
    });
    expect(options).toMatchObject({
      listen: { port: 9090 },
      triggers: false,
      timeLimits: { drainMs: 250 },
      journal: { folder: join(folder, 'journal') },
    });
    expect(log.level).toBe('debug');
  });

  it('needs no file where the environment says everything', () => {
    const inFolder = (name: string) => join(folder, name);
    const { options } = readConfiguration(undefined, {
      UMLAUF_GATEWAY_MEMBER_ID: 'itdz-berlin',
      UMLAUF_GATEWAY_MSP_ID: 'ItdzBerlinMSP',
      UMLAUF_GATEWAY_CHANNEL: 'umlauf',
      UMLAUF_GATEWAY_CHAINCODE: 'umlauf',
      UMLAUF_GATEWAY_PEER_ENDPOINT: 'peer.example:7051',
      UMLAUF_GATEWAY_PEER_TLS_ROOT_CERTIFICATES: inFolder('roots.pem'),
      UMLAUF_GATEWAY_IDENTITIES_BOARD_CERTIFICATE: inFolder('board.pem'),
      UMLAUF_GATEWAY_IDENTITIES_BOARD_PRIVATE_KEY: inFolder('board.key'),
      UMLAUF_GATEWAY_TOKENS_ISSUER: 'urn:issuer',
      UMLAUF_GATEWAY_TOKENS_AUDIENCE: 'itdz-berlin',
      UMLAUF_GATEWAY_TOKENS_JWKS: inFolder('issuer.json'),
    });
    expect(options.identities).toEqual({ board });
  });

  it('reads lists in JSON from variables, and what callers are recognised by from files', () => {
    put('clients.pem', testCertificate({ ca: true }).certificate);
    put('pseudonym.key', 'k'.repeat(32));
    const issuers = [{ issuer: 'https://id.example', audience: 'itdz-berlin' }];
    const environment = {
      UMLAUF_GATEWAY_LISTEN_TLS_CERTIFICATE: 'board.pem',
      UMLAUF_GATEWAY_LISTEN_TLS_PRIVATE_KEY: 'board.key',
      UMLAUF_GATEWAY_AUTH_ISSUERS: JSON.stringify(issuers),
      UMLAUF_GATEWAY_AUTH_CERTIFICATES_AUTHORITIES: 'clients.pem',
      UMLAUF_GATEWAY_AUTH_CERTIFICATES_RULES: '[{"any": true, "roles": ["auditor"]}]',
      UMLAUF_GATEWAY_AUDIT_FILE: 'audit.log',
      UMLAUF_GATEWAY_AUDIT_PSEUDONYM_KEY: 'pseudonym.key',
    };
    expect(readConfiguration(file, environment).options).toMatchObject({
      listen: { tls: { ...board, minimumVersion: 'TLSv1.3' } },
      auth: { issuers: [{ algorithms: ['ES256', 'PS256', 'RS256'] }], require: 'any' },
      audit: { file: join(folder, 'audit.log'), pseudonymKey: 'k'.repeat(32) },
    });
    expect(errorsOf({ ...environment, UMLAUF_GATEWAY_AUTH_ISSUERS: '[{' })).toEqual([
      expect.stringMatching(/^UMLAUF_GATEWAY_AUTH_ISSUERS: auth\.issuers: /),
    ]);
  });

  it('names everything that is wrong at once, with file and line or variable', () => {
    put(
      'gateway.yaml',
      YAML.replace('mspId: ItdzBerlinMSP', 'mspId: ""')
        .replace('peer.example:7051', 'peer.example')
        .replace('board.key', 'missing.key')
        .replace('urn:issuer', '""')
        .concat('unheardOf: 1\n'),
    );
    const errors = errorsOf({ UMLAUF_GATEWAY_LISTEN_PORT: 'http' });
    expect(errors.map((line) => line.replace(/(: [\w.]+)?: .*/, '$1'))).toEqual([
      'gateway.yaml:12: identities.board.privateKey',
      'gateway.yaml:2: mspId',
      'UMLAUF_GATEWAY_LISTEN_PORT: listen.port',
      'gateway.yaml:7: peer.endpoint',
      'gateway.yaml:14: tokens.issuer',
      'gateway.yaml:17: unheardOf',
    ]);
    expect(errors[0]).toMatch(/missing\.key cannot be read: ENOENT/);
  });

  it('refuses keys in the configuration itself, and names no key', () => {
    const inline = board.privateKey.trim().split('\n').join('\n      ');
    put('gateway.yaml', YAML.replace('board.key', `|\n      ${inline}`));
    const errors = errorsOf();
    expect(errors).toEqual(['gateway.yaml:12: identities.board.privateKey: must be the path of a file']);
  });

  it('says where files hold something else', () => {
    put('roots.pem', 'nothing');
    put('issuer.json', '{"keys": []}');
    expect(errorsOf()).toEqual([
      'gateway.yaml:8: peer.tlsRootCertificates: must be PEM of a certificate authority',
      expect.stringMatching(/^gateway\.yaml:16: tokens\.jwks\.keys: /),
    ]);
  });

  it('reads webhooks with their secrets from files and variables, and says where they are wrong', () => {
    const [one, other] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
    put('register.secret', `${one}\n`);
    const lines = [
      'journal: { folder: journal }',
      'webhooks:',
      '  - id: register',
      '    url: https://register.example/hook',
      '    secrets: [register.secret, env:OTHER_SECRET]',
      '    types: [member.admitted]',
    ];
    put('gateway.yaml', `${YAML}${lines.join('\n')}\n`);
    const [webhook] = readConfiguration(file, { OTHER_SECRET: other }).options.webhooks ?? [];
    expect(webhook).toMatchObject({ id: 'register', secrets: [one, other], attempts: 15 });

    expect(errorsOf({})).toEqual([
      'gateway.yaml:21: webhooks.0.secrets.1: env:OTHER_SECRET: there is no such variable',
    ]);
    const wrong = [
      ...lines.slice(1, 3),
      '    url: http://register.example/hook',
      `    secrets: [${one}, missing.secret]`,
      '    types: [unheard-of]',
      '    allowedNetworks: [inside]',
    ];
    put('gateway.yaml', `${YAML}${wrong.join('\n')}\n`);
    expect(errorsOf({}).map((line) => line.replace(/(: [\w.]+): .*/, '$1'))).toEqual([
      'gateway.yaml:20: webhooks.0.secrets.0',
      'gateway.yaml:20: webhooks.0.secrets.1',
      'gateway.yaml:21: webhooks.0.types.0',
      'gateway.yaml:22: webhooks.0.allowedNetworks.0',
    ]);
    put('gateway.yaml', `${YAML}${lines.slice(1, -2).join('\n')}\n    secrets: [register.secret]\n`);
    expect(errorsOf({})).toEqual([expect.stringContaining('journal.folder: must be there for webhooks')]);
  });

  it('refuses variables that stand for nothing, what is no YAML, and a file that is not there', () => {
    expect(errorsOf({ UMLAUF_GATEWAY_LISTENPORT: '1' })).toEqual([
      expect.stringMatching(/^UMLAUF_GATEWAY_LISTENPORT: stands for no setting/),
    ]);
    put('gateway.yaml', 'a: [\nb');
    expect(errorsOf()[0]).toMatch(/^gateway\.yaml:\d+: /);
    put('gateway.yaml', '- a');
    expect(errorsOf()).toEqual(['gateway.yaml:1: must be a mapping of settings']);
    rmSync(file);
    expect(errorsOf()[0]).toMatch(/^gateway\.yaml: cannot be read: ENOENT/);
  });
});
