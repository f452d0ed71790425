/** The way of one gateway to Fabric: all that is made over its connection. */
import type { Logger } from 'pino';
import type { CheckedOptions } from '../options.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { Channel } from './channel.js';
import { Connection, type Peers } from './connection.js';
import { OfflineClient } from './elsewhere-client.js';
import { SdkClient, type SdkClientOptions } from './sdk-client.js';
import { LedgerLookup } from './transactions.js';

/** What a gateway does with Fabric. */
export interface FabricWay {
  readonly connection: Connection;
  readonly client: SdkClient;
  readonly elsewhere: OfflineClient;
  readonly channel: Channel;
  readonly lookup: LedgerLookup;
}

type Settings = Pick<
  CheckedOptions,
  'peer' | 'furtherPeers' | 'mspId' | 'channel' | 'chaincode' | 'timeLimits'
>;

/** The peers of the settings, in the order in which they are used. */
export const peersOf = ({ peer, furtherPeers }: Pick<Settings, 'peer' | 'furtherPeers'>): Peers => [
  peer,
  ...furtherPeers,
];

export function wayToFabric(
  settings: Settings,
  identities: SdkClientOptions['identities'],
  { observer, tracing }: Pick<Telemetry, 'observer' | 'tracing'>,
  logger: Logger,
  onUnreached?: SdkClientOptions['onUnreached'],
): FabricWay {
  const { mspId, channel, chaincode, timeLimits } = settings;
  const connection = new Connection(peersOf(settings), tracing?.headers);
  const common = { connection, mspId, channel, chaincode, deadlines: timeLimits };
  const client = new SdkClient({
    ...common,
    identities,
    observer,
    onReopened: () => logger.warn('the connection to the peer was opened anew'),
    ...(onUnreached ? { onUnreached } : {}),
  });
  return {
    connection,
    client,
    elsewhere: new OfflineClient({ ...common, guarded: (step, call) => client.guarded(step, call) }),
    channel: new Channel(client, channel),
    lookup: new LedgerLookup(client, channel),
  };
}
