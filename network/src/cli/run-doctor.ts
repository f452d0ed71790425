import { parseGoDuration } from 'umlauf-channel';
import { loadConsortium, membersHere } from '../consortium/load.js';
import { checkHome } from '../doctor/checks/home.js';
import { checkMachine } from '../doctor/checks/machine.js';
import { checkClocks, checkNetwork } from '../doctor/checks/network.js';
import type { Finding } from '../doctor/finding.js';
import { probeHome } from '../doctor/probes/home.js';
import { probeClock, probeMachine } from '../doctor/probes/machine.js';
import { probeNetwork } from '../doctor/probes/network.js';
import { goDuration } from '../engines/fabric/go-duration.js';
import { checkFolder, engineOf } from '../home/home.js';
import { endpointsOf } from '../home/running.js';
import { UserError } from '../user-error.js';
import { consortiumFile } from './settle.js';

export interface DoctorOptions {
  readonly home: string;
  readonly consortium?: string;
  readonly clock?: readonly string[];
  readonly json?: boolean;
}

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: '✓', wrong: '!', unknown: '?' };

/** Looks at everything there is, and tells it as a table. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { home, clock = [], json } = options;
  const description = loadConsortium(consortiumFile(options));
  for (const url of clock)
    if (!/^https?:\/\/./.test(url)) throw new UserError(`--clock ${url}: must be an http or https address`);
  checkFolder(home);
  const skewMs = parseGoDuration(goDuration(description.bylaws.skew)) ?? 0;
  const findings: Finding[] = checkMachine(await probeMachine(home));
  if (engineOf(home))
    findings.push(...checkHome(await probeHome(home, membersHere(description)), new Date()));
  findings.push(
    ...(endpointsOf(home)
      ? checkNetwork(await probeNetwork(home, description, clock), skewMs)
      : clock.length > 0
        ? checkClocks(
            { clocks: await Promise.all(clock.map(probeClock)), newestBlockAheadMs: undefined },
            skewMs,
          )
        : []),
  );
  const healthy = findings.every(({ state }) => state !== 'wrong');
  if (!healthy) process.exitCode = 1;
  if (json === true) process.stdout.write(`${JSON.stringify({ healthy, findings })}\n`);
  else process.stdout.write(`${table(findings).join('\n')}\n`);
}

function table(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 4);
  return findings.flatMap(({ check, state, text, remedy }) => [
    `${MARKS[state]} ${check.padEnd(width)}  ${text.replaceAll('\n', `\n${indent}`)}`,
    ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
  ]);
}
