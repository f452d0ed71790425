/** Signing what is sent, by the Standard Webhooks scheme (standardwebhooks.com), version 1: HMAC-SHA256. */
import { createHmac } from 'node:crypto';

/** `whsec_` and base64 of 24 to 64 bytes. */
export const SECRET_PATTERN =
  /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is signed. */
export interface Message {
  readonly id: string;
  /** When it is sent, in Unix milliseconds. */
  readonly atMs: number;
  readonly body: string;
}

/**
 * The headers of a message.
 * @param secrets Several while they are exchanged: the receiver takes what one of them has signed.
 */
export function signedHeaders(
  { id, atMs, body }: Message,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
