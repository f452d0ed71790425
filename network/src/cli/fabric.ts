import { Command, InvalidArgumentError } from 'commander';
import { jsonOption } from './options.js';
import type { FabricInstallOptions } from './run-fabric-install.js';

export function fabricCommand(): Command {
  const install = new Command('install')
    .description(
      "put Hyperledger Fabric's programs into the user's cache folder; where they are whole already, nothing is done",
    )
    .option(
      '--from <source>',
      'folder, archive or https address to take them from (default: FABRIC_BIN or PATH, else the official release)',
    )
    .option('--sha256 <hex>', 'what the archive must hash to', (text) => {
      if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('must be 64 hexadecimal digits.');
      return text.toLowerCase();
    })
    .addOption(jsonOption())
    .action(async (options: FabricInstallOptions) => {
      const { fabricInstall } = await import('./run-fabric-install.js'); // what it needs takes long to load
      await fabricInstall(options);
    });
  return new Command('fabric').description('the programs of Hyperledger Fabric').addCommand(install);
}
