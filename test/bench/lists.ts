/**
 * Pages of long lists: what they cost by every filter, with a tenth of the records and with all of them. A page reads what
 * it shows, so its cost doesn't grow with the total.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, type GatewayAccess } from 'umlauf-network';
import { umlauf } from '../harness/command.js';
import { today } from '../harness/day.js';
import { oneByOne, percentile, perSecond, type Figure } from './measure.js';

const IN_FLIGHT = 64;
const FOCUS_AREAS = [
  'digital-public-services',
  'blockchain',
  'digital-sovereignty',
  'artificial-intelligence',
];
const CHAIR = 'bundesdruckerei';
/** Pages of so many different sizes are asked for by each filter: none of them is in the gateway's memory. */
const SIZES = Array.from({ length: 12 }, (_, index) => 50 - index);

/** Projects, and as many participations. */
export async function lists(quick: boolean): Promise<Figure[]> {
  const total = quick ? 1_000 : 10_000;
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const start = umlauf('start', '--home', directory);
  try {
    await start.shows('Stop with Ctrl-C');
    const gateways = JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as GatewayAccess[];
    await fill(gateways, 0, total / 10);
    const few = await pages(gateways);
    await fill(gateways, total / 10, total);
    const many = await pages(gateways);
    return [...many].flatMap(([path, p50]) => [
      { name: `GET ${path}, ${total} records, p50`, value: p50, unit: 'ms', target: { atMost: 50 } },
      { name: `  beside ${total / 10} records`, value: p50 / (few.get(path) ?? Number.NaN), unit: '' },
    ]);
  } finally {
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every member but the last leads its share; every other project is accepted; the last member is invited into each. */
async function fill(gateways: readonly GatewayAccess[], from: number, to: number): Promise<void> {
  const leads = gateways.slice(0, -1);
  const invited = gateways.at(-1)!.memberId;
  const chair = gateways.find(({ memberId }) => memberId === CHAIR)!;
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await perSecond(numbers, IN_FLIGHT, async (number) => {
    const lead = leads[number % leads.length]!;
    const id = `project-${number}`;
    const { blockNumber } = await call(lead, 'board', 'POST', '/projects', {
      body: {
        id,
        title: `Project ${number}`,
        purpose: 'What the members want to reach together.',
        focusAreas: [FOCUS_AREAS[number % FOCUS_AREAS.length]],
        kind: 'development',
        existing: { phase: 'in-development' },
      },
    });
    const minBlock = blockNumber;
    if (lead !== chair && number % 2 === 0)
      await call(chair, 'board', 'POST', `/projects/${id}/accept`, { minBlock });
    await call(lead, 'board', 'PUT', `/projects/${id}/participations/${invited}/developer`, {
      body: {},
      minBlock,
    });
  });
}

/** Half of the time that pages take at most, in milliseconds, by what they are filtered by. */
async function pages(gateways: readonly GatewayAccess[]): Promise<Map<string, number>> {
  const [reader, lead] = [gateways[1]!, gateways[1]!.memberId];
  const invited = gateways.at(-1)!.memberId;
  const paths = [
    '/projects',
    '/projects?status=in-development',
    `/projects?member=${lead}`,
    '/projects?focusArea=blockchain',
    `/projects?member=${lead}&focusArea=blockchain&status=proposed`,
    `/projects?from=${today()}&until=${today()}`,
    '/participations',
    `/participations?member=${invited}&memberState=awaiting`,
    `/participations?member=${invited}`,
    '/participations?project=project-1&holderState=agreed',
  ];
  const medians = new Map<string, number>();
  for (const path of paths) {
    const times = await oneByOne(SIZES, (limit) =>
      call(reader, 'auditor', 'GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`),
    );
    medians.set(path, percentile(times, 0.5));
  }
  return medians;
}
