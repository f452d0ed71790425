import type { common } from '@hyperledger/fabric-protos';
import {
  addOrganization,
  configUpdateEnvelope,
  createSigner,
  proposeConfigUpdate,
  signConfigUpdate,
  type ChannelConfig,
  type ChannelOrganization,
} from 'umlauf-channel';
import type { LocalOrganization } from '../../home/organizations.js';

/** The config update that adds an organization, signed by the admins given, be they enough or not. */
export function joinUpdate(
  channel: ChannelConfig,
  organization: ChannelOrganization,
  admins: readonly LocalOrganization[],
): common.Envelope {
  const update = proposeConfigUpdate(
    channel.config,
    addOrganization(channel.config, organization),
    channel.channelId,
  ).serializeBinary();
  const signers = admins.map(({ material }) => createSigner(material.admin, material.mspId));
  const [submitter] = signers;
  if (!submitter) throw new TypeError('A config update needs an admin');
  return configUpdateEnvelope(
    update,
    signers.map((signer) => signConfigUpdate(update, signer)),
    submitter,
  );
}
