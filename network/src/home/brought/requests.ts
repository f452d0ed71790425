/** Keys of a member that brings its own certificates, and the requests to its certificate authority. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestCertificate, requestedKey, type OrganizationMaterial } from 'umlauf-channel';
import type { ListedMember } from '../../consortium/schema.js';
import { certificatesOf } from '../expiry.js';
import { writeAtomically } from '../files.js';
import { REQUESTS, type Home } from '../home.js';
import { KeyFolder, publicKeyOf } from './keys.js';
import { subjectsOf, type Subject } from './subjects.js';

export interface CertificateRequestFile {
  readonly subject: Subject;
  /** PKCS#10, PEM. */
  readonly file: string;
  /** Whether it was made just now. */
  readonly isNew: boolean;
}

/** Where a home keeps the requests of a member; its keys are in `keys/` there. */
export function requestsFolder(home: Pick<Home, 'path'>, memberId: string): string {
  return home.path(REQUESTS, memberId);
}

export function keysOf(home: Pick<Home, 'path'>, memberId: string): KeyFolder {
  return new KeyFolder(join(requestsFolder(home, memberId), 'keys'));
}

/**
 * Makes a key and a request for each certificate that a member needs. A request that hasn't been answered stays as it
 * is; one whose certificate is in use is followed by one for a fresh key.
 * @param inUse what the member uses now
 */
export async function makeRequests(
  home: Pick<Home, 'path'>,
  member: Pick<ListedMember, 'id' | 'host'>,
  inUse: OrganizationMaterial | undefined,
): Promise<CertificateRequestFile[]> {
  const folder = requestsFolder(home, member.id);
  const keys = keysOf(home, member.id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const answered = new Set(
    inUse === undefined
      ? []
      : Object.values(certificatesOf(inUse)).map(({ certificate }) => keyText(certificate)),
  );
  const requests: CertificateRequestFile[] = [];
  for (const subject of subjectsOf(member)) {
    const file = join(folder, `${subject.name}.csr`);
    const open = existsSync(file) ? await requestedKey(readFileSync(file, 'utf8')) : undefined;
    const isNew = open === undefined || !keys.has(open) || answered.has(Buffer.from(open).toString('hex'));
    if (isNew) {
      const { request, privateKey, publicKey } = await requestCertificate({
        ...subject,
        organization: member.id,
      });
      keys.keep(publicKey, privateKey); // first: a request without its key would be worthless
      writeAtomically(file, request, 0o644);
    }
    requests.push({ subject, file, isNew });
  }
  return requests;
}

function keyText(certificate: string): string {
  return Buffer.from(publicKeyOf(certificate)).toString('hex');
}
