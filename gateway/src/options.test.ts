import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JSONWebKeySet } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { GatewayOptionsError, checkedOptions, type GatewayOptions } from './options.js';
import { testCertificate, type TestCertificate } from './testing/certificates.js';

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
      timeLimits: { minBlockMs: 5_000, lagMs: 2_000 },
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
    expect(pathsOf({ identities: { board: { certificate: 'x', privateKey: 'y' } } })).toEqual([
      'identities.board',
    ]);
  });

  it('refuses a TLS root that is no certificate authority', () => {
    const tlsRootCertificates = identity.certificate;
    expect(pathsOf({ peer: { endpoint: 'localhost:1', tlsRootCertificates } })).toEqual([
      'peer.tlsRootCertificates',
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
