/** Tells a process from another that got the same number later. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process, as it can be written down and recognised after a crash. `started` is empty where the system doesn't tell. */
export const ProcessIdentity = z.object({ pid: z.int().positive(), started: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** What identifies a process that is alive now. */
export function identify(pid: number): ProcessIdentity {
  return { pid, started: statusOf(pid)?.started ?? '' };
}

/** Whether this very process is still running; one that has ended but wasn't waited for is not. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const status = statusOf(pid);
  if (!status) return true; // the system doesn't tell more
  return !status.ended && (started === '' || status.started === started);
}

function statusOf(pid: number): { started: string; ended: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): after the name in parentheses, state is field 3 and starttime field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    if (started !== undefined) return { started, ended: state === 'Z' || state === 'X' };
  } catch {
    // no /proc on this system, or no such process
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return line === '' ? undefined : { started: started.join(' '), ended: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}
