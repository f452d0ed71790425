/** A gateway in a process of its own on the embedded network, whose memory is its own too. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayAccess } from 'umlauf-network';
import { umlauf } from '../harness/command.js';
import { GatewayProcess, type GatewayProcessOptions } from '../harness/gateway-process.js';
import { until } from '../harness/until.js';

const MEMBER = 'itdz-berlin';

export interface OwnGateway {
  readonly gateway: GatewayProcess;
  /** The home's own gateways, as they can be called now: tokens expire. */
  readonly others: () => readonly GatewayAccess[];
}

export async function withOwnGateway<T>(
  options: GatewayProcessOptions,
  measure: (own: OwnGateway) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const start = umlauf('start', '--home', directory);
  let gateway: GatewayProcess | undefined;
  try {
    await start.shows('Stop with Ctrl-C');
    const others = () =>
      JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as GatewayAccess[];
    const member = others().find(({ memberId }) => memberId === MEMBER)!;
    gateway = await GatewayProcess.start({ directory }, member, options);
    const { url } = gateway.access;
    await until('the gateway is ready', () => fetch(`${url}/health/ready`).then(({ ok }) => ok || undefined));
    return await measure({ gateway, others });
  } finally {
    await gateway?.stop();
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Memory of a process that is its own, in kB. */
export function residentKb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb);
}
