/** What a webhook is told in the gateway's options. */
import { z } from 'zod';
import { FilterResources, FilterTypes } from '../events/filter.js';
import { Network } from '../network-address.js';
import { SECRET_PATTERN } from './signature.js';

const Url = z.string().superRefine((text, context) => {
  const problem = urlProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must be https, or http to an allowed network';
  if (username !== '' || password !== '' || hash !== '') return 'must carry no password and no fragment';
  return undefined;
}

/**
 * One webhook.
 * @param roots Schema of root certificates.
 */
export const webhookOptions = <R extends z.ZodType<string>>(roots: R) =>
  z
    .strictObject({
      /** Names it in routes, logs and in what is kept of it. */
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens'),
      url: Url,
      /** The first is in use, others while they are exchanged: each message is signed with all. */
      secrets: z
        .array(z.string().trim().regex(SECRET_PATTERN, 'must be whsec_ and base64 of 24 to 64 bytes'))
        .min(1)
        .max(5),
      /** Empty: all. */
      types: FilterTypes.default([]),
      /** Empty: all. */
      resources: FilterResources.default([]),
      /** The block to begin with when it is set up. Absent: with what has not happened yet. */
      from: z.int().min(0).optional(),
      /** Addresses or networks that it may reach besides public ones; plain http reaches them only. */
      allowedNetworks: z.array(Network).max(50).default([]),
      /** For a certificate authority of the receiver's own. Absent: the public ones. */
      tlsRootCertificates: roots.optional(),
      /** Tries of one event before it becomes a dead letter. */
      attempts: z.int().min(1).max(50).default(15),
      timeoutSeconds: z.number().min(0.1).max(60).default(10),
    })
    .refine(({ url, allowedNetworks }) => !url.startsWith('http:') || allowedNetworks.length > 0, {
      path: ['url'],
      message: 'must be https, or http to one of allowedNetworks',
    });

export type CheckedWebhook = z.output<ReturnType<typeof webhookOptions<z.ZodType<string>>>>;

/** A webhook. */
export interface WebhookOptions {
  readonly id: string;
  readonly url: string;
  /** `whsec_…`; several while they are exchanged. */
  readonly secrets: readonly string[];
  /** Default: all. */
  readonly types?: readonly string[];
  /** Paths such as `resolutions/<id>`. Default: all. */
  readonly resources?: readonly string[];
  /** The block to begin with when it is set up. Default: what has not happened yet. */
  readonly from?: number;
  /** Addresses and networks (CIDR) that it may reach besides public ones. */
  readonly allowedNetworks?: readonly string[];
  /** PEM. Default: the public certificate authorities. */
  readonly tlsRootCertificates?: string;
  /** Tries of one event. Default: 15, over four hours. */
  readonly attempts?: number;
  /** For each try. Default: 10. */
  readonly timeoutSeconds?: number;
}
