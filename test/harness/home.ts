/** A consortium, run as an operator runs it: by the command line, in a home of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberApplication } from 'umlauf-chaincode/api';
import type { EngineName, GatewayAccess } from 'umlauf-network';
import { umlauf } from './command.js';

export interface Home {
  readonly directory: string;
  /** The gateways that the consortium published when it last came up, or when a member last joined. */
  gateways(): GatewayAccess[];
  gateway(memberId: string): GatewayAccess;
  /** The ready body for `POST /members`. */
  application(memberId: string): MemberApplication;
  /** Port on loopback that a member's node keeps. */
  port(memberId: string, kind: string): number;
  /** Runs a command on this home, as `command` does. */
  run(...args: string[]): Promise<string>;
  up(): Promise<void>;
  /** Stops all that runs and removes the folder. */
  remove(): Promise<void>;
}

/**
 * Runs a command.
 * @returns its standard output
 * @throws Error with what it printed, if it fails
 */
export async function command(...args: string[]): Promise<string> {
  const running = umlauf(...args);
  const code = await running.exit;
  if (code !== 0)
    throw new Error(`umlauf ${args.join(' ')} ended with ${code}: ${running.stderr()}${running.stdout()}`);
  return running.stdout();
}

export interface HomeOptions {
  /** Path of the consortium file. Default: the shipped one. */
  readonly consortium?: string;
  /** Leave the joining of admitted members to `org add`. */
  readonly manual?: boolean;
  /** Default: real Fabric. */
  readonly engine?: EngineName;
}

/** Brings a consortium up in a temporary folder. */
export async function startHome({
  consortium,
  manual = false,
  engine = 'fabric',
}: HomeOptions = {}): Promise<Home> {
  const parent = mkdtempSync(join(tmpdir(), 'umlauf-fabric-'));
  const directory = join(parent, 'home');
  const json = (...parts: string[]): unknown => JSON.parse(readFileSync(join(directory, ...parts), 'utf8'));
  const home: Home = {
    directory,
    gateways: () => json('endpoints.json') as GatewayAccess[],
    gateway(memberId) {
      const found = home.gateways().find((gateway) => gateway.memberId === memberId);
      if (!found) throw new Error(`${memberId} has no gateway`);
      return found;
    },
    application: (memberId) => json('applicants', `${memberId}.json`) as MemberApplication,
    port(memberId, kind) {
      const port = (json('ports.json') as Record<string, Record<string, number>>)[memberId]?.[kind];
      if (port === undefined) throw new Error(`${memberId} keeps no port of its ${kind}`);
      return port;
    },
    run: (...args) => command(...args, '--home', directory),
    async up() {
      await home.run(
        ...['up', '--engine', engine],
        ...(consortium === undefined ? [] : ['--consortium', consortium]),
        ...(manual ? ['--manual'] : []),
      );
    },
    async remove() {
      try {
        await home.run('down', '--wipe');
      } finally {
        rmSync(parent, { recursive: true, force: true });
      }
    },
  };
  try {
    await home.up();
  } catch (error) {
    await home.remove();
    throw error;
  }
  return home;
}
