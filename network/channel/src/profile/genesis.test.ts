import { common, orderer } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockEnvelopes, isConfigBlock, lastConfigIndex, verifyDataHash } from '../blocks/block.js';
import { decodeEnvelope, transactionId } from '../blocks/envelope.js';
import type { OrganizationMaterial } from '../certificates/organization.js';
import { ChannelConfig } from '../config/channel-config.js';
import { requiredOrganizations } from '../policies/describe.js';
import { channelOrganization, testOrganizations, testProfile } from '../testing/organizations.js';
import { ProfileError } from './check-profile.js';
import { createGenesisBlock } from './genesis.js';
import { KEY } from './group.js';
import { batchOf, defaultBatch, type ChannelProfile } from './profile.js';

let materials: OrganizationMaterial[];

beforeAll(async () => {
  materials = await testOrganizations(['A', 'B', 'C', 'D']);
});

function channelGroup(block: common.Block): common.ConfigGroup {
  return ChannelConfig.fromConfigBlock(block).config.getChannelGroup()!;
}

function implicitMeta(group: common.ConfigGroup, name: string): string {
  const policy = group.getPoliciesMap().get(name)?.getPolicy();
  expect(policy?.getType()).toBe(common.Policy.PolicyType.IMPLICIT_META);
  const meta = common.ImplicitMetaPolicy.deserializeBinary(policy!.getValue_asU8());
  return `${Object.keys(common.ImplicitMetaPolicy.Rule)[meta.getRule()] ?? ''} ${meta.getSubPolicy()}`;
}

describe('A genesis block', () => {
  it('is an unsigned config block number 0', () => {
    const block = createGenesisBlock(testProfile(materials));
    verifyDataHash(block);
    expect(isConfigBlock(block)).toBe(true);
    expect(lastConfigIndex(block)).toBe(0);
    expect(block.getHeader()?.getNumber()).toBe(0);
    expect(block.getHeader()?.getPreviousHash_asU8()).toHaveLength(0);
    const { envelope, channelHeader, signatureHeader } = decodeEnvelope(blockEnvelopes(block)[0]!);
    expect(envelope.getSignature_asU8()).toHaveLength(0);
    expect(channelHeader.getChannelId()).toBe('umlauf');
    expect(channelHeader.getVersion()).toBe(1);
    expect(channelHeader.getTxId()).toBe(transactionId(signatureHeader.getNonce_asU8(), new Uint8Array()));
  });

  it('has the same bytes for the same profile, time and nonce, in whichever order the members stand', () => {
    const options = { timestamp: new Date('2026-01-01T00:00:00Z'), nonce: new Uint8Array(24).fill(5) };
    const withIds = (order: readonly OrganizationMaterial[]): ChannelProfile => ({
      ...testProfile([]),
      organizations: order.map((material) =>
        channelOrganization(material, { ordering: material === materials[0] }),
      ),
    });
    const [first, second] = [materials, [...materials].reverse()].map((order) =>
      createGenesisBlock(withIds(order), options).serializeBinary(),
    );
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  it('asks for the capabilities of Fabric 3.1 with BFT', () => {
    const config = ChannelConfig.fromConfigBlock(createGenesisBlock(testProfile(materials)));
    expect(config.capabilities).toEqual({ channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] });
    expect([config.batchTimeout, config.batchTimeoutMs]).toEqual(['200ms', 200]);
    expect(config.consenters.map(({ id, mspId, host }) => [id, mspId, host])).toEqual([
      [1, 'AMSP', 'a.example'],
      [2, 'BMSP', 'b.example'],
      [3, 'CMSP', 'c.example'],
      [4, 'DMSP', 'd.example'],
    ]);
  });

  it('has flat policies where they name organizations, and majorities for Admins and the lifecycle', () => {
    const profile = testProfile(materials.slice(0, 3));
    const fourth = channelOrganization(materials[3]!, { ordering: false });
    const block = createGenesisBlock({ ...profile, organizations: [...profile.organizations, fourth] });
    const config = ChannelConfig.fromConfigBlock(block);
    const flat = (path: string): unknown => requiredOrganizations(config.signaturePolicyBytes(path)!);
    const [ordering, members] = [
      ['AMSP', 'BMSP', 'CMSP'],
      ['AMSP', 'BMSP', 'CMSP', 'DMSP'],
    ];
    for (const name of ['Readers', 'Writers']) {
      expect(flat(`/Channel/${name}`)).toEqual({ n: 1, mspIds: members });
      expect(flat(`/Channel/Application/${name}`)).toEqual({ n: 1, mspIds: members });
      expect(flat(`/Channel/Orderer/${name}`)).toEqual({ n: 1, mspIds: ordering });
    }
    expect(flat('/Channel/Application/Endorsement')).toEqual({ n: 3, mspIds: members });
    expect(flat('/Channel/Orderer/BlockValidation')).toEqual({ n: 2, mspIds: ordering });
    const channel = channelGroup(block);
    const application = channel.getGroupsMap().get(KEY.application)!;
    expect(implicitMeta(channel, 'Admins')).toBe('MAJORITY Admins');
    expect(implicitMeta(application, 'Admins')).toBe('MAJORITY Admins');
    expect(implicitMeta(application, 'LifecycleEndorsement')).toBe('MAJORITY Endorsement');
    expect([...config.ordererOrganizations.keys()].sort()).toEqual(ordering);
  });

  it('leaves every element to the Admins of its group', () => {
    const check = (group: common.ConfigGroup): void => {
      expect(group.getModPolicy()).toBe('Admins');
      group.getValuesMap().forEach((value) => expect(value.getModPolicy()).toBe('Admins'));
      group.getPoliciesMap().forEach((policy) => expect(policy.getModPolicy()).toBe('Admins'));
      group.getGroupsMap().forEach(check);
    };
    check(channelGroup(createGenesisBlock(testProfile(materials))));
  });

  it('carries the options of SmartBFT, with leader rotation off', () => {
    const batch = { ...defaultBatch(4), timeout: '50ms' };
    const profile = { ...testProfile(materials), batch };
    const ordering = channelGroup(createGenesisBlock(profile)).getGroupsMap().get(KEY.orderer)!;
    const consensus = orderer.ConsensusType.deserializeBinary(
      ordering.getValuesMap().get(KEY.consensusType)!.getValue_asU8(),
    );
    const options = orderer.smartbft.Options.deserializeBinary(consensus.getMetadata_asU8());
    expect(options.getRequestBatchMaxInterval()).toBe('50ms');
    expect(options.getViewChangeTimeout()).toBe('6s');
    expect(options.getLeaderRotation()).toBe(orderer.smartbft.Options.Rotation.ROTATION_OFF);
  });

  it.each<[string, (profile: ChannelProfile) => ChannelProfile]>([
    ['a channel id in capitals', (profile) => ({ ...profile, channelId: 'Umlauf' })],
    ['an endless channel id', (profile) => ({ ...profile, channelId: 'a'.repeat(250) })],
    ['no organizations', (profile) => ({ ...profile, organizations: [] })],
    [
      'nobody who orders',
      (profile) => ({
        ...profile,
        organizations: profile.organizations.map((o) => ({ ...o, orderer: undefined })),
      }),
    ],
    [
      'an organization twice',
      (profile) => ({ ...profile, organizations: [...profile.organizations, profile.organizations[0]!] }),
    ],
    [
      'an MSP id with a slash',
      (profile) => ({ ...profile, organizations: [{ ...profile.organizations[0]!, mspId: 'A/MSP' }] }),
    ],
    [
      'one endpoint for two consenters',
      (profile) => ({
        ...profile,
        organizations: profile.organizations.map((o) => ({
          ...o,
          orderer: { ...o.orderer!, host: 'x', port: 1 },
        })),
      }),
    ],
    ['an empty batch', (profile) => ({ ...profile, batch: { ...batchOf(profile), maxMessageCount: 0 } })],
    [
      'a batch above its limit',
      (profile) => ({ ...profile, batch: { ...batchOf(profile), preferredMaxBytes: 1e9 } }),
    ],
    ['no batch timeout', (profile) => ({ ...profile, batch: { ...batchOf(profile), timeout: '0s' } })],
    [
      'a batch timeout of no unit',
      (profile) => ({ ...profile, batch: { ...batchOf(profile), timeout: '5' } }),
    ],
  ])('is refused for %s', (_, edit) => {
    expect(() => createGenesisBlock(edit(testProfile(materials)))).toThrow(ProfileError);
  });
});
