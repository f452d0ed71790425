import { Command } from 'commander';
import { homeConsortiumOption, homeOption } from './options.js';
import type { CsrOptions } from './run-csr.js';

export function csrCommand(): Command {
  return new Command('csr')
    .description(
      "make a member's keys and requests for its own certificate authority; run again, requests that are open stay as they are",
    )
    .argument('<member>', 'id of the member, as the consortium file lists it')
    .addOption(homeOption())
    .addOption(homeConsortiumOption())
    .option('--json', 'print one JSON object and nothing else')
    .action(async (memberId: string, options: CsrOptions) => {
      const { csr } = await import('./run-csr.js'); // what it needs takes long to load
      await csr(memberId, options);
    });
}
