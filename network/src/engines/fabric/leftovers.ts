import type { Home } from '../../home/home.js';
import { fabricLayout } from './nodes/layout.js';
import { Supervisor, type ProcessStatus } from './nodes/processes.js';

/** Stops the native processes of a home whose engine was killed. */
export async function stopLeftovers(home: Home): Promise<void> {
  await supervisorOf(home).stop();
}

/** Kills the native processes of a home whose engine isn't waited for. */
export function killLeftovers(home: Pick<Home, 'path'>): void {
  supervisorOf(home).kill();
}

/** The native processes of a home. */
export function nativeProcesses(home: Pick<Home, 'path'>): ProcessStatus[] {
  return supervisorOf(home).list();
}

function supervisorOf(home: Pick<Home, 'path'>): Supervisor {
  const layout = fabricLayout(home);
  return new Supervisor(layout.processes, layout.logs);
}
