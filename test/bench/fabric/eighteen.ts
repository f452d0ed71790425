import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayAccess } from 'umlauf-network';
import { shippedFile } from '../../harness/consortium.js';
import { startHome, type Home } from '../../harness/home.js';
import { Load } from '../load.js';
import { perSecond, type Figure } from '../measure.js';
import { whileKilled, whileWatching } from './peers.js';
import { seconds } from './seconds.js';

const IN_FLIGHT = 32;
const KILLED = 8;

const ONE_MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 5 * ONE_MINUTE_MS;

/** Eighteen organizations: coming up, ballots under f = 5 and f = 2, ordinary transactions, with 8 peers killed too. */
export async function eighteenOrganizations(quick: boolean): Promise<Figure[]> {
  const ballots = quick ? 6 : 12;
  const ordinary = quick ? 120 : 240;
  const figures: Figure[] = [];
  const add = (name: string, value: number, unit: string, target: Figure['target']) =>
    figures.push({
      name: `real Fabric, 18 organizations: ${name}`,
      value,
      unit,
      ...(target ? { target } : {}),
    });

  await withNetwork('third', async (home, load, upSeconds) => {
    add('zero to ready', upSeconds, 's', { atMost: 30 });
    const minimumMs = quick ? ONE_MINUTE_MS : FIVE_MINUTES_MS;
    const begin = performance.now();
    const takenForDead = await whileWatching(home, async () => {
      add('ballots under f = 5, 32 in flight', await ballotRate(load, ballots), 'committed/s', {
        atLeast: 12,
      });
      // Members still declare their sites at first, and what runs is cold: the rate is measured after these rounds.
      for (let round = 0; performance.now() - begin < minimumMs; round += 1)
        await ordinaryRate(load, `round-${round}`, IN_FLIGHT);
      const rate = await ordinaryRate(load, 'all', ordinary);
      add('ordinary transactions after these minutes, 32 in flight', rate, 'committed/s', { atLeast: 15 });
    });
    const minutes = (performance.now() - begin) / ONE_MINUTE_MS;
    add(`live peers taken for dead in ${minutes.toFixed(1)} min`, takenForDead, '', { atMost: 0 });

    const gateways = load.gateways;
    const { failed, rate } = await whileKilled(home, gateways.slice(-KILLED), () =>
      announceAll(load, 'killed', ordinary, gateways.slice(0, -KILLED)),
    );
    add(`ordinary transactions that fail with ${KILLED} peers killed`, failed, '', { atMost: 0 });
    add(`ordinary transactions with ${KILLED} peers killed, 32 in flight`, rate, 'committed/s', undefined);
    for (const { name, value, unit } of await load.doubts.figures()) add(name, value, unit, undefined);
  });
  await withNetwork(2, async (_home, load) => {
    add('ballots under f = 2, 32 in flight', await ballotRate(load, ballots), 'committed/s', { atLeast: 20 });
  });
  return figures;
}

async function withNetwork(
  f: 'third' | number,
  measure: (home: Home, load: Load, upSeconds: number) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  try {
    const { result: home, seconds: upSeconds } = await seconds(() =>
      startHome({ consortium: files(folder, f) }),
    );
    try {
      const load = await Load.on(home.directory);
      try {
        await measure(home, load, upSeconds);
      } finally {
        load.close();
      }
    } finally {
      await home.remove();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The consortium of the story with its first applicant as eighteenth founder, and bylaws with that f. */
function files(folder: string, f: 'third' | number): string {
  const replaced = (name: string, pattern: RegExp, by: string): void => {
    const text = readFileSync(shippedFile(name), 'utf8');
    if (!pattern.test(text)) throw new Error(`${name} is not what this benchmark changes`);
    writeFileSync(join(folder, name), text.replace(pattern, by));
  };
  replaced('bylaws.yaml', /^f: .*$/m, `f: ${f}`);
  replaced('consortium-story.yaml', /start: applicant/, 'start: founding');
  return join(folder, 'consortium-story.yaml');
}

async function ballotRate(load: Load, resolutions: number): Promise<number> {
  const warm = await load.ballots('warm', 2);
  await perSecond(warm, IN_FLIGHT, (ballot) => load.restVote(ballot));
  const ballots = await load.ballots('ballots', resolutions);
  return perSecond(ballots, IN_FLIGHT, (ballot) => load.restVote(ballot));
}

async function ordinaryRate(load: Load, prefix: string, count: number): Promise<number> {
  const { failed, rate } = await announceAll(load, prefix, count, load.gateways);
  if (failed > 0) throw new Error(`${failed} of ${count} ordinary transactions failed`);
  return rate;
}

async function announceAll(
  load: Load,
  prefix: string,
  count: number,
  gateways: readonly GatewayAccess[],
): Promise<{ failed: number; rate: number }> {
  let failed = 0;
  const rate = await perSecond(
    Array.from({ length: count }, (_, index) => index),
    IN_FLIGHT,
    async (index) => {
      const gateway = gateways[index % gateways.length];
      if (!gateway) throw new Error('no gateway');
      await load.announce(`${prefix}-${index}`, gateway).catch((error: unknown) => {
        failed += 1;
        process.stderr.write(`${prefix}-${index} through ${gateway.memberId}: ${String(error)}\n`);
      });
    },
  );
  return { failed, rate };
}
