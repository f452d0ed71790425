import { Command } from 'commander';
import { consortiumOption, engineOption, orderersOption } from './options.js';
import type { DemoOptions } from './run-demo.js';

export function demoCommand(): Command {
  return new Command('demo')
    .description('play the admission of North Rhine-Westphalia and Bavaria through the REST gateways')
    .option('--json', 'print one JSON object a line; the last holds members and resolutions')
    .option(
      '--home <directory>',
      'keep what the story leaves (default: a temporary folder, removed at the end)',
    )
    .option('--fresh', 'with --home: remove what that home holds first')
    .addOption(consortiumOption('consortium-story.yaml'))
    .addOption(engineOption())
    .addOption(orderersOption())
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./run-demo.js'); // what it needs takes long to load
      await demo(options);
    });
}
