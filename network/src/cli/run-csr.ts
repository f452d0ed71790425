import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOrganization } from 'umlauf-channel';
import { loadConsortium } from '../consortium/load.js';
import { makeRequests, requestsFolder } from '../home/brought/requests.js';
import type { Subject } from '../home/brought/subjects.js';
import { checkFolder, pathsIn } from '../home/home.js';
import { organizationFolder } from '../home/organizations.js';
import { UserError } from '../user-error.js';
import { consortiumFile } from './settle.js';

export interface CsrOptions {
  readonly home: string;
  readonly consortium?: string;
  readonly json?: boolean;
}

/** Makes keys and requests, and says what to send where and where to put what comes back. */
export async function csr(memberId: string, options: CsrOptions): Promise<void> {
  const consortium = consortiumFile(options);
  const { members } = loadConsortium(consortium);
  const member = members.find(({ id }) => id === memberId);
  if (!member)
    throw new UserError(
      `${memberId} is not listed in ${consortium}; these are: ${members.map(({ id }) => id).join(', ')}`,
    );
  checkFolder(options.home);
  const home = pathsIn(options.home);
  const folder = organizationFolder(home, memberId);
  const inUse = existsSync(folder) ? await readOrganization(folder) : undefined;
  if (inUse?.ca.privateKey !== undefined)
    throw new UserError(
      `${memberId} has certificates that Umlauf issued in ${options.home}, with roots of their own: ` +
        'a member brings its own from the first start on, or into a home begun anew',
    );
  const requests = await makeRequests(home, member, inUse);
  const destination = member.msp ?? 'DIR';
  if (options.json) {
    const files = requests.map(({ subject, file, isNew }) => ({
      name: subject.name,
      request: file,
      certificate: join(destination, `${subject.name}.pem`),
      subject: subjectText(subject, memberId),
      hosts: subject.hosts ?? [],
      isNew,
    }));
    process.stdout.write(
      `${JSON.stringify({ member: memberId, mspId: member.mspId, msp: member.msp, files })}\n`,
    );
    return;
  }
  const lines = [
    ...requests.map(({ file, isNew }) => `✓ ${file}${isNew ? '' : ' (as before)'}`),
    '',
    `Send these to the certificate authority of ${memberId}: each is to be certified as it stands.`,
    ...requests.map(
      ({ subject }) =>
        `  ${`${subject.name}.csr`.padEnd(20)} ${subjectText(subject, memberId)}${
          subject.hosts ? `; TLS server and client, for ${subject.hosts.join(', ')}` : ''
        }`,
    ),
    'The signing certificates come from one root, the TLS certificates from one root (it may be the same).',
    '',
    `Put what comes back into ${destination}, PEM:`,
    `  ${requests.map(({ subject }) => `${subject.name}.pem`).join(' ')}`,
    '  cacerts/root.pem        tlscacerts/root.pem        the roots',
    '  intermediatecerts/      tlsintermediatecerts/      the authorities below them, if there are any',
    ...(member.msp === undefined ? [`and write into ${consortium}, at ${memberId}: msp: DIR`] : []),
    `The keys stay in ${requestsFolder(home, memberId)}: keep them safe, the certificates are worth nothing without them.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function subjectText({ commonName, organizationalUnits }: Subject, organization: string): string {
  return [`O=${organization}`, ...organizationalUnits.map((unit) => `OU=${unit}`), `CN=${commonName}`].join(
    ', ',
  );
}
