/** What a member's certificate authority sent back, checked before anything is started with it. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateDers,
  certificatePem,
  objectionToAuthorities,
  objectionToIdentity,
  objectionToTls,
  withLowS,
  type Authority,
  type KeyPair,
  type OrganizationMaterial,
  type PublicOrganization,
} from 'umlauf-channel';
import type { ListedMember } from '../../consortium/schema.js';
import { UserError } from '../../user-error.js';
import type { KeyFolder } from './keys.js';
import { officeObjection } from './office.js';
import { subjectsOf, type Subject } from './subjects.js';

/** The authorities, in folders named as in an MSP folder of Fabric. */
const ROOTS = 'cacerts';
const INTERMEDIATES = 'intermediatecerts';
const TLS_ROOTS = 'tlscacerts';
const TLS_INTERMEDIATES = 'tlsintermediatecerts';

/** What is wrong, with the file that it is wrong with. */
class Problems {
  readonly list: string[] = [];

  add(file: string, problem: string): void {
    this.list.push(`${file}: ${problem}`);
  }
}

/**
 * Reads the folder that a member names as `msp` in the consortium file:
 *
 *     cacerts/ tlscacerts/                          one root each, PEM
 *     intermediatecerts/ tlsintermediatecerts/      the authorities below them, if there are any
 *     peer.pem peer-tls.pem orderer.pem orderer-tls.pem admin.pem representative.pem board.pem auditor.pem
 *
 * and the keys that were made for these certificates.
 * @param domain ends the names of the nodes' folders in the home
 * @param at when the certificates must be valid
 * @throws UserError with everything that is wrong, a line each, beginning with the file
 */
export function readBroughtOrganization(
  folder: string,
  member: Pick<ListedMember, 'id' | 'host' | 'mspId'>,
  domain: string,
  keys: KeyFolder,
  at = new Date(),
): OrganizationMaterial {
  const problems = new Problems();
  const ca = readAuthority(folder, ROOTS, INTERMEDIATES, at, problems);
  const tlsCa = readAuthority(folder, TLS_ROOTS, TLS_INTERMEDIATES, at, problems);
  const authorities = ca && tlsCa && publicPart(member.mspId, ca, tlsCa);
  const objection = authorities && objectionToAuthorities(authorities);
  if (objection !== undefined) problems.add(folder, objection);
  const pairs = new Map<string, KeyPair>();
  for (const subject of subjectsOf(member)) {
    const file = join(folder, `${subject.name}.pem`);
    const text = readText(file, problems);
    if (text === undefined) continue;
    const wrong =
      authorities && objection === undefined ? objectionTo(subject, text, authorities, at) : undefined;
    if (wrong !== undefined) {
      problems.add(file, wrong);
      continue;
    }
    const pair = withKey(text, subject, tlsCa, keys);
    if (pair) pairs.set(subject.name, pair);
    else
      problems.add(
        file,
        `no key of ${member.id} here belongs to it; umlauf csr ${member.id} makes keys and requests`,
      );
  }
  if (problems.list.length > 0 || !ca || !tlsCa) throw new UserError(problems.list.join('\n'));
  return material(member.mspId, domain, ca, tlsCa, pairs);
}

function objectionTo(
  subject: Subject,
  pem: string,
  authorities: PublicOrganization,
  at: Date,
): string | undefined {
  if (subject.hosts) return objectionToTls(authorities, pem, subject.hosts, at);
  if (!subject.unit) return undefined;
  return objectionToIdentity(authorities, pem, subject.unit, at) ?? officeObjection(subject, pem);
}

/** A TLS certificate is shown with the authorities between it and the root, which others may not have. */
function withKey(
  pem: string,
  subject: Subject,
  tlsCa: Authority | undefined,
  keys: KeyFolder,
): KeyPair | undefined {
  const [leaf] = certificateDers(pem);
  if (!leaf) return undefined;
  try {
    const privateKey = keys.of(pem);
    if (privateKey === undefined) return undefined;
    const certificate = subject.hosts
      ? [certificatePem(leaf), ...(tlsCa?.intermediates ?? [])].join('')
      : certificatePem(withLowS(leaf)); // Fabric compares identities in this form
    return { certificate, privateKey };
  } catch {
    return undefined; // no certificate: told already
  }
}

function readAuthority(
  folder: string,
  roots: string,
  intermediates: string,
  at: Date,
  problems: Problems,
): Authority | undefined {
  const found = certificatesIn(join(folder, roots), at, problems);
  const [root] = found;
  if (root === undefined || found.length > 1) {
    problems.add(join(folder, roots), `holds ${found.length} certificates; exactly one root belongs here`);
    return undefined;
  }
  const between = existsSync(join(folder, intermediates))
    ? certificatesIn(join(folder, intermediates), at, problems)
    : [];
  return { certificate: root, ...(between.length > 0 ? { intermediates: between } : {}) };
}

function certificatesIn(folder: string, at: Date, problems: Problems): string[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  return files.sort().flatMap((name) => {
    const file = join(folder, name);
    const ders = certificateDers(readText(file, problems) ?? '');
    if (ders.length === 0) problems.add(file, 'holds no certificate in PEM form');
    return ders.flatMap((der) => {
      const expiry = expiryOf(der);
      if (expiry === undefined) problems.add(file, 'holds a certificate that cannot be read');
      else if (expiry < at) problems.add(file, `expired on ${expiry.toISOString()}`);
      return expiry === undefined ? [] : [certificatePem(der)];
    });
  });
}

function expiryOf(der: Uint8Array): Date | undefined {
  try {
    return new Date(new X509Certificate(der).validTo);
  } catch {
    return undefined;
  }
}

function readText(file: string, problems: Problems): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    problems.add(file, missing ? 'is missing' : `cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

function publicPart(mspId: string, ca: Authority, tlsCa: Authority): PublicOrganization {
  return {
    mspId,
    caCertificates: [ca.certificate],
    tlsCaCertificates: [tlsCa.certificate],
    intermediateCertificates: ca.intermediates,
    tlsIntermediateCertificates: tlsCa.intermediates,
  };
}

function material(
  mspId: string,
  domain: string,
  ca: Authority,
  tlsCa: Authority,
  pairs: ReadonlyMap<string, KeyPair>,
): OrganizationMaterial {
  const pair = (name: string): KeyPair => {
    const found = pairs.get(name);
    if (!found) throw new TypeError(`no certificate ${name}`);
    return found;
  };
  const node = (unit: 'peer' | 'orderer') => ({ signing: pair(unit), tls: pair(`${unit}-tls`) });
  const offices = subjectsOf({ id: '', host: '' }).flatMap(({ office }) => office ?? []);
  return {
    mspId,
    domain,
    ca,
    tlsCa,
    admin: pair('admin'),
    peer: node('peer'),
    orderer: node('orderer'),
    users: Object.fromEntries(offices.map((office) => [office, pair(office)])),
  };
}
