/** Whether enough members' peers can endorse what falls under the channel's policy, as far as a gateway can know. */
import type { FlatPolicy } from './channel-config.js';
import type { DiscoveredPeer } from './discovery.js';

/** What is known of the members' peers. */
export interface KnownPeers {
  /** The own MSP id: whether its peer works is judged elsewhere, by a read. */
  readonly own: string;
  readonly chaincode: string;
  /** The peers that the own one takes for alive, for minutes after their last word; absent: it doesn't tell. */
  readonly alive?: readonly DiscoveredPeer[] | undefined;
  /** Organizations whose peers didn't answer when they were asked last. */
  readonly silent: ReadonlySet<string>;
}

/**
 * MSP ids of those in a policy whose peers can't endorse now: none of them is alive, answers and can run the chaincode
 * (committed, approved by its organization and installed; Fabric's gateway asks no other).
 */
export function endorsersAway(
  { mspIds }: FlatPolicy,
  { own, chaincode, alive, silent }: KnownPeers,
): readonly string[] {
  const canRun = (mspId: string) =>
    alive?.some((peer) => peer.mspId === mspId && peer.chaincodes.includes(chaincode)) ?? true;
  return mspIds.filter((mspId) => mspId !== own && (silent.has(mspId) || !canRun(mspId)));
}

/** Whether those that are left satisfy a policy. */
export const satisfiable = ({ mspIds, threshold }: FlatPolicy, away: readonly string[]): boolean =>
  mspIds.length - away.length >= threshold;
