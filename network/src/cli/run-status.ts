import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOrganization } from 'umlauf-channel';
import { loadConsortium } from '../consortium/load.js';
import type { NodeFact } from '../doctor/facts.js';
import { localOrganizations } from '../doctor/probes/network.js';
import { probeNodes, type NodesFacts } from '../doctor/probes/nodes.js';
import { firstExpiry } from '../home/expiry.js';
import { engineOf, pathsIn } from '../home/home.js';
import { endpointsOf, holderOfHome } from '../home/running.js';
import { chaincodeInForce, gatewayState, networkPoints } from '../doctor/probes/running.js';
import { UserError } from '../user-error.js';
import { alarmsOf, describeAlarm } from './alarms.js';
import { describeChaincode, describeNext, describeOtherCode } from './run-chaincode.js';
import { consortiumFile } from './settle.js';

export interface StatusOptions {
  readonly home: string;
  readonly json?: boolean;
}

interface ProcessLine {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  readonly memoryMegabytes?: number;
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
  const certificates = await certificatesOf(home);
  const [gateways, nodes, chaincode, points] = await Promise.all([
    Promise.all(endpoints.map(gatewayState)),
    nodesOf(home, endpoints.length > 0 && engine === 'fabric'),
    chaincodeInForce(home),
    networkPoints(endpoints),
  ]);
  const { peers, orderers, consenters } = nodes;
  const otherCode = describeOtherCode(chaincode);
  const alarms = alarmsOf({ points: points ?? [], chaincode, orderers, consenters });
  const healthy =
    endpoints.length > 0 &&
    processes.every(({ running }) => running) &&
    gateways.every(({ ready }) => ready) &&
    [...peers, ...orderers].every(({ height }) => height !== undefined) &&
    alarms.length === 0;
  if (!healthy) process.exitCode = 1;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({
        ...{
          engine,
          healthy,
          processes,
          gateways,
          peers: peers.map(heightOf),
          orderers,
          chaincode,
          otherCode,
        },
        ...{ certificates, alarms },
      })}\n`,
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
    ...nodeLines('Peers', peers),
    ...nodeLines('Orderers', orderers),
    'Chaincode',
    `  ${chaincode ? describeChaincode(chaincode) : 'not known: nothing runs'}`,
    ...(chaincode?.next ? [`  ${describeNext(chaincode.next)}`] : []),
    ...(otherCode === undefined ? [] : [`  ${otherCode}`]),
    '',
    'Certificates, first expiry',
    ...certificates.map(({ memberId, firstExpiry }) => `  ${memberId.padEnd(40)} ${firstExpiry}`),
    '',
    alarms.length === 0 ? 'No alarms' : 'ALARMS',
    ...alarms.map((alarm) => `  ! ${describeAlarm(alarm)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const heightOf = ({ memberId, height }: NodeFact): NodeFact => ({ memberId, height });

function nodeLines(title: string, nodes: readonly NodeFact[]): string[] {
  if (nodes.length === 0) return [];
  const lines = nodes.map(
    ({ memberId, height }) =>
      `  ${memberId.padEnd(40)} ${height === undefined ? 'does not answer' : `height ${height}`}`,
  );
  return [title, ...lines, ''];
}

type Nodes = Pick<NodesFacts, 'peers' | 'orderers' | 'consenters'>;

/** Native peers and orderers, asked one by one; where one process is all of them, its gateways tell. */
async function nodesOf(directory: string, native: boolean): Promise<Nodes> {
  if (!native) return { peers: [], orderers: [], consenters: undefined };
  const home = pathsIn(directory);
  const description = loadConsortium(consortiumFile({ home: directory }));
  const organizations = await localOrganizations(home, description);
  return probeNodes(home, organizations, description.channel, description.chaincode);
}

async function processesOf(home: string): Promise<ProcessLine[]> {
  const holder = holderOfHome(home);
  const native =
    engineOf(home) === 'fabric'
      ? (await import('../engines/fabric/leftovers.js')).nativeProcesses(pathsIn(home))
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
