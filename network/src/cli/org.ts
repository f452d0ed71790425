import { Command } from 'commander';
import { homeConsortiumOption, homeOption, jsonOption } from './options.js';
import type { ExportOptions } from './run-org-export.js';
import type { AddOptions, RemoveOptions } from './run-org.js';
import type { SignOptions, SubmitOptions } from './run-org-files.js';

export const OUT = 'write the update into a file instead, for the others to sign (org sign, org submit)';
const FORCE = 'although an open vote counts on the organization';

export function orgCommand(): Command {
  const command = new Command('org').description("members' organizations on the running network");
  command
    .command('add')
    .description(
      "bring an admitted member's organization onto the network: channel, peer, chaincode, gateway; run again, it finishes what was interrupted",
    )
    .argument('<member>', 'id of the member')
    .option('--orderer', 'give it a place among the consenters too, now or later')
    .option('--out <file>', OUT)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (member: string, options: AddOptions) => {
      const { addOrganization } = await import('./run-org.js');
      await addOrganization(member, options);
    });
  command
    .command('remove')
    .description(
      "take a former member's organization off the network, its orderer included; what it has stays; run again, it finishes what was interrupted",
    )
    .argument('<member>', 'id of the member')
    .option('--force', FORCE)
    .option('--out <file>', OUT)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (member: string, options: RemoveOptions) => {
      const { removeOrganization } = await import('./run-org.js');
      await removeOrganization(member, options);
    });
  command
    .command('sign')
    .description(
      "show what an update does, check it against the register, and add one member's signature to the file",
    )
    .argument('<file>', 'what org add --out, org remove --out or cert renew --out wrote')
    .requiredOption('--member <id>', 'whose administrator signs, and whose peer and gateway are asked')
    .option('--force', FORCE)
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(jsonOption())
    .action(async (file: string, options: SignOptions) => {
      const { signUpdate } = await import('./run-org-files.js'); // what it needs takes long to load
      await signUpdate(file, options);
    });
  command
    .command('submit')
    .description(
      'send an update once enough have signed; says who is missing and which signatures are worthless',
    )
    .argument('<file...>', 'the signed file, or the copies that each member signed')
    .requiredOption('--member <id>', 'whose administrator sends it, and whose peer and gateway are asked')
    .option('--force', FORCE)
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(jsonOption())
    .action(async (files: string[], options: SubmitOptions) => {
      const { submitUpdate } = await import('./run-org-files.js'); // what it needs takes long to load
      await submitUpdate(files, options);
    });
  command
    .command('export')
    .description(
      "write what other members' machines need to know of a member whose part runs on this one: roots, addresses, its orderer's certificates, no keys; made now, if it has none",
    )
    .argument('<member>', 'id of the member')
    .requiredOption('--out <file>', 'where to write it')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .addOption(jsonOption())
    .action(async (member: string, options: ExportOptions) => {
      const { exportOrganization } = await import('./run-org-export.js');
      await exportOrganization(member, options);
    });
  return command;
}
