/** Members on machines of their own: a folder and a home for each, with nothing in common but what they hand over. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bylaws, MemberApplication } from 'umlauf-chaincode/api';
import type { GatewayAccess } from 'umlauf-network';
import { shippedFile } from './consortium.js';
import { command } from './home.js';

export interface Machine {
  readonly memberId: string;
  /** Its home. */
  readonly directory: string;
  /** Its consortium file: the same as the others', but for who is here. */
  readonly consortium: string;
  /** Runs a command on its home, as `command` does. */
  run(...args: string[]): Promise<string>;
}

export interface Machines {
  /** What goes from one to another by hand: files that are no secret. */
  exchanged(name: string): string;
  of(memberId: string): Machine;
  gateways(): GatewayAccess[];
  gateway(memberId: string): GatewayAccess;
  application(memberId: string): MemberApplication;
  /** Whose gateways count among {@link gateways} from now on. */
  runs(memberId: string, isRunning: boolean): void;
  /** Stops all that runs and removes everything. */
  remove(): Promise<void>;
}

/** Makes a folder for each, with the shipped consortium file. */
export function setUpMachines(memberIds: readonly string[], bylaws: Bylaws): Machines {
  const parent = mkdtempSync(join(tmpdir(), 'umlauf-machines-'));
  const exchange = join(parent, 'exchanged');
  mkdirSync(exchange);
  const running = new Set<string>();
  const machines = memberIds.map((memberId): Machine => {
    const folder = join(parent, memberId);
    const consortium = join(folder, 'consortium.yaml');
    const directory = join(folder, 'home');
    mkdirSync(folder);
    writeFileSync(join(folder, 'bylaws.yaml'), JSON.stringify(bylaws));
    const common = readFileSync(shippedFile('consortium.yaml'), 'utf8');
    writeFileSync(consortium, `here: [${memberId}]\nelsewhere: ../exchanged\n${common}`);
    return {
      ...{ memberId, directory, consortium },
      run: (...args) => command(...args, '--home', directory),
    };
  });
  const of = (memberId: string): Machine => {
    const machine = machines.find((each) => each.memberId === memberId);
    if (!machine) throw new Error(`${memberId} has no machine`);
    return machine;
  };
  const json = (memberId: string, ...parts: string[]): unknown =>
    JSON.parse(readFileSync(join(of(memberId).directory, ...parts), 'utf8'));
  const all: Machines = {
    of,
    exchanged: (name) => join(exchange, name),
    gateways: () => [...running].map((memberId) => all.gateway(memberId)),
    gateway(memberId) {
      const found = (json(memberId, 'endpoints.json') as GatewayAccess[]).find(
        (gateway) => gateway.memberId === memberId,
      );
      if (!found) throw new Error(`${memberId} has no gateway`);
      return found;
    },
    application: (memberId) => json(memberId, 'applicants', `${memberId}.json`) as MemberApplication,
    runs(memberId, isRunning) {
      if (isRunning) running.add(memberId);
      else running.delete(memberId);
    },
    async remove() {
      try {
        await Promise.allSettled(machines.map((machine) => machine.run('down', '--wipe')));
      } finally {
        rmSync(parent, { recursive: true, force: true });
      }
    },
  };
  return all;
}
