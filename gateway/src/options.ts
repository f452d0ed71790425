/** What a gateway can be told: the schema, checked before anything is opened. */
import { MemberId, MspId } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { Auth, Tokens } from './auth/settings.js';
import { Identities, Peer } from './fabric/settings.js';
import type { GatewayOptions } from './gateway-options.js';
import { Cors, Listen } from './http/settings.js';
import { TlsRoots } from './pem.js';
import { TimeLimits } from './time-limits.js';
import { webhookOptions } from './webhooks/options.js';

/** What a gateway can be told, with its defaults; {@link consistent} has to hold besides. */
export const Options = z.strictObject({
  memberId: MemberId,
  mspId: MspId,
  channel: z.string().regex(/^[a-z][a-z0-9.-]{0,248}$/, 'must be the name of a channel'),
  chaincode: z.string().regex(/^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/, 'must be the name of a chaincode'),
  listen: Listen.prefault({}),
  cors: Cors.prefault({}),
  peer: Peer,
  /** The organization's others, for when that one fails; in the order in which they are tried. */
  furtherPeers: z.array(Peer).max(8).default([]),
  identities: Identities,
  tokens: Tokens.optional(),
  auth: Auth.prefault({}),
  events: z
    .strictObject({
      /** Streams of events open at a time; each costs about 30 kB. */
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
  /** Whether anybody reads the released announcements and who the members are, without a token. */
  public: z.boolean().default(false),
  /** Under which address the public finds this gateway; absent: addresses in feeds are relative. */
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** For each address, of what the public reads. */
  publicPerMinute: z.int().min(1).default(6_000),
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

/** @throws {GatewayOptionsError} with every error of what was checked. */
export function checked<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  throw new GatewayOptionsError(
    result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  );
}
