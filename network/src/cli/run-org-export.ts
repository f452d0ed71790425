/** What a member's machine tells the others of it. */
import { existsSync } from 'node:fs';
import { readOrganization, rootFingerprints } from 'umlauf-channel';
import { loadConsortium } from '../consortium/load.js';
import type { ListedMember } from '../consortium/schema.js';
import { exportedPart } from '../engines/channel-profile.js';
import { applicationFile, writeApplication } from '../home/applications.js';
import { checkHome, openHome, pathsIn } from '../home/home.js';
import { checkFolderOf } from '../home/exchanged-file.js';
import { writeOrganizationFile, type PublicPart } from '../home/organization-file.js';
import { openOrganizations, organizationFolder } from '../home/organizations.js';
import { openPorts } from '../home/ports.js';
import { holderOfHome } from '../home/running.js';
import { UserError } from '../user-error.js';
import { consortiumFile } from './settle.js';

export interface ExportOptions {
  readonly home: string;
  readonly consortium?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Writes roots, addresses and the orderer's certificates of a member into a file; makes its keys, if there are none. */
export async function exportOrganization(memberId: string, options: ExportOptions): Promise<void> {
  const { home, out, json } = options;
  const consortium = consortiumFile(options);
  const member = memberHere(memberId, consortium);
  checkFolderOf(out);
  checkHome(home, 'fabric');
  const part = (await knownPart(home, member)) ?? (await firstPart(home, consortium, member));
  writeOrganizationFile(out, memberId, part);
  const application = member.start === 'applicant' ? applicationFile(pathsIn(home), memberId) : undefined;
  const fingerprints = rootFingerprints(part);
  const address = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const lines = [
    `✓ ${out}: what others need to know of ${memberId} (${part.mspId}); no key is in it`,
    `  peer          ${part.peers.map(address).join(', ')}`,
    `  orderer       ${address(part.orderer)}`,
    ...fingerprints.signing.map((each) => `  signing root  SHA-256 ${each}`),
    ...fingerprints.tls.map((each) => `  TLS root      SHA-256 ${each}`),
    `Each of the others puts it, as ${memberId}.json, into the folder that its consortium file names as elsewhere.`,
    ...(application === undefined
      ? []
      : [`For the member that files its application (POST /members): ${application}`]),
  ];
  const result = { file: out, member: memberId, mspId: part.mspId, fingerprints, application };
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

function memberHere(memberId: string, consortium: string): ListedMember {
  const { members } = loadConsortium(consortium);
  const member = members.find(({ id }) => id === memberId);
  if (!member)
    throw new UserError(
      `${memberId} is not listed in ${consortium}; these are: ${members.map(({ id }) => id).join(', ')}`,
    );
  if (member.elsewhere !== undefined)
    throw new UserError(`${memberId} is not listed under here in ${consortium}: its own machine exports it`);
  return member;
}

/** From keys and ports that are there; a home that is running is only read. */
async function knownPart(directory: string, member: ListedMember): Promise<PublicPart | undefined> {
  const home = pathsIn(directory);
  const ports = openPorts(home);
  const folder = organizationFolder(home, member.id);
  const isKnown = [ports.kept(member, 'peer'), ports.kept(member, 'orderer')].every(
    (port) => port !== undefined,
  );
  if (!isKnown || !existsSync(folder)) return undefined;
  if (member.start === 'applicant' && !existsSync(applicationFile(home, member.id))) return undefined;
  return exportedPart({ member, material: await readOrganization(folder) }, ports);
}

async function firstPart(directory: string, consortium: string, member: ListedMember): Promise<PublicPart> {
  if (holderOfHome(directory))
    throw new UserError(
      `${directory} is running and keeps no ports for ${member.id} yet: umlauf down, and again`,
    );
  const home = openHome(directory, { engine: 'fabric', consortium });
  try {
    const [organization] = await openOrganizations(home, [{ ...member, start: 'founding' }], () => undefined);
    if (!organization) throw new UserError(`${member.id} has no keys`);
    if (member.start === 'applicant') writeApplication(home, organization);
    return await exportedPart(organization, openPorts(home));
  } finally {
    home.close();
  }
}
