/** Until when the certificates hold that a gateway has. */
import { X509Certificate } from 'node:crypto';
import { peersOf } from '../fabric/way.js';
import type { CheckedOptions } from '../options.js';
import { certificatesIn } from '../pem.js';

/** A certificate's end. */
export interface Expiry {
  /**
   * `identity`: a role's, with which it signs; `tls`: its own for TLS; `clients`: of the authorities whose client
   * certificates it takes, `peer`: of those that its peers' certificates are checked against, the one that ends first.
   */
  readonly kind: 'identity' | 'tls' | 'clients' | 'peer';
  /** The role; of others whose it is. */
  readonly name: string;
  /** Unix time in milliseconds. */
  readonly atMs: number;
}

type Settings = Pick<CheckedOptions, 'identities' | 'listen' | 'auth' | 'peer' | 'furtherPeers'>;

const endOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo);
const firstEnd = (pem: string): number => Math.min(...certificatesIn(pem).map(endOf));

function expiries({ identities, listen, auth, ...settings }: Settings): Expiry[] {
  return [
    ...Object.entries(identities).map(([name, { certificate }]) => ({
      kind: 'identity' as const,
      name,
      atMs: endOf(certificate),
    })),
    ...(listen.tls ? [{ kind: 'tls' as const, name: 'listen', atMs: endOf(listen.tls.certificate) }] : []),
    ...(auth.certificates
      ? [{ kind: 'clients' as const, name: 'authorities', atMs: firstEnd(auth.certificates.authorities) }]
      : []),
    {
      kind: 'peer',
      name: 'authorities',
      atMs: Math.min(...peersOf(settings).map(({ tlsRootCertificates }) => firstEnd(tlsRootCertificates))),
    },
  ];
}

/** Whether what it proves itself with has expired: nobody takes its signatures, or its connections, any more. */
export const someExpired = (all: readonly Expiry[], nowMs: number): boolean =>
  all.some(({ kind, atMs }) => (kind === 'identity' || kind === 'tls') && atMs <= nowMs);

/** Those of the settings in force, read again only after they have changed. */
export function expiriesOf(settings: () => Settings): () => readonly Expiry[] {
  let read: { readonly of: Settings; readonly all: readonly Expiry[] } | undefined;
  return () => {
    const current = settings();
    if (read?.of !== current) read = { of: current, all: expiries(current) };
    return read.all;
  };
}
