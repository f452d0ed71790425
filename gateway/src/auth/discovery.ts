/** Where an issuer's keys are: OpenID Connect Discovery 1.0, section 4. */
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { isTrustworthyUrl } from './settings.js';

const FETCH_MS = 5_000;
/** An issuer's keys take some kilobytes. */
const LARGEST_BYTES = 256_000;

const Description = z.object({ issuer: z.string(), jwks_uri: z.string() });
const Keys = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/** JSON from an address; no redirection is followed, so that it comes from where the administrator or the issuer said. */
async function jsonFrom(url: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MS),
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > LARGEST_BYTES) throw new Error(`${url} answers more than ${LARGEST_BYTES} bytes`);
    parts.push(part);
  }
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

async function keysAddress(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const described = Description.parse(await jsonFrom(url));
  // Section 4.3: else one issuer could speak for another.
  if (described.issuer !== issuer) throw new Error(`${url} describes another issuer`);
  if (!isTrustworthyUrl(described.jwks_uri)) throw new Error(`${url} names no https address for its keys`);
  return described.jwks_uri;
}

/**
 * Fetches an issuer's keys, by its description unless their address is given.
 * @throws {Error} saying what was wrong, never what was answered.
 */
export async function fetchKeys({
  issuer,
  jwksUri,
}: {
  readonly issuer: string;
  readonly jwksUri?: string | undefined;
}): Promise<JSONWebKeySet> {
  return Keys.parse(await jsonFrom(jwksUri ?? (await keysAddress(issuer))));
}
