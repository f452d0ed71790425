import { Command } from 'commander';
import { homeConsortiumOption, homeOption } from './options.js';
import type { DoctorOptions } from './run-doctor.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'say what is wrong with this machine or network, and what to do; exits with 1 if anything is',
    )
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .option('--clock <url...>', 'machines whose clock to compare with: any http or https addresses there')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./run-doctor.js'); // what it needs takes long to load
      await doctor(options);
      // A node that hangs in a handshake keeps its connection, and with it this process.
      process.stdout.write('', () => process.exit());
    });
}
