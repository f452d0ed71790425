/** How a home is to be run: as asked for, else as at its last start, else by default. */
import { resolve } from 'node:path';
import { checkFounders, genesisOf } from '../consortium/founders.js';
import { loadConsortium, membersElsewhere, type ConsortiumDescription } from '../consortium/load.js';
import type { ListedMember } from '../consortium/schema.js';
import type { EngineName } from '../engine.js';
import { checkEngine } from '../engines/engines.js';
import { checkFolder, checkHome, pathsIn, settingsOf, type HomeOptions } from '../home/home.js';
import { UserError } from '../user-error.js';
import { DEFAULT_ENGINE, shipped } from './options.js';

export interface RunOptions {
  readonly home: string;
  readonly fresh?: boolean;
  readonly consortium?: string;
  readonly engine?: EngineName;
  readonly orderers?: number;
  readonly manual?: boolean;
  /** File with the channel's first block, made on another machine. */
  readonly genesis?: string;
}

export interface Settled {
  readonly engine: EngineName;
  readonly description: ConsortiumDescription;
  readonly manual: boolean;
  /** What the home is opened with, so that it remembers what was asked for. */
  readonly homeOptions: HomeOptions;
}

/** The consortium file of a home. */
export function consortiumFile({ home, consortium }: Pick<RunOptions, 'home' | 'consortium'>): string {
  return resolve(consortium ?? settingsOf(home)?.consortium ?? shipped('consortium.yaml'));
}

/**
 * Settles how a home is to be run, before anything is made or stopped.
 * @throws UserError if the home, its channel, the files or this machine don't allow it
 */
export async function settle(options: RunOptions): Promise<Settled> {
  const { home, fresh = false, orderers } = options;
  const kept = fresh ? undefined : settingsOf(home);
  const engine = options.engine ?? kept?.engine ?? DEFAULT_ENGINE;
  if (fresh) checkFolder(home);
  else checkHome(home, engine);
  const file = fresh ? resolve(options.consortium ?? shipped('consortium.yaml')) : consortiumFile(options);
  const description = loadConsortium(file);
  const elsewhere = membersElsewhere(description);
  if (elsewhere.length > 0) checkCanBeElsewhere(engine, file, elsewhere);
  const genesis = fresh ? undefined : genesisOf(pathsIn(home), engine);
  if (genesis) {
    checkFounders(description, file, genesis);
    if (engine === 'fabric' && orderers !== undefined && orderers !== genesis.consenters.length)
      throw new UserError(
        `--orderers ${orderers}: the channel of ${home} was made with ${genesis.consenters.length}; umlauf org add MEMBER --orderer adds one`,
      );
  } else if (elsewhere.length > 0 && options.genesis === undefined)
    throw new UserError(
      `${home}: the channel's first block is not here: make it on one machine (umlauf genesis --out FILE), ` +
        'and take it on the others (--genesis FILE)',
    );
  await checkEngine(engine, { orderers });
  return {
    engine,
    description,
    manual: options.manual ?? kept?.manual ?? false,
    homeOptions: {
      ...{ fresh, engine, manual: options.manual },
      consortium: options.consortium === undefined ? undefined : file,
    },
  };
}

/** @throws UserError naming who can't be on another machine */
function checkCanBeElsewhere(engine: EngineName, file: string, elsewhere: readonly ListedMember[]): void {
  if (engine === 'embedded')
    throw new UserError(
      `${file}: ${elsewhere.map(({ id }) => id).join(', ')}: not listed under here, but the embedded network is one process ` +
        'with all members in it; use --engine fabric, or leave out here',
    );
}

/**
 * @throws UserError if what is asked for isn't how the home, which is running, is run
 */
export function checkAsRunning({ home, consortium, manual }: RunOptions): void {
  const running = settingsOf(home);
  const differs = (what: string) => {
    throw new UserError(`the consortium in ${home} is running ${what}; umlauf restart changes that`);
  };
  const file = consortiumFile({ home });
  if (consortium !== undefined && resolve(consortium) !== file) differs(`with ${file}`);
  if (manual !== undefined && manual !== (running?.manual ?? false))
    differs(`${manual ? 'without' : 'with'} --manual`);
}
