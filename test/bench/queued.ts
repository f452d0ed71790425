/**
 * The design that Fabric's own sample of a REST server has, for comparison: a request is put into a queue and answered at
 * once; one pool of five workers takes them out, and each waits until its transaction is committed. Where a block is cut
 * every two seconds, as in the sample's network, that is five transactions every two seconds.
 */
import type { Ballot, Load } from './load.js';
import { perSecond, type Figure } from './measure.js';

const WORKERS = 5;
const BLOCK_EVERY_MS = 2_000;
const PERIODS = 3;

const until = (atMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - performance.now())));

/** Jobs that the pool ends in a second when each has to wait for the next block of the sample's network. */
async function byBlocks<T>(jobs: readonly T[], work: (job: T) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let block = start;
  for (let taken = 0; taken < jobs.length; taken += WORKERS) {
    await Promise.all(jobs.slice(taken, taken + WORKERS).map(work));
    while (block < performance.now()) block += BLOCK_EVERY_MS;
    await until(block);
  }
  return (jobs.length / (performance.now() - start)) * 1_000;
}

/**
 * Votes through such a queue with the bare client and the same signer, beside a gateway's rate on the same network.
 * @param restRate committed a second through REST
 */
export async function queued(load: Load, restRate: number): Promise<Figure[]> {
  const all: Ballot[] = await load.ballots('queued', 40);
  const periodical = all.splice(0, WORKERS * PERIODS);
  const vote = (ballot: Ballot) => load.bareVote(ballot);
  const atOnce = await perSecond(all, WORKERS, vote);
  const rate = await byBlocks(periodical, vote);
  return [
    { name: 'votes, queue and 5 workers, on this network', value: atOnce, unit: 'committed/s' },
    { name: 'votes, queue and 5 workers, a block every 2 s', value: rate, unit: 'committed/s' },
    { name: 'votes, REST ÷ queue and 5 workers, on this network', value: restRate / atOnce, unit: '' },
    {
      name: 'votes, REST ÷ queue and 5 workers, a block every 2 s',
      value: restRate / rate,
      unit: '',
      target: { atLeast: 20 },
    },
  ];
}
