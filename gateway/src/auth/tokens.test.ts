import {
  SignJWT,
  UnsecuredJWT,
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../problem.js';
import { namedRoles } from './claims.js';
import { TokenVerifier, challenge } from './tokens.js';

type Key = Awaited<ReturnType<typeof generateKeyPair>>;
let key: Key;
let other: Key;
let publicJwk: JWK;
let verifier: TokenVerifier;

beforeAll(async () => {
  key = await generateKeyPair('ES256');
  other = await generateKeyPair('ES256');
  publicJwk = { ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'ES256' };
  verifier = new TokenVerifier([
    {
      issuer: 'urn:issuer',
      audience: ['itdz-berlin'],
      algorithms: ['ES256'],
      subject: ['sub'],
      clockToleranceSeconds: 0,
      keyFor: createLocalJWKSet({ keys: [publicJwk] }),
      rolesOf: namedRoles,
    },
  ]);
});

const claims = (extra: object = {}, kid = 'k') =>
  new SignJWT({ roles: ['board'], ...extra })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer('urn:issuer')
    .setAudience('itdz-berlin')
    .setSubject('board.itdz-berlin')
    .setExpirationTime('1h');

const reasonOf = async (token: string | undefined): Promise<unknown> => {
  try {
    await verifier.verify(token);
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'unauthenticated' });
    return (error as ProblemError).data['reason'];
  }
  throw new Error('was accepted');
};

describe('TokenVerifier', () => {
  it('accepts a token of the issuer for this audience and gives its roles', async () => {
    const token = await claims({ roles: ['auditor', 'board', 'unheard-of'] }).sign(key.privateKey);
    await expect(verifier.verify(`Bearer ${token}`)).resolves.toEqual({
      subject: 'token urn:issuer sub board.itdz-berlin',
      roles: ['board', 'auditor'],
      expiresAtMs: decodeJwt(token).exp! * 1_000,
    });
    await expect(verifier.verify(`bearer ${token}`)).resolves.toMatchObject({ roles: ['board', 'auditor'] });
  });

  it('accepts a single role', async () => {
    const token = await claims({ roles: undefined, role: 'representative' }).sign(key.privateKey);
    await expect(verifier.verify(`Bearer ${token}`)).resolves.toMatchObject({ roles: ['representative'] });
  });

  it('remembers a token until it expires and no longer', async () => {
    const now = Date.now();
    vi.useFakeTimers({ now, toFake: ['Date'] });
    try {
      const token = `Bearer ${await claims()
        .setExpirationTime(Math.floor(now / 1_000) + 60)
        .sign(key.privateKey)}`;
      const first = await verifier.verify(token);
      expect(await verifier.verify(token)).toBe(first);
      vi.setSystemTime(now + 61_000);
      expect(await reasonOf(token)).toBe('expired');
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses everything else, with the reason', async () => {
    const bearer = async (jwt: SignJWT, signing = key) => `Bearer ${await jwt.sign(signing.privateKey)}`;
    expect(await reasonOf(undefined)).toBe('missing');
    expect(await reasonOf('')).toBe('malformed');
    expect(await reasonOf('Basic YTpi')).toBe('malformed');
    expect(await reasonOf('Bearer a.b')).toBe('malformed');
    expect(await reasonOf('Bearer a.b.c')).toBe('malformed');
    expect(await reasonOf(`Bearer ${'a'.repeat(9_000)}.b.c`)).toBe('malformed');
    expect(await reasonOf(await bearer(claims().setExpirationTime('-1s')))).toBe('expired');
    expect(await reasonOf(await bearer(claims().setNotBefore('1h')))).toBe('not yet valid');
    expect(await reasonOf(await bearer(claims().setIssuer('urn:other')))).toBe('wrong or missing claim iss');
    expect(await reasonOf(await bearer(claims().setAudience('other')))).toBe('wrong or missing claim aud');
    expect(await reasonOf(await bearer(claims(), other))).toBe('wrong signature');
    expect(await reasonOf(await bearer(new SignJWT({}).setProtectedHeader({ alg: 'ES256' })))).toContain(
      'claim',
    );
    expect(
      await reasonOf(
        await bearer(
          new SignJWT({ sub: 'x', iss: 'urn:issuer', aud: 'itdz-berlin' }).setProtectedHeader({
            alg: 'ES256',
          }),
        ),
      ),
    ).toBe('wrong or missing claim exp');
    expect(await reasonOf(await bearer(claims().setSubject('')))).toBe('wrong or missing claim sub');
    expect(await reasonOf(await bearer(claims({ cnf: { jkt: 'x' } })))).toBe(
      'bound to a key that cannot be checked here',
    );
    expect(await reasonOf(await bearer(claims({}, 'unknown')))).toBe('unknown key');
  });

  it('refuses other algorithms: none, and the public key used as a shared secret', async () => {
    const payload = { sub: 'x', roles: ['board'] };
    const none = new UnsecuredJWT(payload)
      .setIssuer('urn:issuer')
      .setAudience('itdz-berlin')
      .setExpirationTime('1h')
      .encode();
    expect(await reasonOf(`Bearer ${none}`)).toBe('malformed');
    expect(await reasonOf(`Bearer ${none}c2ln`)).toBe('algorithm not allowed');
    const hmac = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .setIssuer('urn:issuer')
      .setAudience('itdz-berlin')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JSON.stringify(publicJwk)));
    expect(await reasonOf(`Bearer ${hmac}`)).toBe('algorithm not allowed');
  });
});

describe('challenge', () => {
  it('tells an invalid token from none, without letting a reason break out of its quotes', () => {
    expect(challenge('missing')).toBe('Bearer realm="umlauf"');
    expect(challenge('a"b\\c')).toBe('Bearer realm="umlauf", error="invalid_token", error_description="abc"');
  });
});
