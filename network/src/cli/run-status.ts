import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenPoint } from 'umlauf-chaincode/api';
import { readOrganization } from 'umlauf-channel';
import { control } from '../control/client.js';
import type { ChaincodeInForce } from '../engine.js';
import { firstExpiry } from '../home/expiry.js';
import { engineOf } from '../home/home.js';
import { endpointsOf, holderOfHome } from '../home/running.js';
import type { Operations } from '../operations/operations.js';
import { all, type GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import { describeChaincode } from './run-chaincode.js';

export interface StatusOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** A gateway that takes longer is listed as not ready. */
const ANSWER_MS = 5_000;

interface ProcessLine {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  readonly memoryMegabytes?: number;
}
interface GatewayLine {
  readonly memberId: string;
  readonly url: string;
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly height?: number;
}
interface CertificateLine {
  readonly memberId: string;
  readonly firstExpiry: string;
}

/** What runs in a home, and what a person should know of it. Exits with 1 if something is down or raises an alarm. */
export async function status({ home, json }: StatusOptions): Promise<void> {
  const engine = engineOf(home);
  if (!engine) throw new UserError(`${home}: is not a home of Umlauf`);
  const endpoints = endpointsOf(home) ?? [];
  const processes = await processesOf(home);
  const gateways = await Promise.all(endpoints.map(gatewayLine));
  const certificates = await certificatesOf(home);
  const chaincode = await chaincodeOf(home);
  const alarms = [...(await alarmsOf(endpoints)), ...chaincodeAlarms(chaincode)];
  const healthy =
    endpoints.length > 0 &&
    processes.every(({ running }) => running) &&
    gateways.every(({ ready }) => ready) &&
    alarms.length === 0;
  if (!healthy) process.exitCode = 1;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ engine, healthy, processes, gateways, chaincode, certificates, alarms })}\n`,
    );
    return;
  }
  const lines = [
    `Engine: ${engine}; ${endpoints.length > 0 ? 'up' : 'not up: umlauf up'}`,
    '',
    'Processes',
    ...processes.map(
      ({ name, pid, running, memoryMegabytes }) =>
        `  ${name.padEnd(40)} ${String(pid).padStart(8)} ${running ? `${String(memoryMegabytes ?? 0).padStart(6)} MB` : 'not running'}`,
    ),
    '',
    'Gateways',
    ...gateways.map(
      ({ memberId, url, ready, missing, height }) =>
        `  ${memberId.padEnd(40)} ${url} ${ready ? `ready, height ${height ?? '?'}` : `not ready: ${missing.join(', ')}`}`,
    ),
    '',
    'Chaincode',
    `  ${chaincode ? describeChaincode(chaincode) : 'not known: nothing runs'}`,
    '',
    'Certificates, first expiry',
    ...certificates.map(({ memberId, firstExpiry }) => `  ${memberId.padEnd(40)} ${firstExpiry}`),
    '',
    alarms.length === 0 ? 'No alarms' : 'ALARMS',
    ...alarms.map((alarm) => `  ! ${alarm}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function processesOf(home: string): Promise<ProcessLine[]> {
  const holder = holderOfHome(home);
  const native =
    engineOf(home) === 'fabric'
      ? (await import('../engines/fabric/leftovers.js')).nativeProcesses({
          path: (...parts) => join(home, ...parts),
        })
      : [];
  return [...(holder ? [{ name: 'umlauf', pid: holder.pid, running: true }] : []), ...native].map(
    ({ name, pid, running }) => {
      const memory = running ? residentMegabytes(pid) : undefined;
      return { name, pid, running, ...(memory === undefined ? {} : { memoryMegabytes: memory }) };
    },
  );
}

/** From proc(5); undefined on systems without it. */
function residentMegabytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}

async function gatewayLine({ memberId, url }: GatewayAccess): Promise<GatewayLine> {
  try {
    const response = await fetch(`${url}/api/v1/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { missing, height } = (await response.json()) as { missing: string[]; height?: number };
    return { memberId, url, ready: response.ok, missing, ...(height === undefined ? {} : { height }) };
  } catch {
    return { memberId, url, ready: false, missing: ['gateway'] };
  }
}

async function certificatesOf(home: string): Promise<CertificateLine[]> {
  const folder = join(home, 'organizations');
  const lines: CertificateLine[] = [];
  // Beside the members' folders there is what a killed process left of new ones.
  const memberIds = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes('.')) : [];
  for (const memberId of memberIds.sort()) {
    const material = await readOrganization(join(folder, memberId));
    lines.push({ memberId, firstExpiry: firstExpiry(material).toISOString().slice(0, 10) });
  }
  return lines;
}

/** What the channel runs, if the consortium is up and its peers tell. */
async function chaincodeOf(home: string): Promise<ChaincodeInForce | undefined> {
  const silent = { step: () => undefined, alarm: () => undefined };
  return control<Operations, 'chaincode'>(home, 'chaincode', {}, silent).catch(() => undefined);
}

/** An organization without approval endorses nothing. */
function chaincodeAlarms(chaincode: ChaincodeInForce | undefined): string[] {
  const { name = '', unapproved = [] } = chaincode ?? {};
  return unapproved.map((mspId) => `${mspId} has not approved ${name}: it endorses nothing.`);
}

/** Where register and network disagree, in both directions, as the first gateway that answers has it. */
async function alarmsOf(endpoints: readonly GatewayAccess[]): Promise<string[]> {
  for (const gateway of endpoints) {
    try {
      const points = await all<OpenPoint>(gateway, 'auditor', '/open-points', { timeoutMs: ANSWER_MS });
      return points
        .filter(({ kind }) => kind === 'member-not-on-network' || kind === 'organization-not-covered')
        .map(({ detail }) => detail);
    } catch {
      // listed as not ready
    }
  }
  return [];
}
