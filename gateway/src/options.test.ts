import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JSONWebKeySet } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GatewayOptions } from './gateway-options.js';
import { GatewayOptionsError, checkedOptions } from './options.js';
import { testCertificate, type TestCertificate } from './testing/certificates.js';

const oidc = (more: object) => ({ issuer: 'https://id.example', audience: 'itdz-berlin', ...more });

let identity: TestCertificate;
let authority: TestCertificate;
let jwks: JSONWebKeySet;
let options: GatewayOptions;

const jwkOf = (key: KeyObject) => exportJWK(key);
const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

beforeAll(async () => {
  identity = testCertificate({ ca: false });
  authority = testCertificate({ ca: true });
  jwks = { keys: [await jwkOf(ec().publicKey)] };
  options = {
    memberId: 'itdz-berlin',
    mspId: 'ItdzBerlinMSP',
    channel: 'umlauf',
    chaincode: 'umlauf',
    peer: { endpoint: 'localhost:7051', tlsRootCertificates: authority.certificate },
    identities: { board: identity },
    tokens: { issuer: 'urn:issuer', audience: 'itdz-berlin', jwks },
  };
});

function pathsOf(wrong: object): string[] {
  try {
    checkedOptions({ ...options, ...wrong });
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayOptionsError);
    return (error as GatewayOptionsError).issues.map(({ path }) => path);
  }
  return [];
}

describe('checkedOptions', () => {
  it('fills in the defaults: loopback, a free port, limits', () => {
    expect(checkedOptions(options)).toMatchObject({
      listen: { host: '127.0.0.1', port: 0 },
      triggers: true,
      bodyLimitBytes: 1_000_000,
      timeLimits: { minBlockMs: 5_000, lagMs: 3_000 },
    });
  });

  it('names every error at once', () => {
    expect(
      pathsOf({
        memberId: 'A',
        peer: { endpoint: 'localhost', tlsRootCertificates: 'x' },
        identities: {},
        listen: { port: 70_000 },
        timeLimits: { settleMs: -1 },
        unheardOf: 1,
      }),
    ).toEqual([
      'memberId',
      'listen.port',
      'peer.endpoint',
      'peer.tlsRootCertificates',
      'identities',
      'timeLimits.settleMs',
      '',
    ]);
  });

  it('refuses a key that does not belong to its certificate, without showing it', () => {
    const { privateKey } = testCertificate({ ca: false });
    const wrong = { identities: { board: { ...identity, privateKey } } };
    expect(pathsOf(wrong)).toEqual(['identities.board']);
    expect(() => checkedOptions({ ...options, ...wrong })).toThrow(/does not belong/);
    expect(() => checkedOptions({ ...options, ...wrong })).not.toThrow(/PRIVATE KEY/);
  });

  it('refuses keys on other curves and what is no PEM', () => {
    const privateKey = ec('P-384').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(pathsOf({ identities: { board: { ...identity, privateKey } } })).toEqual(['identities.board']);
    const { certificate } = identity;
    const pkcs11 = { library: 'lib.so', token: 'umlauf', pin: '1\n' };
    expect(pathsOf({ identities: { board: { certificate, pkcs11 } } })).toEqual([]);
    expect(pathsOf({ identities: { board: { ...identity, pkcs11 } } })).toEqual(['identities.board']);
    expect(pathsOf({ identities: { board: { certificate } } })).toEqual(['identities.board']);
    expect(pathsOf({ identities: { board: { certificate, pkcs11: { ...pkcs11, keyId: 'AB' } } } })).toEqual([
      'identities.board.pkcs11.keyId',
    ]);
    expect(pathsOf({ identities: { board: { certificate: 'x', privateKey: 'y' } } })).toEqual([
      'identities.board',
    ]);
  });

  it('refuses a TLS root that is no certificate authority', () => {
    const tlsRootCertificates = identity.certificate;
    expect(pathsOf({ peer: { endpoint: 'localhost:1', tlsRootCertificates } })).toEqual([
      'peer.tlsRootCertificates',
    ]);
    expect(pathsOf({ furtherPeers: [{ endpoint: 'localhost', tlsRootCertificates }] })).toEqual([
      'furtherPeers.0.endpoint',
      'furtherPeers.0.tlsRootCertificates',
    ]);
  });

  it.each<[string, object, string[]]>([
    [
      'an issuer is asked without TLS',
      { auth: { issuers: [oidc({ issuer: 'http://id.example' })] } },
      ['auth.issuers.0.issuer'],
    ],
    [
      'an issuer signs with a shared secret',
      { auth: { issuers: [oidc({ algorithms: ['HS256'] })] } },
      ['auth.issuers.0.algorithms.0'],
    ],
    [
      'an issuer need not sign',
      { auth: { issuers: [oidc({ algorithms: ['none'] })] } },
      ['auth.issuers.0.algorithms.0'],
    ],
    [
      'a role is none',
      { auth: { issuers: [oidc({ roles: { values: { admin: ['a'] } } })] } },
      ['auth.issuers.0.roles.values'],
    ],
    ['both are required where there is one', { auth: { require: 'both' } }, ['auth.certificates']],
    [
      'a proxy is no address',
      { listen: { trustedProxies: ['10.0.0.0/33', 'proxy', '::/0'] } },
      ['listen.trustedProxies.0', 'listen.trustedProxies.1'],
    ],
    [
      'an origin is a wildcard, or more than an origin',
      { cors: { origins: ['*', 'https://a.example/', 'https://a.example'] } },
      ['cors.origins.0', 'cors.origins.1'],
    ],
    ['a pseudonym could be guessed', { audit: { pseudonymKey: 'short' } }, ['audit.pseudonymKey']],
  ])('refuses settings by which %s', (_what, wrong, paths) => {
    expect(pathsOf(wrong)).toEqual(paths);
  });

  it('wants somebody who can call, and each issuer once', () => {
    expect(pathsOf({ tokens: undefined })).toEqual(['auth.issuers']);
    const issuers = [oidc({}), oidc({ issuer: 'https://other.example' })];
    expect(pathsOf({ tokens: undefined, auth: { issuers } })).toEqual([]);
    expect(pathsOf({ auth: { issuers: [...issuers, oidc({})] } })).toEqual(['auth.issuers']);
    const tokens = { ...options.tokens, issuer: 'https://id.example' };
    expect(pathsOf({ tokens, auth: { issuers } })).toEqual(['auth.issuers']);
  });

  it('wants certificates to be recognised by something, over TLS', () => {
    const rule = (more: object) => ({ roles: ['board'], ...more });
    const certificates = (authorities: string) => ({
      authorities,
      rules: [
        rule({ name: 'URI:urn:a' }),
        rule({}),
        rule({ subject: {} }),
        rule({ any: true, name: 'URI:urn:a' }),
        rule({ name: 'urn:a' }),
        rule({ fingerprint: 'AB:CD' }),
        rule({ any: true }),
      ],
    });
    expect(pathsOf({ auth: { certificates: certificates(identity.certificate) } })).toEqual([
      'auth.certificates.authorities',
      ...[1, 2, 3].map((index) => `auth.certificates.rules.${index}`),
      'auth.certificates.rules.4.name',
      'auth.certificates.rules.5.fingerprint',
      'listen.tls',
    ]);
  });

  it('takes public ES256 keys for tokens only', async () => {
    const tokens = (keys: unknown[]) => ({ tokens: { ...options.tokens, jwks: { keys } } });
    const { privateKey, publicKey } = ec();
    const good = await jwkOf(publicKey);
    expect(pathsOf(tokens([]))).toEqual(['tokens.jwks.keys']);
    expect(
      pathsOf(
        tokens([
          good,
          await jwkOf(privateKey),
          await jwkOf(ec('P-384').publicKey),
          { kty: 'oct', k: 'c2VjcmV0' },
          { ...good, x: 'AAAA' },
        ]),
      ),
    ).toEqual(['tokens.jwks.keys.1', 'tokens.jwks.keys.2', 'tokens.jwks.keys.3', 'tokens.jwks.keys.4']);
  });
});
