/** A consortium file describes the channel of a home only if it lists the founders with whom that was made. */
import { existsSync, readFileSync } from 'node:fs';
import type { ChannelConfig } from 'umlauf-channel';
import type { EngineName } from '../engine.js';
import { genesisConfig } from '../engines/fabric/genesis.js';
import { genesisFile } from '../engines/genesis-file.js';
import type { Home } from '../home/home.js';
import { UserError } from '../user-error.js';
import { foundersAmong, type ConsortiumDescription } from './load.js';

/** The channel's first configuration; undefined before there is a channel. */
export function genesisOf(home: Pick<Home, 'path'>, engine: EngineName): ChannelConfig | undefined {
  const file = genesisFile(home, engine);
  if (!existsSync(file)) return undefined;
  return genesisConfig(readFileSync(file));
}

/**
 * Founders stay listed as such when they have left: who founded doesn't change.
 * @param file where the description comes from
 * @param genesis of the channel that is to run with it
 * @throws UserError naming whom the one has and the other hasn't
 */
export function checkFounders(
  { channel, members }: ConsortiumDescription,
  file: string,
  genesis: ChannelConfig,
): void {
  const founders = new Set(foundersAmong(members).map(({ mspId }) => mspId));
  const others = [...founders].filter((mspId) => !genesis.organizations.has(mspId));
  const missing = [...genesis.organizations.keys()].filter((mspId) => !founders.has(mspId));
  const objections = [
    ...(channel === genesis.channelId ? [] : [`it names the channel ${channel}, not ${genesis.channelId}`]),
    ...(others.length > 0 ? [`its founders ${others.join(', ')} did not found the channel`] : []),
    ...(missing.length > 0 ? [`it lacks the founders ${missing.join(', ')}`] : []),
  ];
  if (objections.length > 0)
    throw new UserError(
      `${file}: lists another consortium than this home's: ${objections.join('; ')}; name the right one with --consortium`,
    );
}
