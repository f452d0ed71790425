/** Peers of a home that are killed, or that others take for dead. */
import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayAccess } from 'umlauf-network';
import type { Home } from '../../harness/home.js';
import { nativeProcesses } from '../../harness/processes.js';

const LOOK_MS = 1_000;
const AGAIN_MS = 100;

/** Repeats something for as long as something else takes. */
async function during<T>(everyMs: number, repeat: () => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const repeating = (async () => {
    while (!ended.signal.aborted) {
      await repeat();
      await pause(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  try {
    return await Promise.race([run(), repeating.then(() => Promise.reject(new Error('ended')))]);
  } finally {
    ended.abort();
    await repeating;
  }
}

/** Kills these members' peers, and kills them again whenever they are started again. */
export function whileKilled<T>(
  home: Home,
  gateways: readonly GatewayAccess[],
  run: () => Promise<T>,
): Promise<T> {
  const names = new Set(gateways.map(({ memberId }) => `${memberId}.peer`));
  const killAll = () => {
    for (const [name, pid] of nativeProcesses(home)) if (names.has(name)) kill(pid);
    return Promise.resolve();
  };
  return during(AGAIN_MS, killAll, run);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const KNOWN = /^gossip_membership_total_peers_known\{[^}]*\} (\d+)$/m;

/** Counts, each second, how many peers don't know all others; each may take a while to see them first. */
export async function whileWatching(home: Home, run: () => Promise<void>): Promise<number> {
  const memberIds = home.gateways().map(({ memberId }) => memberId);
  const complete = new Set<string>();
  let lost = 0;
  const look = async (memberId: string) => {
    const url = `http://127.0.0.1:${home.port(memberId, 'peer-operations')}/metrics`;
    const known = Number(KNOWN.exec(await (await fetch(url)).text())?.[1] ?? 0);
    if (known >= memberIds.length - 1) complete.add(memberId);
    else if (complete.has(memberId)) lost += 1;
  };
  await during(LOOK_MS, () => Promise.all(memberIds.map(look)), run);
  if (complete.size < memberIds.length)
    throw new Error(`only ${complete.size} of ${memberIds.length} peers ever saw all others`);
  return lost;
}
