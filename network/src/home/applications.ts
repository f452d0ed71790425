import { createHash } from 'node:crypto';
import type { MemberApplication } from 'umlauf-chaincode/api';
import { writeAtomically } from './files.js';
import type { Home } from './home.js';
import { memberIdentity, type LocalOrganization } from './organizations.js';

/**
 * Writes an applicant's declaration of accession and the ready body for `POST /members`, with the declaration's hash
 * and the fingerprints of the applicant's roots: `applicants/<id>.txt` and `applicants/<id>.json`.
 */
export function writeApplication(home: Home, organization: LocalOrganization): void {
  const identity = memberIdentity(organization);
  const text = `${identity.legalName}, vertreten durch: ${identity.office}, erklärt unbedingt den Beitritt (§ 15 GenG).\n`;
  const name = `${identity.id}.txt`;
  writeAtomically(home.path('applicants', name), text);
  const application: MemberApplication = {
    ...identity,
    declaration: { name, mediaType: 'text/plain', sha256: createHash('sha256').update(text).digest('hex') },
  };
  writeAtomically(applicationFile(home, identity.id), `${JSON.stringify(application, null, 2)}\n`);
}

/** Where a home keeps the ready body for `POST /members` of an applicant. */
export function applicationFile(home: Pick<Home, 'path'>, memberId: string): string {
  return home.path('applicants', `${memberId}.json`);
}
