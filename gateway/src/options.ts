/** What a gateway is started with, checked before anything is opened. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import { MemberId, MspId, ROLES, type Role } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { Auth, Tokens } from './auth/settings.js';
import { Cors, Listen } from './http/settings.js';
import { webhookOptions, type WebhookOptions } from './webhooks/options.js';
import type { ReportedFact } from './fabric/facts.js';
import type { Pkcs11Key } from './fabric/pkcs11.js';

const Pem = z.string().min(1);

const TlsRoots = Pem.refine((pem) => {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}, 'must be PEM of a certificate authority');

/** A private key in a hardware security module. */
const Pkcs11 = z.strictObject({
  /** Path of the library of the module. */
  library: z.string().min(1),
  /** Label of the token. */
  token: z.string().min(1),
  pin: z.string().trim().min(1),
  /** Default: as Fabric computes it from the certificate. */
  keyId: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/, 'must be the id of a key in lower-case hexadecimal')
    .optional(),
});

const Identity = z
  .strictObject({ certificate: Pem, privateKey: Pem.optional(), pkcs11: Pkcs11.optional() })
  .superRefine((identity, context) => {
    const problem = identityProblem(identity);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

function identityProblem(identity: IdentityOptions): string | undefined {
  if ((identity.privateKey === undefined) === (identity.pkcs11 === undefined))
    return 'must have either privateKey or pkcs11';
  try {
    const certificate = new X509Certificate(identity.certificate);
    if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      return 'the private key must be on P-256';
    if (identity.privateKey === undefined) return undefined;
    const key = createPrivateKey(identity.privateKey);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return 'the private key must be on P-256';
    if (!certificate.checkPrivateKey(key)) return 'the private key does not belong to the certificate';
  } catch {
    return 'must be PEM of a certificate and of its private key';
  }
  return undefined;
}

const milliseconds = (fallback: number, least = 1) => z.int().min(least).max(600_000).default(fallback);

/** Time limits, all in milliseconds. */
const TimeLimits = z.strictObject({
  /** One read through the own peer. */
  evaluateMs: milliseconds(5_000),
  /** Collecting the endorsements of one proposal. */
  endorseMs: milliseconds(15_000),
  /** Handing an endorsed transaction to the orderers. */
  submitMs: milliseconds(15_000),
  /** Waiting for the commit of a submitted transaction. */
  commitStatusMs: milliseconds(15_000),
  /** Finding out what became of a transaction in doubt. */
  settleMs: milliseconds(10_000),
  /** Endorsers that differ: how long one may be behind. */
  lagMs: milliseconds(2_000, 0),
  /** Trying again after conflicts with other transactions. */
  conflictMs: milliseconds(5_000, 0),
  /** Trying others, or again, when peers can't be reached. */
  unreachableMs: milliseconds(2_000, 0),
  /** How long a request waits for the block that it asks for with `Min-Block`. */
  minBlockMs: milliseconds(5_000, 0),
  /** Agreeing on TLS with a client. */
  handshakeMs: milliseconds(10_000),
  /** How long the headers of a request may take to arrive. */
  headersMs: milliseconds(10_000),
  /** How long a whole request may take to arrive, its body included. */
  requestMs: milliseconds(30_000),
  /** How long a connection may be silent, also in the middle of an answer that its client doesn't read. */
  idleMs: milliseconds(180_000),
  /** How long requests under way may take to end when the gateway stops. */
  drainMs: milliseconds(10_000, 0),
});

const Identities = z
  .partialRecord(z.enum(ROLES), Identity)
  .refine((identities) => Object.keys(identities).length > 0, 'must have an identity for at least one role');

/** What a gateway can be told, with its defaults; {@link consistent} has to hold besides. */
export const Options = z.strictObject({
  memberId: MemberId,
  mspId: MspId,
  channel: z.string().regex(/^[a-z][a-z0-9.-]{0,248}$/, 'must be the name of a channel'),
  chaincode: z.string().regex(/^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/, 'must be the name of a chaincode'),
  listen: Listen.prefault({}),
  cors: Cors.prefault({}),
  peer: z.strictObject({
    endpoint: z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port'),
    tlsRootCertificates: TlsRoots,
    serverNameOverride: z.string().min(1).optional(),
  }),
  identities: Identities,
  tokens: Tokens.optional(),
  auth: Auth.prefault({}),
  events: z
    .strictObject({
      /** Streams of events open at a time; each costs about 20 kB. */
      streams: z.int().min(0).max(100_000).default(2_500),
      /** Between comments in a stream in which nothing happens. */
      heartbeatSeconds: z.number().min(1).max(3_600).default(15),
      /** How long a client may leave its stream unread. */
      stallSeconds: z.number().min(1).max(3_600).default(30),
    })
    .prefault({}),
  reads: z
    .strictObject({
      /** For answers that no block has changed since; 0: every read asks the peer. */
      cacheMegabytes: z.number().min(0).max(10_000).default(16),
    })
    .prefault({}),
  audit: z
    .strictObject({
      /** Absent: nothing is noted. */
      file: z.string().min(1).optional(),
      /** With it callers are noted by a pseudonym that nobody can make or check without it; absent: as they are called. */
      pseudonymKey: z.string().min(32, 'must be of at least 32 characters').optional(),
    })
    .prefault({}),
  webhooks: z
    .array(webhookOptions(TlsRoots))
    .max(20)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must have an id of its own each')
    .default([]),
  triggers: z.boolean().default(true),
  /** How often open points are looked through for what the events didn't tell. */
  sweepSeconds: z.number().min(0.1).max(86_400).default(30),
  conflictTries: z.int().min(0).max(100).default(8),
  bodyLimitBytes: z.int().min(1_024).max(50_000_000).default(1_000_000),
  /** For each caller. */
  requestsPerMinute: z.int().min(1).default(120_000),
  /** For each address, of requests of nobody known. */
  strangersPerMinute: z.int().min(1).default(6_000),
  journal: z
    .strictObject({
      /** Absent: it ends with the process. */
      folder: z.string().min(1).optional(),
      /** How long a key stands for its answer. */
      keepHours: z.number().min(0.1).max(8_760).default(24),
    })
    .prefault({}),
  timeLimits: TimeLimits.prefault({}),
  /** Absent: none are kept. A listener of its own, which asks nobody who they are. */
  metrics: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      /** 0 takes a free one. */
      port: z.int().min(0).max(65_535),
    })
    .optional(),
  /** Absent: sent where the standard variables of OpenTelemetry say, else nowhere. */
  traces: z
    .strictObject({
      /** Of a collector, OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces. */
      endpoint: z.url({ protocol: /^https?$/ }),
    })
    .optional(),
});

/** Checks what can't be told from one setting alone. */
export function consistent(
  {
    tokens,
    auth,
    listen,
    webhooks,
    journal,
  }: Pick<CheckedOptions, 'tokens' | 'auth' | 'listen' | 'webhooks' | 'journal'>,
  context: z.RefinementCtx,
): void {
  const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const hasIssuer = tokens !== undefined || auth.issuers.length > 0;
  if (!hasIssuer && (!auth.certificates || auth.require === 'both'))
    issue(['auth', 'issuers'], 'must name an issuer unless tokens does: nobody could call');
  if (!auth.certificates && auth.require === 'both')
    issue(['auth', 'certificates'], 'must be there where both are required: nobody could call');
  if (auth.certificates && !listen.tls) issue(['listen', 'tls'], 'must be there for client certificates');
  if (auth.issuers.some(({ issuer }) => issuer === tokens?.issuer))
    issue(['auth', 'issuers'], 'must not name the issuer of tokens');
  if (webhooks.length > 0 && journal.folder === undefined)
    issue(
      ['journal', 'folder'],
      'must be there for webhooks: without it events would be lost with the process',
    );
}

const MUST_BE_AS_BEFORE = 'must be there exactly if it was there before';

/** A ledger identity of the organization. */
export interface IdentityOptions {
  /** PEM. */
  readonly certificate: string;
  /** PEM, P-256; or {@link pkcs11}. */
  readonly privateKey?: string | undefined;
  /** Where the private key is, if it stays in a hardware security module. */
  readonly pkcs11?: Pkcs11Key | undefined;
}

/** What a gateway is started with. */
export interface GatewayOptions {
  /** The member whose gateway it is. */
  readonly memberId: string;
  readonly mspId: string;
  readonly channel: string;
  readonly chaincode: string;
  /** Default: 127.0.0.1, a free port, HTTP. TLS by PEM, with those between its certificate and its authority after it. */
  readonly listen?: z.input<typeof Listen>;
  /** Origins whose pages may call from a browser. Default: none. */
  readonly cors?: z.input<typeof Cors>;
  /** The organization's own peer. */
  readonly peer: {
    /** `host:port`. */
    readonly endpoint: string;
    /** PEM. */
    readonly tlsRootCertificates: string;
    /** Name in the peer's TLS certificate, if it isn't the endpoint's host. */
    readonly serverNameOverride?: string;
  };
  readonly identities: Partial<Record<Role, IdentityOptions>>;
  /** An issuer whose keys are given, and whose bearer tokens are accepted: ES256, for this audience. */
  readonly tokens?: { readonly issuer: string; readonly audience: string; readonly jwks: JSONWebKeySet };
  /** Issuers whose keys are fetched; who may do what by their tokens. One way to call at least is needed. */
  readonly auth?: z.input<typeof Auth>;
  /** Where every decision to allow or deny is noted. Default: nowhere. */
  readonly audit?: { readonly file?: string | undefined; readonly pseudonymKey?: string | undefined };
  /** Silent by default. */
  readonly logger?: Logger;
  /** Whether to decide resolutions and complete endings when they are due. Default: true. */
  readonly triggers?: boolean;
  /** Told of each fact that the contracts report, from the start of the gateway on. */
  readonly onFact?: (fact: ReportedFact) => void;
  readonly events?: {
    /** Streams of events open at a time. Default: 2,500. */
    readonly streams?: number;
    /** Seconds between comments in a stream in which nothing happens. Default: 15. */
    readonly heartbeatSeconds?: number;
    /** Seconds that a client may leave its stream unread. Default: 30. */
    readonly stallSeconds?: number;
  };
  /** Who is told of events; needs a folder for the journal. Default: nobody. */
  readonly webhooks?: readonly WebhookOptions[];
  readonly reads?: {
    /** Room for answers that no block has changed since; 0: every read asks the peer. Default: 16. */
    readonly cacheMegabytes?: number;
  };
  /** Seconds between looks through what is open. Default: 30. */
  readonly sweepSeconds?: number;
  /** Tries after conflicts with other transactions. Default: 8. */
  readonly conflictTries?: number;
  /** Largest body, in bytes. Default: 1,000,000. */
  readonly bodyLimitBytes?: number;
  /** For each caller. Default: 120,000. */
  readonly requestsPerMinute?: number;
  /** For each address, of requests of nobody known. Default: 6,000. */
  readonly strangersPerMinute?: number;
  /** What is remembered of writes: for `Idempotency-Key`, for accepted requests, and to settle what a crash left open. */
  readonly journal?: {
    /** Default: none, then it ends with the process. */
    readonly folder?: string | undefined;
    /** How long an answer is kept. Default: 24. */
    readonly keepHours?: number;
  };
  /** Where metrics are read. Default: nowhere; host: 127.0.0.1. */
  readonly metrics?: { readonly host?: string; readonly port: number } | undefined;
  /** Where traces are sent. Default: where the standard variables of OpenTelemetry say. */
  readonly traces?: { readonly endpoint: string } | undefined;
  /** In milliseconds; the defaults stand beside each in the schema of this file. */
  readonly timeLimits?: Partial<z.input<typeof TimeLimits>>;
}

/** Options with every default filled in. */
export type CheckedOptions = z.output<typeof Options>;

/** The options are wrong; the message names every place, one a line. */
export class GatewayOptionsError extends Error {
  override readonly name = 'GatewayOptionsError';
  /** @param issues Path and what is allowed there; no values, which may be keys. */
  constructor(readonly issues: readonly { readonly path: string; readonly message: string }[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  }
}

/**
 * Checks options and fills in the defaults.
 * @throws {GatewayOptionsError} with every error at once.
 */
export function checkedOptions({
  logger: _logger,
  onFact: _onFact,
  ...options
}: GatewayOptions): CheckedOptions {
  return checked(Options.superRefine(consistent).safeParse(options));
}

/**
 * Checks identities that are to take the place of others: of the same roles, since what a gateway offers stays the same.
 * @throws {GatewayOptionsError} with every error at once.
 */
export function checkedIdentities(
  identities: GatewayOptions['identities'],
  before: GatewayOptions['identities'],
): CheckedOptions['identities'] {
  const found = checked(z.object({ identities: Identities }).safeParse({ identities })).identities;
  const missing = ROLES.filter((role) => (before[role] === undefined) !== (found[role] === undefined));
  if (missing.length === 0) return found;
  throw new GatewayOptionsError(
    missing.map((role) => ({
      path: `identities.${role}`,
      message: MUST_BE_AS_BEFORE,
    })),
  );
}

function checked<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  throw new GatewayOptionsError(
    result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  );
}

/**
 * Checks options that a running gateway is to go on with: what was opened with the old ones must be of the same kind.
 * @throws {GatewayOptionsError} with every error at once.
 */
export function renewable(next: CheckedOptions, before: CheckedOptions): CheckedOptions {
  const issues = [
    { path: 'listen.tls', changed: !next.listen.tls !== !before.listen.tls },
    { path: 'auth.certificates', changed: !next.auth.certificates !== !before.auth.certificates },
  ].flatMap(({ path, changed }) => (changed ? [{ path, message: MUST_BE_AS_BEFORE }] : []));
  if (issues.length > 0) throw new GatewayOptionsError(issues);
  checkedIdentities(next.identities, before.identities);
  return next;
}
