import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberApplication } from 'umlauf-chaincode/api';
import { Consortium } from '../consortium/consortium.js';
import type { ConsortiumEvents } from '../consortium/events.js';
import { loadConsortium } from '../consortium/load.js';
import type { EngineName } from '../engine.js';
import { checkEngine, engineStarter } from '../engines/engines.js';
import { killLeftovers } from '../engines/fabric/leftovers.js';
import { engineOf, openHome } from '../home/home.js';
import type { GatewayAccess } from '../rest.js';
import { playStory, type Stage, type StoryEnd } from '../story/story.js';
import { UserError } from '../user-error.js';
import { interruption } from './interruption.js';
import { DEFAULT_ENGINE } from './options.js';

export interface DemoOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly fresh?: boolean;
  readonly consortium: string;
  readonly engine?: EngineName;
  readonly orderers?: number;
}

/** Plays the story and prints it. */
export async function demo(options: DemoOptions): Promise<void> {
  const description = loadConsortium(options.consortium);
  const engine = options.engine ?? DEFAULT_ENGINE;
  await checkEngine(engine, options);
  const directory = options.home ?? (await mkdtemp(join(tmpdir(), 'umlauf-demo-')));
  if (engineOf(directory) && !options.fresh)
    throw new UserError(
      `${directory}: holds a consortium already; begin anew with --fresh or choose another --home`,
    );
  const home = openHome(directory, { fresh: true, engine });
  const interrupted = interruption(() => killLeftovers(home)); // none on the embedded network
  let step = 0;
  const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  const tell = ({ text, transactionId }: { text: string; transactionId?: string | undefined }) => {
    step += 1;
    if (options.json) print({ step, text, ...(transactionId === undefined ? {} : { transactionId }) });
    else
      process.stdout.write(
        `${String(step).padStart(3)}  ${text}${transactionId === undefined ? '' : `\n     ${transactionId}`}\n`,
      );
  };
  const joins = new Joins();
  let consortium: Consortium | undefined;
  try {
    const { orderers } = options;
    const starter = await engineStarter(engine, orderers === undefined ? {} : { orderers });
    const events: ConsortiumEvents = {
      step: (text, transactionId) => tell({ text, transactionId }),
      joined: (gateway) => joins.add(gateway),
      alarm: (text) => joins.fail(new UserError(`alarm: ${text}`)),
    };
    const { signal } = interrupted;
    consortium = await Consortium.start(home, description, starter, events, { signal });
    const running = consortium;
    const stage: Stage = {
      get gateways() {
        return running.gateways;
      },
      gateway: (memberId) => running.gateway(memberId),
      application: (memberId) =>
        JSON.parse(readFileSync(home.path('applicants', `${memberId}.json`), 'utf8')) as MemberApplication,
      joined: (memberId) => joins.of(memberId),
      declared: () => running.declared(),
    };
    const end = await Promise.race([
      playStory(stage, tell),
      interrupted.requested.then(() => Promise.reject(new UserError('interrupted'))),
    ]);
    joins.check();
    if (options.json) print(end);
    else process.stdout.write(`\n${register(end)}\n`);
  } finally {
    await consortium?.stop();
    interrupted.release();
    home.close();
    if (options.home === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** Members whose organizations have joined, and those who wait for them. */
class Joins {
  private readonly gateways = new Map<string, GatewayAccess>();
  private failure: Error | undefined;
  private readonly waiting: {
    memberId: string;
    resolve: (gateway: GatewayAccess) => void;
    reject: (error: Error) => void;
  }[] = [];

  add(gateway: GatewayAccess): void {
    this.gateways.set(gateway.memberId, gateway);
    for (const { memberId, resolve } of this.waiting) if (memberId === gateway.memberId) resolve(gateway);
  }

  /** What was told while nobody waited counts as well. */
  fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting) reject(error);
  }

  /** @throws Error if something has failed */
  check(): void {
    if (this.failure) throw this.failure;
  }

  async of(memberId: string): Promise<GatewayAccess> {
    this.check();
    const gateway = this.gateways.get(memberId);
    if (gateway) return gateway;
    return new Promise((resolve, reject) => this.waiting.push({ memberId, resolve, reject }));
  }
}

function register({ members, resolutions }: StoryEnd): string {
  const lines = members.map((member) => {
    const admission =
      member.admission && 'resolutionId' in member.admission ? member.admission.resolutionId : 'foundation';
    return `  ${member.id.padEnd(34)} ${member.status.padEnd(10)} ${member.admission ? `by ${admission}` : ''}`.trimEnd();
  });
  const votes = resolutions.map(
    ({ id, status, tally }) =>
      `  ${id.padEnd(34)} ${status.padEnd(10)} ${tally?.yes ?? 0} yes, ${tally?.no ?? 0} no`,
  );
  return ['Register of members', ...lines, '', 'Resolutions', ...votes].join('\n');
}
