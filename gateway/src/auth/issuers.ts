/** The issuers that a gateway trusts, from what its administrator says of them. */
import { createLocalJWKSet } from 'jose';
import type { Logger } from 'pino';
import { systemTime } from '../fabric/budget.js';
import type { CheckedOptions } from '../options.js';
import { mappedRoles, namedRoles } from './claims.js';
import { IssuerKeys } from './issuer-keys.js';
import type { IssuerSettings } from './settings.js';
import type { TrustedIssuer } from './tokens.js';

/** Issuers, and how it stands with those that have to be asked for their keys. */
export interface Issuers {
  readonly trusted: readonly TrustedIssuer[];
  /** Those that couldn't be asked when that was tried last. */
  readonly away: () => string[];
}

/** Nothing is asked of anybody before a token makes it necessary. */
export function trustedIssuers(
  { tokens, auth }: Pick<CheckedOptions, 'tokens' | 'auth'>,
  logger: Logger,
): Issuers {
  const asked = auth.issuers.map((settings) => ({ settings, keys: keysOf(settings, logger) }));
  return {
    trusted: [
      ...(tokens ? [withGivenKeys(tokens)] : []),
      ...asked.map(({ settings, keys }) => withFetchedKeys(settings, keys)),
    ],
    away: () => asked.flatMap(({ settings, keys }) => (keys.available ? [] : [settings.issuer])),
  };
}

function withGivenKeys({ issuer, audience, jwks }: NonNullable<CheckedOptions['tokens']>): TrustedIssuer {
  return {
    issuer,
    audience: [audience],
    algorithms: ['ES256'],
    subject: ['sub'],
    clockToleranceSeconds: 0,
    keyFor: createLocalJWKSet(jwks),
    rolesOf: namedRoles,
  };
}

function withFetchedKeys({ roles, ...settings }: IssuerSettings, keys: IssuerKeys): TrustedIssuer {
  return { ...settings, keyFor: keys.keyFor, rolesOf: (claims) => mappedRoles(claims, roles) };
}

function keysOf(settings: IssuerSettings, logger: Logger): IssuerKeys {
  const { issuer, keepKeysMinutes } = settings;
  return new IssuerKeys({
    // Heavy only where an issuer has to be asked.
    fetchKeys: async () => (await import('./discovery.js')).fetchKeys(settings),
    keepMs: keepKeysMinutes * 60_000,
    time: systemTime,
    onFailure: (error) => logger.warn({ err: error, issuer }, 'the keys of an issuer cannot be had'),
  });
}
