/** What an administrator can say of who may call: the schema of the settings `auth` and `tokens`. */
import { X509Certificate, createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { ROLES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { certificatesIn } from '../pem.js';

/** Signatures with a public key alone: with a shared secret, or none, whoever checks a token could make it (RFC 8725, 3.2). */
const ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
] as const;

const Jwks = z
  .object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) })
  .superRefine(({ keys }, context) => {
    for (const [index, jwk] of keys.entries()) {
      const issue = (message: string) => context.addIssue({ code: 'custom', path: ['keys', index], message });
      if (jwk['d'] !== undefined) issue('must be a public key');
      else if (jwk['kty'] !== 'EC' || jwk['crv'] !== 'P-256') issue('must be an ES256 key (EC, P-256)');
      else
        try {
          createPublicKey({ key: jwk as never, format: 'jwk' });
        } catch {
          issue('must be a valid key');
        }
    }
  });

/** Whether an address can be asked for keys: by TLS, or on this machine. */
export function isTrustworthyUrl(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  const name = hostname.replace(/^\[|\]$/g, '');
  const isLoopback = name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

const TrustworthyUrl = z
  .string()
  .refine(isTrustworthyUrl, 'must be an https URL (http for this machine alone)');
const Name = z.string().min(1).max(256);
const Word = z.string().regex(/^\S{1,256}$/, 'must be without spaces');

/** The names of a claim's levels; a single name may stand alone. */
const ClaimPath = z.union([Name, z.array(Name).min(1).max(8)]).transform((path) => [path].flat());

const OWN_NAMES = Object.fromEntries(ROLES.map((role) => [role, [role]]));

const Issuer = z.strictObject({
  /** As it stands in the tokens' `iss`; its description is found below it (OpenID Connect Discovery 1.0, 4). */
  issuer: TrustworthyUrl,
  /** One of them must stand in the tokens' `aud`. */
  audience: z.union([Name, z.array(Name).min(1)]).transform((audience) => [audience].flat()),
  /** Where its keys are, if it has no description. */
  jwksUri: TrustworthyUrl.optional(),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1).default(['ES256', 'PS256', 'RS256']),
  /** The `typ` that tokens must have, such as `at+jwt` (RFC 9068); absent: any. */
  type: Name.optional(),
  roles: z
    .strictObject({
      claim: ClaimPath.prefault('roles'),
      values: z.partialRecord(z.enum(ROLES), z.array(Name).min(1)).default(OWN_NAMES),
    })
    .prefault({}),
  /** Claims that say whom a token speaks for; the first that is there counts. */
  subject: z.array(Word).min(1).default(['sub', 'client_id', 'azp']),
  clockToleranceSeconds: z.int().min(0).max(120).default(30),
  /** How long keys stand while the issuer can't be reached; a key that it withdrew meanwhile stands as long. */
  keepKeysMinutes: z.int().min(10).max(1_440).default(60),
});

const Authorities = z.string().refine((pem) => {
  const all = certificatesIn(pem);
  try {
    return all.length > 0 && all.every((one) => new X509Certificate(one).ca);
  } catch {
    return false;
  }
}, 'must be PEM of certificate authorities');

/** One way to recognise client certificates, and the roles of whoever has one of them. */
const CertificateRule = z
  .strictObject({
    /** Attributes of the subject, all of which it must have, such as `{ CN: register, O: ITDZ Berlin }`. */
    subject: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9.]*$/), Name).optional(),
    /** An alternative name of the subject, with its kind: `URI:urn:…`, `DNS:…`. */
    name: z
      .string()
      .regex(/^(?:URI|DNS|email|IP Address):\S+$/, 'must be URI:…, DNS:…, email:… or IP Address:…')
      .optional(),
    /** SHA-256 of the certificate, hexadecimal, with or without colons. */
    fingerprint: z
      .string()
      .transform((text) => text.replaceAll(':', '').toLowerCase())
      .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256, hexadecimal'))
      .optional(),
    /** Every certificate of the authorities: where they vouch for the connection and a token for who it is. */
    any: z.literal(true).optional(),
    roles: z.array(z.enum(ROLES)).min(1),
  })
  .refine(
    ({ subject, name, fingerprint, any }) =>
      any === true
        ? subject === undefined && name === undefined && fingerprint === undefined
        : Object.keys(subject ?? {}).length > 0 || name !== undefined || fingerprint !== undefined,
    'must have a subject, a name or a fingerprint, or else any: true',
  );

/** Client certificates (mutual TLS). */
const Certificates = z.strictObject({
  authorities: Authorities,
  rules: z.array(CertificateRule).min(1).max(1_000),
});

/** How one client certificate is recognised. */
export type CertificateRule = z.output<typeof CertificateRule>;

/** Who may call beside those with a token of `tokens`. */
export const Auth = z.strictObject({
  certificates: Certificates.optional(),
  /** `any`: a token or a certificate, and whoever brings both may do what both allow; `both`: nothing without both. */
  require: z.enum(['any', 'both']).default('any'),
  issuers: z
    .array(Issuer)
    .max(16)
    .refine(
      (issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length,
      'must name each issuer once',
    )
    .default([]),
});

/** Tokens of one issuer whose keys are given: ES256. */
export const Tokens = z.strictObject({ issuer: Word, audience: z.string().min(1), jwks: Jwks });

/** An issuer whose keys are fetched, with every default filled in. */
export type IssuerSettings = z.output<typeof Issuer>;
