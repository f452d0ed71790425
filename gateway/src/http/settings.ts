/** What an administrator can say of how the gateway is reached: the schema of the settings `listen` and `cors`. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { Network } from '../network-address.js';
import { Pem } from '../pem.js';

/** What the gateway proves itself with to its clients. */
const Tls = z
  .strictObject({
    certificate: Pem,
    privateKey: Pem,
    minimumVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.3'),
  })
  .superRefine(({ certificate, privateKey }, context) => {
    try {
      if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))) return;
      context.addIssue({ code: 'custom', message: 'the private key does not belong to the certificate' });
    } catch {
      context.addIssue({ code: 'custom', message: 'must be PEM of a certificate and of its private key' });
    }
  });

const Origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text,
    'must be an origin, such as https://portal.example',
  );

/** Where the gateway listens. */
export const Listen = z.strictObject({
  /** Loopback by default; whoever opens it gives it TLS, or puts that in front. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  /** HTTPS instead of HTTP. */
  tls: Tls.optional(),
  /** Open at a time; more are closed at once. */
  connections: z.int().min(1).max(1_000_000).default(10_000),
  /** Addresses or networks whose `X-Forwarded-For` is believed. */
  trustedProxies: z.array(Network).default([]),
});

/** Origins whose pages may call from a browser; none by default. */
export const Cors = z.strictObject({ origins: z.array(Origin).default([]) });
