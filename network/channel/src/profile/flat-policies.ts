import { common } from '@hyperledger/fabric-protos';
import { serializeIdentity } from '../msp/serialized-identity.js';
import {
  bftQuorum,
  flatPolicy,
  identityPrincipal,
  majorityOf,
  organizationsPolicy,
} from '../policies/build.js';
import { signatureConfigPolicy } from '../policies/config-policy.js';
import { consentersOf } from './consenters.js';
import { KEY, setPolicy } from './group.js';
import { mspIdsOf } from './organization-groups.js';

/**
 * Rewrites every policy of a channel that names its organizations one by one, in place:
 *
 * - Readers and Writers of Channel, Application and Orderer: any member of one of their organizations. An implicit
 *   meta policy would mean the same but verify each signature once for each organization.
 * - Application/Endorsement: peers of a strict majority of the members. The peer's gateway takes seven to ten times
 *   as long over the implicit meta policy of the same meaning.
 * - Orderer/BlockValidation: a quorum of the consenters. BFT orderers refuse a configuration in which it doesn't
 *   match the consenter mapping byte by byte (orderer/consensus/smartbft/configverifier.go).
 */
export function writeFlatPolicies(channel: common.ConfigGroup): void {
  const application = channel.getGroupsMap().get(KEY.application);
  const ordering = channel.getGroupsMap().get(KEY.orderer);
  const members = mspIdsOf(application);
  const orderers = mspIdsOf(ordering);
  writeAccess(channel, [...new Set([...members, ...orderers])]);
  if (application) {
    writeAccess(application, members);
    const endorsement = organizationsPolicy(majorityOf(members.length), members, 'peer');
    setPolicy(application, 'Endorsement', signatureConfigPolicy(endorsement));
  }
  if (ordering) {
    writeAccess(ordering, orderers);
    setPolicy(ordering, 'BlockValidation', blockValidationPolicy(ordering));
  }
}

function writeAccess(group: common.ConfigGroup, mspIds: readonly string[]): void {
  const anyMember = signatureConfigPolicy(organizationsPolicy(1, mspIds, 'member'));
  setPolicy(group, 'Readers', anyMember);
  setPolicy(group, 'Writers', anyMember);
}

/**
 * The policy that a quorum of an Orderer group's consenters must have signed a block (common/policies/bft.go).
 * @throws ChannelConfigError if the consenter mapping is malformed
 */
export function blockValidationPolicy(ordering: common.ConfigGroup): common.Policy {
  const principals = consentersOf(ordering).map((consenter) =>
    identityPrincipal(
      serializeIdentity(consenter.getMspId(), Buffer.from(consenter.getIdentity_asU8()).toString()),
    ),
  );
  return signatureConfigPolicy(flatPolicy(bftQuorum(principals.length), principals));
}
