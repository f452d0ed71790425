import { Command } from 'commander';
import { homeOption, jsonOption } from './options.js';
import type { OperateOptions } from './operate.js';
import type { UpgradeOptions } from './run-chaincode.js';

export function chaincodeCommand(): Command {
  const command = new Command('chaincode').description('the chaincode of the running network');
  command
    .command('deploy')
    .description(
      'make sure that every member has installed and approved the chaincode in force, and call it once at each peer',
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (options: OperateOptions) => {
      const { deployChaincode } = await import('./run-chaincode.js');
      await deployChaincode(options);
    });
  command
    .command('upgrade')
    .description(
      'bring the chaincode as it is built now into force: package, install, approve for each organization, commit, first call; run again, it finishes what was interrupted',
    )
    .option('--folder <directory>', 'another built chaincode package (default: the one of this project)')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (options: UpgradeOptions) => {
      const { upgradeChaincode } = await import('./run-chaincode.js');
      await upgradeChaincode(options);
    });
  return command;
}
