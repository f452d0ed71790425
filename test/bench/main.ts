/** `npm run bench`: measures, both sides in one run, and prints figures, ratios and targets. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { fourOrganizations } from './fabric/four.js';
import { eighteenOrganizations } from './fabric/eighteen.js';
import { lists } from './lists.js';
import { memory } from './memory.js';
import { line, reached, type Figure } from './measure.js';
import { startup, story } from './startup.js';
import { streams } from './streams.js';
import { votes } from './votes.js';

function minutes(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('a number of minutes above 0 is needed.');
  return Number(text);
}

const options = new Command('bench')
  .description(
    'measure this machine: start, story, votes through REST beside the bare client, the public feed, streams of events, long lists, memory under load',
  )
  .addOption(
    new Option('--engine <name>', 'what to measure').choices(['embedded', 'fabric']).default('embedded'),
  )
  .option('--json', 'print one JSON array of figures')
  .option('--quick', 'fewer rounds, for continuous integration')
  .option(
    '--load-minutes <number>',
    'how long the memory of a gateway is watched under load (default: 5, quick: 1)',
    minutes,
  )
  .parse()
  .opts<{ engine: 'embedded' | 'fabric'; json?: boolean; quick?: boolean; loadMinutes?: number }>();
const { engine, quick = false, loadMinutes = quick ? 1 : 5 } = options;
const measures =
  engine === 'embedded'
    ? [
        startup,
        story,
        () => votes(quick),
        () => streams(quick ? 200 : 2_000),
        () => lists(quick),
        () => memory(loadMinutes),
      ]
    : [() => fourOrganizations(quick), () => eighteenOrganizations(quick)];

const figures: Figure[] = [];
for (const measure of measures) {
  const measured = await measure();
  figures.push(...measured);
  if (!options.json) for (const figure of measured) process.stdout.write(`${line(figure)}\n`);
}
if (options.json)
  process.stdout.write(
    `${JSON.stringify(
      figures.map((figure) => ({ ...figure, reached: reached(figure) })),
      null,
      2,
    )}\n`,
  );
