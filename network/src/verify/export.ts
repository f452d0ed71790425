/** Writes a running consortium's blocks into a file, through the peer of one of its members. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createSigner, readOrganization, type Signer } from 'umlauf-channel';
import type { NodeAddress } from '../engines/fabric/client/connection.js';
import { membersHere, type ConsortiumDescription } from '../consortium/load.js';
import { checkFolderOf } from '../home/exchanged-file.js';
import { organizationFolder } from '../home/organizations.js';
import { pathsIn } from '../home/home.js';
import { openPorts } from '../home/ports.js';
import { endpointsOf, notRunning } from '../home/running.js';
import { UserError } from '../user-error.js';
import { blockFileEntry, blockFileStart } from './block-file.js';

/** A member's peer and an office that may read there. */
export interface Source {
  readonly memberId: string;
  readonly address: NodeAddress;
  readonly signer: Signer;
}

/**
 * Finds the peer of a member in a home whose consortium is running.
 * @param listed what the consortium file says, and the file, which errors name
 * @param memberId default: the first that runs there
 * @throws UserError if nothing runs there, or not that member, or it isn't listed
 */
export async function findSource(
  directory: string,
  {
    description,
    file = 'the consortium file',
  }: { readonly description: ConsortiumDescription; readonly file?: string },
  memberId?: string,
): Promise<Source> {
  const home = pathsIn(directory);
  const running = endpointsOf(directory);
  if (!running) throw notRunning(directory);
  // A peer goes on telling what it has, also where its organization was taken off the channel and has no gateway.
  const withPeer = membersHere(description).filter(({ id }) => existsSync(organizationFolder(home, id)));
  const ids = running.length > 0 ? running.map((access) => access.memberId) : withPeer.map(({ id }) => id);
  const id = memberId ?? ids[0];
  const member = description.members.find((listed) => listed.id === id);
  if (id !== undefined && !member)
    throw new UserError(
      `${id} is not listed in ${file}; these are: ${description.members.map((listed) => listed.id).join(', ')}`,
    );
  if (id === undefined || !ids.includes(id) || !member)
    throw new UserError(`${id ?? 'no member'} runs nothing here; these do: ${ids.join(', ')}`);
  const material = await readOrganization(organizationFolder(home, id));
  const port = openPorts(home).kept(member, 'peer');
  const office = material.users['auditor'];
  if (port === undefined || !office) throw new UserError(`the peer of ${id} is not known in ${directory}`);
  return {
    memberId: id,
    address: {
      endpoint: `${member.host}:${port}`,
      tlsRootCertificates: material.tlsCa.certificate,
    },
    signer: createSigner(office, material.mspId),
  };
}

/**
 * Writes blocks into a file that appears only when all of them are in it.
 * @returns how many there are
 * @throws UserError if there is no folder for it: one that is made for a slip of the pen is where nobody looks
 */
export async function writeBlockFile(
  file: string,
  blocks: AsyncIterable<Uint8Array>,
  progress: (blocks: number) => void = () => undefined,
): Promise<number> {
  checkFolderOf(file);
  const temporary = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  let count = 0;
  try {
    try {
      writeSync(descriptor, blockFileStart());
      for await (const block of blocks) {
        writeSync(descriptor, blockFileEntry(block));
        count += 1;
        progress(count);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    return count;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
