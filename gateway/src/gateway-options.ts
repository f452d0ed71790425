/** What a gateway is started with, as code gives it; {@link ./options.ts} has the schema. */
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import type { Role } from 'umlauf-chaincode/api';
import type { z } from 'zod';
import type { Auth } from './auth/settings.js';
import type { ReportedFact } from './fabric/facts.js';
import type { IdentityOptions, PeerOptions } from './fabric/settings.js';
import type { Cors, Listen } from './http/settings.js';
import type { TimeLimits } from './time-limits.js';
import type { WebhookOptions } from './webhooks/options.js';

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
  readonly peer: PeerOptions;
  /** The organization's others, for when that one fails; in the order in which they are tried. Default: none. */
  readonly furtherPeers?: readonly PeerOptions[];
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
  /** Seconds between looks through what is open; more where a look takes long. Default: 30. */
  readonly sweepSeconds?: number;
  /** Tries after conflicts with other transactions. Default: 8. */
  readonly conflictTries?: number;
  /** Largest body, in bytes. Default: 1,000,000. */
  readonly bodyLimitBytes?: number;
  /** For each caller. Default: 120,000. */
  readonly requestsPerMinute?: number;
  /** Whether anybody reads the released announcements and who the members are, without a token. Default: false. */
  readonly public?: boolean;
  /** Under which address the public finds this gateway. Default: none, then addresses in feeds are relative. */
  readonly publicUrl?: string | undefined;
  /** For each address, of what the public reads. Default: 6,000. */
  readonly publicPerMinute?: number;
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
  /** In milliseconds; the defaults stand beside each in the schema. */
  readonly timeLimits?: Partial<z.input<typeof TimeLimits>>;
}
