/** The issuer of bearer tokens for development: its key stays in the home. A real member runs an issuer of its own. */
import { SignJWT, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import { readJson, writeAtomically } from './files.js';
import type { Home } from './home.js';

const ISSUER = 'urn:umlauf:development';
const ALGORITHM = 'ES256';

export interface TokenIssuer {
  readonly issuer: string;
  /** Public keys by which a gateway checks tokens. */
  readonly jwks: JSONWebKeySet;
  /** A token for each role at one member's gateway; valid for thirty days, renewed at each start. */
  tokens(memberId: string): Promise<Record<Role, string>>;
}

/** Opens the issuer of a home, making its key at the first start. */
export async function openTokenIssuer(home: Home): Promise<TokenIssuer> {
  const file = home.path('issuer.json');
  let jwk = readJson(file) as JWK | undefined;
  if (!jwk) {
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    jwk = { ...(await exportJWK(privateKey)), kid: 'development', alg: ALGORITHM };
    writeAtomically(file, JSON.stringify(jwk));
  }
  const key = await importJWK(jwk, ALGORITHM);
  const { d: _private, ...publicJwk } = jwk;
  const token = (memberId: string, role: Role) =>
    new SignJWT({ roles: [role] })
      .setProtectedHeader({ alg: ALGORITHM, kid: 'development' })
      .setIssuer(ISSUER)
      .setAudience(memberId)
      .setSubject(`${role}.${memberId}`)
      .setIssuedAt()
      .setExpirationTime('30d')
      .sign(key);
  return {
    issuer: ISSUER,
    jwks: { keys: [publicJwk] },
    async tokens(memberId) {
      const entries = await Promise.all(
        ROLES.map(async (role) => [role, await token(memberId, role)] as const),
      );
      return Object.fromEntries(entries) as Record<Role, string>;
    },
  };
}
