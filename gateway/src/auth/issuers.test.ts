/** Tokens of issuers that are asked for their keys, with real ones that answer over HTTP. */
import {
  SignJWT,
  UnsecuredJWT,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type CryptoKey,
} from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { FakeIssuer } from '../testing/fake-issuer.js';
import { trustedIssuers } from './issuers.js';
import { Auth } from './settings.js';
import { TokenVerifier } from './tokens.js';

const logger = pino({ level: 'silent' });
let issuer: FakeIssuer;
let other: FakeIssuer;
beforeEach(async () => {
  [issuer, other] = await Promise.all([FakeIssuer.start(), FakeIssuer.start()]);
});
afterEach(() => {
  vi.useRealTimers();
  issuer.stop();
  other.stop();
});

type Settings = z.input<typeof Auth>['issuers'];
function verifierOf(settings: object = {}) {
  const issuers: Settings = [issuer, other].map((each) => ({
    issuer: each.issuer,
    audience: 'itdz-berlin',
    ...settings,
  }));
  const { trusted, away } = trustedIssuers({ tokens: undefined, auth: Auth.parse({ issuers }) }, logger);
  const verifier = new TokenVerifier(trusted);
  const answer = (token: string) =>
    verifier.verify(`Bearer ${token}`).catch((error: unknown) => {
      const { code, data } = error as { code: string; data: Record<string, unknown> };
      return data['reason'] ?? code;
    });
  return { answer, away };
}

const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const stopClock = () => vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });

describe('an issuer that is asked for its keys', () => {
  it('is asked once, by its description, when the first token comes', async () => {
    const { answer } = verifierOf();
    expect(issuer.asked).toBe(0);
    const token = await issuer.token({ roles: ['board'] });
    await Promise.all([answer(token), answer(token), answer(await issuer.token({ sub: 'another' }))]);
    expect(await answer(token)).toMatchObject({
      subject: `token ${issuer.issuer} sub somebody`,
      roles: ['board'],
    });
    expect([issuer.asked, other.asked]).toEqual([1, 0]);
  });

  it('speaks for nobody of the other: the same name is another caller', async () => {
    const { answer } = verifierOf();
    const both = [await answer(await issuer.token()), await answer(await other.token())];
    expect(new Set(both.map((caller) => (caller as { subject: string }).subject)).size).toBe(2);
  });

  it('gives roles as the administrator maps them, and a client that acts for itself its own name', async () => {
    const { answer } = verifierOf({
      roles: { claim: ['realm_access', 'roles'], values: { representative: ['cio'], auditor: ['pruefung'] } },
    });
    const realm_access = { roles: ['cio', 'board'] };
    expect(await answer(await issuer.token({ realm_access, roles: ['board'] }))).toMatchObject({
      roles: ['representative'],
    });
    expect(await answer(await issuer.token({ sub: undefined, client_id: 'register' }))).toMatchObject({
      subject: `token ${issuer.issuer} client_id register`,
      roles: [],
    });
  });

  it.each(['RS256', 'PS256', 'ES256'])('may sign with %s', async (algorithm) => {
    const { answer } = verifierOf();
    const key = await issuer.addKey('another', algorithm);
    expect(await answer(await issuer.token({}, key))).toMatchObject({ roles: [] });
  });

  it.each([
    ['of another audience', { aud: 'bundesdruckerei' }, 'wrong or missing claim aud'],
    ['of no audience', { aud: undefined }, 'wrong or missing claim aud'],
    ['of an unknown issuer', { iss: 'https://elsewhere.example' }, 'wrong or missing claim iss'],
    ['of no issuer', { iss: undefined }, 'wrong or missing claim iss'],
    ['expired', { exp: 1_000_000_000 }, 'expired'],
    ['without an end', { exp: undefined }, 'wrong or missing claim exp'],
    ['not valid yet', { nbf: 4_000_000_000 }, 'not yet valid'],
    ['of nobody', { sub: undefined }, 'wrong or missing claim sub'],
  ])('refuses a token %s', async (_what, claims, reason) => {
    expect(await verifierOf().answer(await issuer.token(claims))).toBe(reason);
  });

  it('allows for clocks that differ a little', async () => {
    const token = await issuer.token({ exp: Math.floor(Date.now() / 1_000) - 10 });
    expect(await verifierOf().answer(token)).toMatchObject({ roles: [] });
    expect(await verifierOf({ clockToleranceSeconds: 5 }).answer(token)).toBe('expired');
  });

  it("refuses one issuer's key under another's name, whatever key it names", async () => {
    const { answer } = verifierOf();
    const [own] = issuer.keys;
    const [foreign] = other.keys;
    const named = { privateKey: foreign!.privateKey, jwk: { ...foreign!.jwk, kid: own!.jwk.kid! } };
    expect(await answer(await issuer.token({}, named))).toBe('wrong signature');
    expect(await answer(await issuer.token({}, await other.addKey('k-9')))).toBe('unknown key');
  });

  it('refuses no signature, and any made with the public key as a secret', async () => {
    const { answer } = verifierOf();
    const rsa = await issuer.addKey('rsa', 'RS256');
    const claims = { iss: issuer.issuer, aud: 'itdz-berlin', sub: 's', exp: 4_000_000_000 };
    const none = new UnsecuredJWT(claims).encode();
    expect(await answer(none)).toBe('malformed');
    expect(await answer(`${none}c2ln`)).toBe('algorithm not allowed');
    const pem = await exportSPKI((await importJWK(rsa.jwk, 'RS256')) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(rsa.jwk), rsa.jwk.n!])
      for (const kid of ['rsa', 'k-1'])
        expect(
          await answer(
            await new SignJWT(claims)
              .setProtectedHeader({ alg: 'HS256', kid })
              .sign(new TextEncoder().encode(secret)),
          ),
        ).toBe('algorithm not allowed');
  });

  it('refuses algorithms that the administrator does not name, and a key in the token itself', async () => {
    expect(await verifierOf({ algorithms: ['RS256'] }).answer(await issuer.token())).toBe(
      'algorithm not allowed',
    );
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ iss: issuer.issuer, aud: 'itdz-berlin', sub: 's', exp: 4_000_000_000 })
      .setProtectedHeader({ alg: 'ES256', kid: 'mine', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await verifierOf().answer(token)).toBe('unknown key');
    expect(await verifierOf({ type: 'at+jwt' }).answer(await issuer.token())).toBe(
      'wrong or missing claim typ',
    );
  });

  it('is asked again for a key that is not known yet, but not by everybody who names one', async () => {
    stopClock();
    const { answer } = verifierOf();
    await answer(await issuer.token());
    const rotated = await issuer.token({}, await issuer.addKey('k-2'));
    expect(await answer(rotated)).toBe('unknown key');
    later(31_000);
    expect(await answer(rotated)).toMatchObject({ roles: [] });
    for (let index = 0; index < 5; index += 1)
      expect(await answer(await other.token({ iss: issuer.issuer }, await other.addKey(`no-${index}`)))).toBe(
        'unknown key',
      );
    expect(issuer.asked).toBe(2);
  });

  it('is away: known keys stand for an hour, other tokens cannot be judged, other issuers go on', async () => {
    stopClock();
    const { answer, away } = verifierOf();
    const early = await issuer.token({ exp: 4_000_000_000 });
    await answer(early);
    issuer.isAway = true;
    later(31_000);
    const unknown = await issuer.token({ exp: 4_000_000_000 }, await issuer.addKey('k-2'));
    expect(await answer(unknown)).toBe('issuer-unavailable');
    expect(await answer(unknown)).toBe('issuer-unavailable');
    expect(away()).toEqual([issuer.issuer]);
    expect(await answer(await issuer.token({ sub: 'another' }))).toMatchObject({ roles: [] });
    expect(await answer(await other.token())).toMatchObject({ roles: [] });
    later(3_600_000);
    expect(await answer(early)).toBe('issuer-unavailable');
    issuer.isAway = false;
    later(31_000);
    expect(await answer(unknown)).toMatchObject({ roles: [] });
    expect(away()).toEqual([]);
  });

  it.each([
    ['describes another issuer', { issuer: 'https://elsewhere.example' }],
    ['names an address without TLS', { jwks_uri: 'http://elsewhere.example/keys' }],
    ['names no address', { jwks_uri: undefined }],
  ])('is not believed when it %s', async (_what, described) => {
    issuer.described = described;
    expect(await verifierOf().answer(await issuer.token())).toBe('issuer-unavailable');
    expect(issuer.asked).toBe(0);
  });

  it('needs no description where the address of its keys is given', async () => {
    issuer.described = { issuer: 'nonsense' };
    const verifier = verifierOf({ jwksUri: `${issuer.issuer}/keys` });
    expect(await verifier.answer(await issuer.token())).toMatchObject({ roles: [] });
  });
});
