import { common, orderer } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockEnvelopes, blockHeader, newBlock } from '../blocks/block.js';
import { createEnvelope } from '../blocks/envelope.js';
import { blockHeaderHash } from '../blocks/header.js';
import { signBlock } from '../blocks/signatures.js';
import { certificateFingerprint } from '../certificates/fingerprint.js';
import type { OrganizationMaterial } from '../certificates/organization.js';
import { IdentityError } from '../msp/identity.js';
import { organizationsPolicy } from '../policies/build.js';
import { signatureConfigPolicy } from '../policies/config-policy.js';
import { PolicyError } from '../policies/policy.js';
import { createGenesisBlock } from '../profile/genesis.js';
import { KEY, setPolicy, setValue } from '../profile/group.js';
import { mspConfig } from '../profile/organization-groups.js';
import { channelOrganization, signers, testOrganizations, testProfile } from '../testing/organizations.js';
import { publicOrganization } from '../certificates/organization.js';
import { addOrganization, removeConsenter } from './change-organizations.js';
import { ChannelConfig } from './channel-config.js';
import { proposeConfigUpdate } from './compute-update.js';
import { ChannelConfigError, ConfigUpdateError } from './errors.js';
import { configEnvelope, configUpdateEnvelope, signConfigUpdate } from './sign-update.js';

let founders: OrganizationMaterial[];
let newcomer: OrganizationMaterial;
let genesis: common.Block;
let channel: ChannelConfig;
let update: Uint8Array;

beforeAll(async () => {
  const materials = await testOrganizations(['A', 'B', 'C', 'D', 'E']);
  founders = materials.slice(0, 4);
  newcomer = materials[4]!;
  genesis = createGenesisBlock(testProfile(founders));
  channel = ChannelConfig.fromConfigBlock(genesis);
  update = proposal(channelOrganization(newcomer, { ordering: false }));
});

function proposal(organization: Parameters<typeof addOrganization>[1]): Uint8Array {
  const desired = addOrganization(channel.config, organization);
  return proposeConfigUpdate(channel.config, desired, 'umlauf').serializeBinary();
}

function signed(
  bytes: Uint8Array,
  by: readonly OrganizationMaterial[],
  kind: 'admin' | 'clerk' = 'admin',
): common.Envelope {
  const signatures = signers(by, kind).map((signer) => signConfigUpdate(bytes, signer));
  return configUpdateEnvelope(bytes, signatures, signers(founders, 'admin')[0]!);
}

function edited(edit: (update: common.ConfigUpdate) => void): Uint8Array {
  const copy = common.ConfigUpdate.deserializeBinary(update);
  edit(copy);
  return copy.serializeBinary();
}

function capability(name: string): common.Capabilities {
  const capabilities = new common.Capabilities();
  capabilities.getCapabilitiesMap().set(name, new common.Capability());
  return capabilities;
}

describe('A channel configuration', () => {
  it('tells its members with the fingerprints of their roots', () => {
    expect([...channel.organizations.keys()].sort()).toEqual(['AMSP', 'BMSP', 'CMSP', 'DMSP']);
    expect(channel.organizations.get('BMSP')).toMatchObject({
      mspId: 'BMSP',
      rootFingerprints: [certificateFingerprint(founders[1]!.ca.certificate)],
      tlsRootFingerprints: [certificateFingerprint(founders[1]!.tlsCa.certificate)],
    });
    expect(channel.ordererOrganizations.get('BMSP')?.ordererEndpoints).toEqual(['b.example:7050']);
  });

  it("can't be changed through what it hands out", () => {
    channel.config.getChannelGroup()?.clearGroupsMap();
    expect(channel.config.getChannelGroup()?.getGroupsMap().getLength()).toBe(2);
  });

  it('finds identities of its members only', () => {
    const [clerk] = signers(founders, 'clerk');
    expect(channel.identity(clerk!.identity).mspId).toBe('AMSP');
    const [stranger] = signers([newcomer], 'clerk');
    expect(() => channel.identity(stranger!.identity)).toThrow(IdentityError);
    expect(() => channel.identity(stranger!.identity)).toThrow('MSP EMSP is not defined on channel');
  });

  it('judges signatures by its policies', () => {
    const message = Buffer.from('message');
    const by = (count: number, kind: 'peer' | 'clerk') =>
      signers(founders.slice(0, count), kind).map((signer) => ({
        identity: signer.identity,
        data: message,
        signature: signer.sign(message),
      }));
    const endorsement = channel.policy('/Channel/Application/Endorsement');
    expect(() => endorsement.evaluate(by(3, 'peer'))).not.toThrow();
    expect(() => endorsement.evaluate(by(2, 'peer'))).toThrow(PolicyError);
    expect(() => endorsement.evaluate(by(4, 'clerk'))).toThrow(PolicyError);
    expect(() => channel.policy('/Channel/Application/Writers').evaluate(by(1, 'clerk'))).not.toThrow();
    const key = channel.signaturePolicy(organizationsPolicy(1, ['DMSP'], 'peer').serializeBinary());
    expect(() => key.evaluate(by(3, 'peer'))).toThrow(PolicyError);
    expect(() => key.evaluate(by(4, 'peer'))).not.toThrow();
  });

  it('has no policy that it has not', () => {
    for (const path of ['/Channel/Application/Nobody', 'Application/Writers', '/Other/Writers', '/Channel']) {
      expect(channel.hasPolicy(path)).toBe(false);
      expect(() => channel.policy(path).evaluate([])).toThrow('no such policy');
    }
    expect(channel.hasPolicy('/Channel/Application/AMSP/Admins')).toBe(true);
    expect(channel.signaturePolicyBytes('/Channel/Admins')).toBeUndefined();
    expect(() => channel.signaturePolicy(Buffer.from([0xff]))).toThrow(PolicyError);
  });

  it('checks the signatures of blocks', () => {
    const consenters = signers(founders, 'orderer').map((signer, index) => ({ id: index + 1, signer }));
    const block = newBlock(1, blockHeaderHash(blockHeader(genesis)), [Buffer.from('transaction')]);
    expect(() => channel.verifyBlockSignatures(block)).toThrow(PolicyError);
    signBlock(block, { lastConfig: 0 }, consenters.slice(0, 3));
    expect(() => channel.verifyBlockSignatures(block)).not.toThrow();
    signBlock(block, { lastConfig: 0 }, consenters.slice(0, 2));
    expect(() => channel.verifyBlockSignatures(block)).toThrow(PolicyError);
    const [first, second] = consenters;
    signBlock(block, { lastConfig: 0 }, [first!, first!, second!]);
    expect(() => channel.verifyBlockSignatures(block)).toThrow(PolicyError);
    const swapped = [first!, second!, { ...consenters[2]!, id: 4 }];
    signBlock(block, { lastConfig: 0 }, swapped);
    expect(() => channel.verifyBlockSignatures(block)).toThrow(PolicyError);
    signBlock(block, { lastConfig: 0 }, [first!, second!, { ...consenters[2]!, id: 9 }]);
    expect(() => channel.verifyBlockSignatures(block)).toThrow(PolicyError);
  });

  it.each<[string, (channel: common.ConfigGroup) => void, string]>([
    ['no members', (group) => group.getGroupsMap().del(KEY.application), 'no application configuration'],
    ['no ordering', (group) => group.getGroupsMap().del(KEY.orderer), 'no orderer configuration'],
    [
      'another MSP for the same organization under Orderer',
      (group) => {
        const a = group.getGroupsMap().get(KEY.orderer)!.getGroupsMap().get('AMSP')!;
        setValue(a, KEY.msp, mspConfig({ ...publicOrganization(newcomer), mspId: 'AMSP' }));
      },
      'two different versions of MSP: AMSP',
    ],
    [
      'one MSP for two organizations',
      (group) => {
        const groups = group.getGroupsMap().get(KEY.application)!.getGroupsMap();
        groups.set('other', groups.get('AMSP')!);
      },
      'Two organizations have the MSP ID AMSP',
    ],
    [
      'an ordering organization without endpoint',
      (group) =>
        group.getGroupsMap().get(KEY.orderer)!.getGroupsMap().get('AMSP')!.getValuesMap().del(KEY.endpoints),
      'some orderer organizations endpoints are empty: [AMSP]',
    ],
    [
      'a consenter whose organization does not order',
      (group) => group.getGroupsMap().get(KEY.orderer)!.getGroupsMap().del('AMSP'),
      'consenter 1 belongs to AMSP',
    ],
    [
      'a block validation policy that one consenter meets',
      (group) => {
        const one = signatureConfigPolicy(organizationsPolicy(1, ['AMSP'], 'orderer'));
        setPolicy(group.getGroupsMap().get(KEY.orderer)!, 'BlockValidation', one);
      },
      'block validation policy does not match',
    ],
    [
      'an ordering service that is not BFT',
      (group) =>
        setValue(group.getGroupsMap().get(KEY.orderer)!, KEY.consensusType, new orderer.ConsensusType()),
      'only BFT',
    ],
    [
      'a capability of the future',
      (group) => setValue(group.getGroupsMap().get(KEY.application)!, KEY.capabilities, capability('V9_0')),
      'Application capability V9_0 is required but not supported',
    ],
    [
      'the capabilities of the past',
      (group) => setValue(group, KEY.capabilities, capability('V2_0')),
      'a channel without the capability V3_0 is not supported',
    ],
    [
      'an empty batch',
      (group) => setValue(group.getGroupsMap().get(KEY.orderer)!, KEY.batchSize, new orderer.BatchSize()),
      'max message count to an invalid value: 0',
    ],
    [
      'no batch timeout',
      (group) =>
        setValue(group.getGroupsMap().get(KEY.orderer)!, KEY.batchTimeout, new orderer.BatchTimeout()),
      'Attempted to set the batch timeout to a invalid value',
    ],
    [
      'a policy of unknown type',
      (group) => setPolicy(group, 'Readers', new common.Policy()),
      'initializing policymanager failed',
    ],
  ])('is refused with %s', (_, edit, message) => {
    const config = channel.config;
    edit(config.getChannelGroup()!);
    expect(() => ChannelConfig.fromConfig(config, 'umlauf')).toThrow(ChannelConfigError);
    expect(() => ChannelConfig.fromConfig(config, 'umlauf')).toThrow(message);
  });

  it('is read from config blocks only', () => {
    const empty = newBlock(1, new Uint8Array(), []);
    expect(() => ChannelConfig.fromConfigBlock(empty)).toThrow('malformed configuration block');
    const envelope = createEnvelope({
      type: common.HeaderType.MESSAGE,
      channelId: 'umlauf',
      data: new Uint8Array(),
    });
    const other = newBlock(1, new Uint8Array(), [envelope.serializeBinary()]);
    expect(() => ChannelConfig.fromConfigBlock(other)).toThrow('expected CONFIG');
    expect(() => ChannelConfig.fromConfig(new common.Config(), 'umlauf')).toThrow('nil channel group');
  });
});

describe('An update', () => {
  it('takes effect with the signatures of a majority of the admins', () => {
    const next = ChannelConfig.fromConfig(
      channel.applyUpdate(signed(update, founders.slice(0, 3))),
      'umlauf',
    );
    expect(next.sequence).toBe(1);
    expect(next.organizations.has('EMSP')).toBe(true);
    expect(channel.organizations.has('EMSP')).toBe(false);
  });

  it('becomes a config block that is read again', () => {
    const envelope = signed(update, founders);
    const config = channel.applyUpdate(envelope);
    const [orderingNode] = signers(founders, 'orderer');
    const content = configEnvelope('umlauf', config, envelope, orderingNode!).serializeBinary();
    const block = newBlock(1, blockHeaderHash(blockHeader(genesis)), [content]);
    const read = ChannelConfig.fromConfigBlock(common.Block.deserializeBinary(block.serializeBinary()));
    expect(read.config.toObject()).toEqual(config.toObject());
    expect(blockEnvelopes(block)).toHaveLength(1);
  });

  it.each<[string, () => common.Envelope, string | RegExp]>([
    [
      'unsigned',
      () => signed(update, []),
      /policy for .* not satisfied: implicit policy evaluation failed - 0 sub-policies/,
    ],
    [
      'signed by two of four',
      () => signed(update, founders.slice(0, 2)),
      /not satisfied: implicit .* - 2 sub-policies were satisfied, but this policy requires 3/,
    ],
    [
      'signed by one admin four times',
      () => signed(update, Array(4).fill(founders[0]) as OrganizationMaterial[]),
      /- 1 sub-policies/,
    ],
    ['signed by users who are no admins', () => signed(update, founders, 'clerk'), /- 0 sub-policies/],
    ['signed by strangers', () => signed(update, [newcomer, newcomer, newcomer]), /- 0 sub-policies/],
    [
      'with signatures over another update',
      () => {
        const other = edited((copy) => copy.getWriteSet()!.setModPolicy('Writers'));
        const signatures = signers(founders, 'admin').map((signer) => signConfigUpdate(other, signer));
        return configUpdateEnvelope(update, signatures, signers(founders, 'admin')[0]!);
      },
      /- 0 sub-policies/,
    ],
    [
      'for another channel',
      () =>
        signed(
          edited((copy) => copy.setChannelId('other')),
          founders,
        ),
      "error authorizing update: ConfigUpdate for channel 'other' but envelope for channel 'umlauf'",
    ],
    [
      'that read a stale version',
      () =>
        signed(
          edited((copy) => copy.getReadSet()!.setVersion(7)),
          founders,
        ),
      'error authorizing update: error validating ReadSet: proposed update requires that key [Group]  /Channel be at version 7, but it is currently at version 0',
    ],
    [
      'that read what is not there',
      () =>
        signed(
          edited((copy) => copy.getReadSet()!.getValuesMap().set('Nothing', new common.ConfigValue())),
          founders,
        ),
      'existing config does not contain element for [Value]  /Channel/Nothing but was in the read set',
    ],
    [
      'that skips a version',
      () =>
        signed(
          edited((copy) => copy.getWriteSet()!.getGroupsMap().get(KEY.application)!.setVersion(2)),
          founders,
        ),
      'attempt to set key [Group]  /Channel/Application to version 2, but key is at version 0',
    ],
    [
      'that sets something new at a later version',
      () =>
        signed(
          edited((copy) =>
            copy
              .getWriteSet()!
              .getGroupsMap()
              .get(KEY.application)!
              .getGroupsMap()
              .get('EMSP')!
              .setVersion(1),
          ),
          founders,
        ),
      'attempted to set key [Group]  /Channel/Application/EMSP to version 1, but key does not exist',
    ],
    [
      'that leaves nobody to change an element',
      () =>
        signed(
          edited((copy) =>
            copy
              .getWriteSet()!
              .getGroupsMap()
              .get(KEY.application)!
              .getGroupsMap()
              .get('EMSP')!
              .setModPolicy(''),
          ),
          founders,
        ),
      'invalid mod_policy for element [Group]  /Channel/Application/EMSP: mod_policy not set',
    ],
    [
      'with a key that Fabric refuses',
      () =>
        signed(
          edited((copy) => copy.getWriteSet()!.getGroupsMap().set('a/b', new common.ConfigGroup())),
          founders,
        ),
      "error mapping WriteSet: illegal characters in key: [Group]  : config ID 'a/b' contains illegal characters",
    ],
    [
      'that writes what it read',
      () =>
        signed(
          edited((copy) => copy.setWriteSet(copy.getReadSet()?.clone())),
          founders,
        ),
      'delta set was empty -- update would have no effect',
    ],
    [
      'that is no update',
      () => createEnvelope({ type: common.HeaderType.CONFIG, channelId: 'umlauf', data: new Uint8Array() }),
      'error converting envelope to config update: invalid type 1, expected CONFIG_UPDATE',
    ],
    [
      'that is garbage',
      () => {
        const content = new common.ConfigUpdateEnvelope();
        content.setConfigUpdate(Buffer.from([0xff]));
        const data = content.serializeBinary();
        return createEnvelope({ type: common.HeaderType.CONFIG_UPDATE, channelId: 'umlauf', data });
      },
      'error authorizing update: malformed ConfigUpdate',
    ],
  ])('is refused %s', (_, make, message) => {
    const attempt = (): unknown => channel.applyUpdate(make());
    expect(attempt).toThrow(ConfigUpdateError);
    expect(attempt).toThrow(message);
  });

  it("is refused where it gives an organization's group another MSP", () => {
    const desired = removeConsenter(channel.config, 'AMSP');
    const members = desired.getChannelGroup()!.getGroupsMap().get(KEY.application)!.getGroupsMap();
    setValue(members.get('AMSP')!, KEY.msp, mspConfig(publicOrganization(newcomer)));
    const bytes = proposeConfigUpdate(channel.config, desired, 'umlauf').serializeBinary();
    expect(() => channel.applyUpdate(signed(bytes, founders))).toThrow(
      'application org AMSP attempted to change MSP ID from AMSP to EMSP',
    );
  });

  it('is refused where it is authorised but leads nowhere', () => {
    const desired = channel.config;
    const ordering = desired.getChannelGroup()!.getGroupsMap().get(KEY.orderer)!;
    setValue(ordering, KEY.batchSize, new orderer.BatchSize());
    const bytes = proposeConfigUpdate(channel.config, desired, 'umlauf').serializeBinary();
    expect(() => channel.applyUpdate(signed(bytes, founders))).toThrow(
      'initializing channelconfig failed: Attempted to set the batch size max message count to an invalid value: 0',
    );
  });
});
