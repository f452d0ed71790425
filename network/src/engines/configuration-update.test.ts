import type { common } from '@hyperledger/fabric-protos';
import {
  addOrganization,
  ChannelConfig,
  configUpdateEnvelope,
  createConfig,
  createOrganization,
  createSigner,
  publicOrganization,
  signConfigUpdate,
  type ChannelOrganization,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { beforeAll, describe, expect, it } from 'vitest';
import { MissingSignaturesError, updateConfiguration, type UpdateSigner } from './configuration-update.js';

const MEMBERS = 7;
const ORDERERS = 4;
let materials: OrganizationMaterial[];
let channel: ChannelConfig;
let sent: common.Envelope[];

function part(material: OrganizationMaterial, index: number): ChannelOrganization {
  const { signing, tls } = material.orderer;
  const orderer = {
    host: 'localhost',
    port: 7050 + index,
    signingCertificate: signing.certificate,
    clientTlsCertificate: tls.certificate,
    serverTlsCertificate: tls.certificate,
  };
  return {
    ...publicOrganization(material),
    peers: [{ host: 'localhost', port: 8050 + index }],
    ...(index < ORDERERS ? { orderer } : {}),
  };
}

beforeAll(async () => {
  materials = await Promise.all(
    Array.from({ length: MEMBERS + 1 }, (_, index) =>
      createOrganization({ mspId: `M${index}MSP`, domain: `m${index}.example`, hosts: [], users: [] }),
    ),
  );
  const organizations = materials.slice(0, MEMBERS).map(part);
  const config = createConfig({ channelId: 'umlauf', organizations });
  channel = ChannelConfig.fromConfig(config, 'umlauf');
});

/** Members that have the channel's rules judge what they send. */
function members(indexes: readonly number[]): UpdateSigner[] {
  sent = [];
  return indexes.map((index) => {
    const signer = createSigner(materials[index]!.admin, materials[index]!.mspId);
    return {
      mspId: signer.mspId,
      sign: (update) => signConfigUpdate(update, signer),
      submitUpdate: (update, signatures) => {
        const envelope = configUpdateEnvelope(update, signatures, signer);
        channel.applyUpdate(envelope);
        sent.push(envelope);
        return Promise.resolve();
      },
    };
  });
}
const newcomer = () => addOrganization(channel.config, part(materials[MEMBERS]!, MEMBERS));

describe('an update of the configuration', () => {
  it.each([
    ['all members', [0, 1, 2, 3, 4, 5, 6]],
    ['all, in another order', [6, 5, 4, 3, 2, 1, 0]],
    ['a majority of the orderers and no more others than needed', [1, 2, 3, 6]],
    ['a strange one among them', [7, 0, 1, 2, 5]],
  ])('is accepted from %s', async (_, indexes) => {
    await updateConfiguration(channel, newcomer(), members(indexes));
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['too few members', [0, 1, 2]],
    ['too few of those that order', [0, 1, 4, 5, 6]],
    ['nobody', []],
  ])('is not even sent by %s', async (_, indexes) => {
    await expect(updateConfiguration(channel, newcomer(), members(indexes))).rejects.toThrow(
      MissingSignaturesError,
    );
    expect(sent).toEqual([]);
  });
});
