import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOrganization } from 'umlauf-channel';
import type { ListedMember } from '../../consortium/schema.js';
import { nativeProcesses } from '../../engines/fabric/leftovers.js';
import { certificatesOf, expiryOf } from '../../home/expiry.js';
import { pathsIn } from '../../home/home.js';
import { lockState } from '../../home/lock.js';
import { portsInUse } from '../../home/ports.js';
import { unfinishedExchange } from '../../home/renewal.js';
import type { CertificateFact, HomeFacts } from '../facts.js';

export async function probeHome(directory: string, members: readonly ListedMember[]): Promise<HomeFacts> {
  const home = pathsIn(directory);
  const lock = lockState(home.path('lock'));
  const processes = nativeProcesses(home);
  const running = lock?.alive === true || processes.some((process) => process.running);
  const folder = home.path('organizations');
  // Beside the members' folders there is what a killed process left of new ones.
  const memberIds = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes('.')) : [];
  const certificates: CertificateFact[] = [];
  const unfinishedRenewals: string[] = [];
  for (const memberId of memberIds.sort()) {
    const own = join(folder, memberId);
    for (const [name, { certificate }] of Object.entries(certificatesOf(await readOrganization(own))))
      certificates.push({ memberId, name, expires: expiryOf(certificate) });
    if (await unfinishedExchange(own)) unfinishedRenewals.push(memberId);
  }
  return {
    lock,
    processes,
    takenPorts: running ? [] : await portsInUse(home, members),
    certificates,
    unfinishedRenewals,
  };
}
