/** The processes behind a home, to be killed without warning. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { until } from './until.js';
import type { Home } from './home.js';

const EXTENSION = '.json';

/** Pids by name: `<member>.peer`, `<member>.orderer`, `<member>.chaincode-<hash>`. */
export function nativeProcesses({ directory }: Pick<Home, 'directory'>): Map<string, number> {
  const folder = join(directory, 'fabric', 'processes');
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => [basename(file, EXTENSION), pidIn(join(folder, file))]),
  );
}

/** The process with the gateways. */
const holder = ({ directory }: Home): number => pidIn(join(directory, 'lock'));

/**
 * Kills a native process, and waits until the consortium has started it again by itself.
 * @param name the full name, or its beginning
 */
export async function killNative(home: Home, name: string): Promise<void> {
  const found = [...nativeProcesses(home)].find(([each]) => each.startsWith(name));
  if (!found) throw new Error(`no process ${name}`);
  const [full, pid] = found;
  process.kill(pid, 'SIGKILL');
  await until(`${full} runs again`, () => {
    const now = nativeProcesses(home).get(full);
    return now !== undefined && now !== pid && isAlive(now) ? now : undefined;
  });
}

/** Kills the process with the gateways; what it had started goes on running. */
export async function killHolder(home: Home): Promise<void> {
  const pid = holder(home);
  process.kill(pid, 'SIGKILL');
  await until('the end of the process with the gateways', () => !isAlive(pid));
}

/** Everything at once, as a power cut does. */
export async function killEverything(home: Home): Promise<void> {
  const pids = [holder(home), ...nativeProcesses(home).values()];
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await until('the end of every process', () => !pids.some(isAlive));
}

/** Which founder's orderer leads, as the orderers' metrics tell; undefined while they change over. */
export async function leader(home: Home, memberIds: readonly string[]): Promise<string | undefined> {
  for (const memberId of memberIds) {
    const url = `http://127.0.0.1:${home.port(memberId, 'orderer-operations')}/metrics`;
    const metrics = await fetch(url)
      .then((answer) => answer.text())
      .catch(() => '');
    if (/^consensus_BFT_is_leader\{[^}]*\} 1$/m.test(metrics)) return memberId;
  }
  return undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function pidIn(file: string): number {
  return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
}
