/**
 * Which peers together satisfy the policies of a transaction (Fabric: discovery's endorsement analyzer). Where the
 * real one enumerates combinations and tries them one after the other, this one looks for the next when it needs it.
 */
import type { peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, Identity, Policy } from 'umlauf-channel';
import type { StateReader } from '../ledger/view.js';
import { applicationPolicy, endorsementPolicyBytes } from '../lifecycle/definition.js';
import { shuffled } from '../protocol/shuffled.js';
import type { EndorsingPeer } from './endorsing-peer.js';

export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

const NO_COMBINATION = 'no combination of peers can be derived which satisfy the endorsement policy';

export interface LayoutRequest {
  readonly interest: peer.ChaincodeInterest;
  readonly config: ChannelConfig;
  readonly state: StateReader;
  readonly peers: readonly EndorsingPeer[];
}

export class Layouts {
  readonly #policies: readonly Policy[];
  readonly #identities: ReadonlyMap<EndorsingPeer, Identity>;

  /** @throws LayoutError with Fabric's wording if no set of available peers can satisfy the policies. */
  constructor({ interest, config, state, peers }: LayoutRequest) {
    this.#policies = requiredPolicies(interest, config, state);
    const alive = identities(peers, config);
    if (!satisfied(this.#policies, [...alive.values()])) {
      throw new LayoutError(`${NO_COMBINATION}: no peer combination can satisfy the endorsement policy`);
    }
    const names = interest.getChaincodesList().map((call) => call.getName());
    this.#identities = new Map(
      [...alive].filter(([candidate]) => names.every((name) => candidate.canRun(name))),
    );
    if (!satisfied(this.#policies, [...this.#identities.values()])) {
      throw new LayoutError(`${NO_COMBINATION}: required chaincodes are not installed on sufficient peers`);
    }
  }

  /**
   * A set of peers of which none can be left out, without those that failed.
   * @param preferred kept if a set with them is possible, the first most of all
   */
  next(failed: ReadonlySet<EndorsingPeer>, preferred: readonly EndorsingPeer[]): EndorsingPeer[] | undefined {
    const usable = [...this.#identities.keys()].filter((candidate) => !failed.has(candidate));
    const rank = (candidate: EndorsingPeer): number => {
      const index = preferred.indexOf(candidate);
      return index === -1 ? -1 : preferred.length - index;
    };
    let chosen = shuffled(usable).sort((a, b) => rank(a) - rank(b));
    if (!this.#satisfiedBy(chosen)) return undefined;
    for (const candidate of [...chosen]) {
      const without = chosen.filter((other) => other !== candidate);
      if (this.#satisfiedBy(without)) chosen = without;
    }
    return chosen.reverse();
  }

  #satisfiedBy(peers: readonly EndorsingPeer[]): boolean {
    return satisfied(
      this.#policies,
      peers.flatMap((candidate) => this.#identities.get(candidate) ?? []),
    );
  }
}

function requiredPolicies(
  interest: peer.ChaincodeInterest,
  config: ChannelConfig,
  state: StateReader,
): Policy[] {
  return interest.getChaincodesList().flatMap((call) => {
    const bytes = endorsementPolicyBytes(call.getName(), state);
    if (bytes === undefined) {
      throw new LayoutError(
        `${NO_COMBINATION}: No metadata was found for chaincode ${call.getName()} in channel ${config.channelId}`,
      );
    }
    const keys = call.getKeyPoliciesList().map((policy) => config.signaturePolicy(policy.serializeBinary()));
    return call.getDisregardNamespacePolicy() ? keys : [applicationPolicy(bytes, config), ...keys];
  });
}

function identities(peers: readonly EndorsingPeer[], config: ChannelConfig): Map<EndorsingPeer, Identity> {
  const found = new Map<EndorsingPeer, Identity>();
  for (const candidate of peers) {
    if (!candidate.isAvailable) continue;
    try {
      found.set(candidate, config.identity(candidate.identity));
    } catch {
      // A peer whose certificate the channel doesn't accept can't endorse.
    }
  }
  return found;
}

function satisfied(policies: readonly Policy[], by: readonly Identity[]): boolean {
  try {
    for (const policy of policies) policy.evaluateIdentities(by);
    return true;
  } catch {
    return false;
  }
}
