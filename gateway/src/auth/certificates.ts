/** Client certificates: what a connection proves by its own, and the roles that it gives. */
import { TLSSocket, type PeerCertificate } from 'node:tls';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type { CertificateRule } from './settings.js';

type DistinguishedName = Readonly<Record<string, string | readonly string[]>>;

/** The certificate of a client that has its key. */
export interface ClientCertificate {
  /** Why no configured authority vouches for it; a code of OpenSSL. */
  readonly objection?: string;
  /** SHA-256, hexadecimal. */
  readonly fingerprint: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Alternative names of the subject, each with its kind: `URI:…`. */
  readonly names: readonly string[];
  readonly expiresAtMs: number;
}

/** `subjectAltName` as Node writes it: entries with commas between, and those that could be misread as JSON texts. */
const ALTERNATIVE_NAME = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/gy;

/** The single names in what Node writes of a certificate. */
export function namesIn(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(ALTERNATIVE_NAME)].map(([, kind = '', value = '']) => {
    const plain = value.startsWith('"') ? (JSON.parse(value) as string) : value;
    return `${kind}:${plain}`;
  });
}

/** The certificate that a peer has shown. */
function shown(certificate: PeerCertificate, objection: string | undefined): ClientCertificate {
  return {
    ...(objection === undefined ? {} : { objection }),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer: { ...(certificate.issuer as unknown as DistinguishedName) },
    subject: { ...(certificate.subject as unknown as DistinguishedName) },
    names: namesIn(certificate.subjectaltname),
    expiresAtMs: Date.parse(certificate.valid_to),
  };
}

const seen = new WeakMap<TLSSocket, ClientCertificate | undefined>();

/** The certificate that the client of a connection has shown; `undefined` if none. */
export function certificateOf(socket: unknown): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  if (!seen.has(socket)) {
    const certificate = socket.getPeerCertificate();
    const isThere = Object.keys(certificate).length > 0;
    const objection = socket.authorized ? undefined : String(socket.authorizationError);
    seen.set(socket, isThere ? shown(certificate, objection) : undefined);
  }
  return seen.get(socket);
}

function matches(rule: CertificateRule, { subject, names, fingerprint }: ClientCertificate): boolean {
  // An attribute that stands there twice says nothing certain.
  const hasSubject = Object.entries(rule.subject ?? {}).every(
    ([attribute, value]) => Object.hasOwn(subject, attribute) && subject[attribute] === value,
  );
  const hasName = rule.name === undefined || names.includes(rule.name);
  return hasSubject && hasName && (rule.fingerprint === undefined || rule.fingerprint === fingerprint);
}

/** The roles that a certificate gives: those of every rule that it matches in all that the rule names. */
export function certificateRoles(rules: readonly CertificateRule[], certificate: ClientCertificate): Role[] {
  const matched = rules.filter((rule) => matches(rule, certificate));
  return ROLES.filter((role) => matched.some(({ roles }) => roles.includes(role)));
}

const inOrder = (name: DistinguishedName): [string, unknown][] =>
  Object.entries(name).sort(([one], [other]) => (one < other ? -1 : 1));

/** Whom a certificate speaks for, the same after its renewal: its subject and names, as its issuer gives them. */
export function certificateSubject({ issuer, subject, names }: ClientCertificate): string {
  return JSON.stringify([inOrder(issuer), inOrder(subject), [...names].sort()]);
}
