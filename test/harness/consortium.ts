/** A consortium in a temporary folder, for scenarios that run unchanged on every engine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrganization } from 'umlauf-channel';
import type { Bylaws, MemberApplication, MemberIdentity, Proposal } from 'umlauf-chaincode/api';
import {
  Consortium,
  loadConsortium,
  memberIdentity,
  openHome,
  engineStarter,
  type ConsortiumDescription,
  type Engine,
  type EngineName,
  type EngineStarter,
  type GatewayAccess,
  type LocalOrganization,
  type PeerAddress,
} from 'umlauf-network';
import { networkFile } from './package-folder.js';
import { until } from './until.js';

/** The engine that the scenarios run on: `UMLAUF_ENGINE`, by default the embedded network. */
export const ENGINE = (process.env['UMLAUF_ENGINE'] ?? 'embedded') as EngineName;

export const shippedFile = (name: string): string => networkFile(name);

/** How far timestamps may be off: proposals are older on real Fabric, whose processes share few cores with the test. */
const SKEW_SECONDS = ENGINE === 'embedded' ? 1 : 3;
/** The shortest voting period, as the skew allows it. */
export const SHORTEST_VOTING = `PT${3 * SKEW_SECONDS}S`;

/** The shipped bylaws with periods of seconds, so that deadlines can pass in a test. */
function shortPeriods(bylaws: Bylaws): Bylaws {
  return {
    ...bylaws,
    skew: `PT${SKEW_SECONDS}S`,
    forms: { ...bylaws.forms, circular: { ...bylaws.forms.circular!, shortestVoting: SHORTEST_VOTING } },
  };
}

export interface TestConsortium {
  readonly description: ConsortiumDescription;
  readonly directory: string;
  readonly gateways: readonly GatewayAccess[];
  readonly alarms: readonly string[];
  gateway(memberId: string): GatewayAccess;
  /** How to reach a member's peer directly, without its gateway. */
  peer(memberId: string): PeerAddress;
  /** What runs the channel, for what only one of the engines does. */
  readonly engine: Engine;
  /** A member's organization as the engine knows it, private keys included. */
  organization(memberId: string): Promise<LocalOrganization>;
  /** What a foundation says of the founders. */
  founders(): Promise<MemberIdentity[]>;
  /** The ready body for `POST /members`. */
  application(memberId: string): MemberApplication;
  /** Resolves when the member's organization has joined and its gateway answers. */
  joined(memberId: string): Promise<GatewayAccess>;
  /** Stops, has something done, and starts again on the same home. */
  pause(meanwhile: () => Promise<void>): Promise<void>;
  /** Stops and starts again on the same home. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestOptions {
  readonly file?: string;
  /** Changes what the files describe. */
  readonly describe?: (description: ConsortiumDescription) => ConsortiumDescription;
  /** Leave the foundation to the test. */
  readonly unfounded?: boolean;
  /** Leave it to `umlauf org add` to bring in admitted members. */
  readonly manual?: boolean;
  /** Default: that of `ENGINE`, with default options. */
  readonly startEngine?: EngineStarter;
  /** What has to be in the home before the first start. */
  readonly prepare?: (directory: string, description: ConsortiumDescription) => Promise<void>;
}

export async function startConsortium({
  file = 'consortium.yaml',
  describe,
  unfounded = false,
  manual = false,
  startEngine,
  prepare,
}: TestOptions = {}): Promise<TestConsortium> {
  const loaded = loadConsortium(shippedFile(file));
  const short = { ...loaded, bylaws: shortPeriods(loaded.bylaws) };
  const description = describe ? describe(short) : short;
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-test-'));
  await prepare?.(directory, description);
  const alarms: string[] = [];
  const joins = new Set<string>();
  const open = async () => {
    const home = openHome(directory, { engine: ENGINE });
    try {
      const consortium = await Consortium.start(
        home,
        description,
        starter,
        { alarm: (text) => alarms.push(text), joined: (gateway) => joins.add(gateway.memberId) },
        { unfounded, manual },
      );
      await consortium.declared();
      return { home, consortium };
    } catch (error) {
      home.close();
      throw error;
    }
  };
  let engine: Engine | undefined;
  const starter: EngineStarter = async (context) => {
    const started = await (startEngine ?? (await engineStarter(ENGINE)))(context);
    engine = started.engine;
    return started;
  };
  const organization = async (memberId: string) => {
    const member = description.members.find(({ id }) => id === memberId);
    if (!member) throw new Error(`${memberId} is not listed`);
    return { member, material: await readOrganization(join(directory, 'organizations', memberId)) };
  };
  let running = await open();
  const close = async () => {
    await running.consortium.stop();
    running.home.close();
  };
  return {
    description,
    directory,
    alarms,
    get gateways() {
      return running.consortium.gateways;
    },
    gateway: (memberId) => running.consortium.gateway(memberId),
    peer: (memberId) => running.consortium.peer(memberId),
    get engine() {
      if (!engine) throw new Error('no engine was started');
      return engine;
    },
    organization,
    founders: () =>
      Promise.all(
        description.members
          .filter(({ start }) => start === 'founding')
          .map(async ({ id }) => memberIdentity(await organization(id))),
      ),
    application: (memberId) =>
      JSON.parse(
        readFileSync(join(directory, 'applicants', `${memberId}.json`), 'utf8'),
      ) as MemberApplication,
    joined: (memberId) =>
      until(`${memberId} has joined`, () =>
        joins.has(memberId) ? running.consortium.gateway(memberId) : undefined,
      ),
    async pause(meanwhile) {
      await close();
      try {
        await meanwhile();
      } finally {
        running = await open();
      }
    },
    async restart() {
      await close();
      running = await open();
    },
    async stop() {
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A resolution that needs no target, with what the test asks for. */
export function recordOnly(id: string, changes: Partial<Proposal> = {}): Partial<Proposal> {
  return {
    id,
    title: `Resolution ${id}`,
    motion: 'The general assembly takes note.',
    matter: 'ordinary',
    form: 'circular',
    procedureBasis: 'bylaws-clause',
    votingPeriod: 'P7D',
    effects: [{ kind: 'record-only' }],
    ...changes,
  };
}
