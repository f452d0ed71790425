import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { umlauf } from '../harness/command.js';
import { Load, type Ballot } from './load.js';
import { publicFeed } from './public-feed.js';
import { reads } from './reads.js';
import { median, oneByOne, percentile, perSecond, type Figure } from './measure.js';
import { queued } from './queued.js';

const IN_FLIGHT = 64;

/** Turns of each side that don't count: the rate of a network that has just started doubles over its first thousand votes. */
const WARM_UP_TURNS = 3;

/** How much is measured: turns of each side, and resolutions in a turn, of three ballots each with four members. */
export interface Extent {
  readonly turns: number;
  readonly parallel: number;
  readonly sequential: number;
}

/** What a network must reach. */
export interface VoteTargets {
  readonly sequentialMs?: number;
  readonly perSecond?: number;
  readonly ratio: number;
}

const EMBEDDED: VoteTargets = { sequentialMs: 25, perSecond: 200, ratio: 0.85 };

/**
 * Votes, then reads and the public feed, through REST beside the bare client with the same signer, on one network in another process. Both
 * sides take turns, and each has turns that don't count before: what is measured is a network that has been running for
 * a while.
 */
export async function votes(quick: boolean): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const start = umlauf('start', '--home', directory);
  try {
    await start.shows('Stop with Ctrl-C');
    const load = await Load.on(directory);
    try {
      const extent = { turns: quick ? 3 : 5, parallel: 120, sequential: 12 };
      return [
        ...(await compare(load, extent, EMBEDDED)),
        ...(await reads(load, quick)),
        ...(await publicFeed(load, quick)),
      ];
    } finally {
      load.close();
    }
  } finally {
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function compare(load: Load, extent: Extent, targets: VoteTargets): Promise<Figure[]> {
  const sides = {
    rest: { vote: (ballot: Ballot) => load.restVote(ballot), times: [] as number[], rates: [] as number[] },
    bare: { vote: (ballot: Ballot) => load.bareVote(ballot), times: [] as number[], rates: [] as number[] },
  };
  load.startCounting();
  for (const round of Array.from({ length: WARM_UP_TURNS + extent.turns }, (_, index) => index))
    // The first of a round finds the network rested: each side is it in turn.
    for (const side of round % 2 === 0 ? (['rest', 'bare'] as const) : (['bare', 'rest'] as const)) {
      const { vote, times, rates } = sides[side];
      const parallel = await load.ballots(`${side}-parallel-${round}`, extent.parallel);
      const sequential = await load.ballots(`${side}-sequential-${round}`, extent.sequential);
      const rate = await perSecond(parallel, IN_FLIGHT, vote);
      const taken = await oneByOne(sequential, vote);
      if (round < WARM_UP_TURNS) continue;
      rates.push(rate);
      times.push(...taken);
    }
  const beside = await queued(load, median(sides.rest.rates));
  return [...figures(sides, load.conflicts(), targets), ...beside, ...(await load.doubts.figures())];
}

const slowest = (side: string, rates: readonly number[]): Figure => ({
  name: `votes, ${IN_FLIGHT} in flight, ${side}, slowest of ${rates.length} turns`,
  value: Math.min(...rates),
  unit: 'committed/s',
});

type Measured = Record<'rest' | 'bare', { readonly times: number[]; readonly rates: number[] }>;

function figures({ rest, bare }: Measured, conflicts: number, targets: VoteTargets): Figure[] {
  const atMost = targets.sequentialMs === undefined ? {} : { target: { atMost: targets.sequentialMs } };
  const atLeast = targets.perSecond === undefined ? {} : { target: { atLeast: targets.perSecond } };
  const [rest50, bare50] = [median(rest.times), median(bare.times)];
  // Not the mean: an orderer that falls behind stops everybody for seconds, in whose turn ever that happens.
  const [restRate, bareRate] = [median(rest.rates), median(bare.rates)];
  return [
    { name: 'vote, one after the other, REST, p50', value: rest50, unit: 'ms', ...atMost },
    { name: 'vote, one after the other, REST, p95', value: percentile(rest.times, 0.95), unit: 'ms' },
    { name: 'vote, one after the other, bare client, p50', value: bare50, unit: 'ms' },
    {
      name: 'vote, one after the other, REST − bare client, p50',
      value: rest50 - bare50,
      unit: 'ms',
      target: { atMost: 3 },
    },
    {
      name: `votes, ${IN_FLIGHT} in flight, REST`,
      value: restRate,
      unit: 'committed/s',
      ...atLeast,
    },
    { name: `votes, ${IN_FLIGHT} in flight, bare client`, value: bareRate, unit: 'committed/s' },
    slowest('REST', rest.rates),
    slowest('bare client', bare.rates),
    {
      name: `votes, ${IN_FLIGHT} in flight, REST ÷ bare client`,
      value: restRate / bareRate,
      unit: '',
      target: { atLeast: targets.ratio },
    },
    {
      name: 'conflicts (codes 11 and 12) among all these votes',
      value: conflicts,
      unit: '',
      target: { atMost: 0 },
    },
  ];
}
