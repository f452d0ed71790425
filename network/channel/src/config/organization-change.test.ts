import { common, msp } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { publicOrganization, type OrganizationMaterial } from '../certificates/organization.js';
import { consentersOf, setCertificates, setConsenters } from '../profile/consenters.js';
import { createGenesisBlock } from '../profile/genesis.js';
import { cloneConfig, setValue } from '../profile/group.js';
import { createSigner } from '../signing/signer.js';
import { channelOrganization, signers, testOrganizations, testProfile } from '../testing/organizations.js';
import { ChannelConfig } from './channel-config.js';
import { proposeConfigUpdate } from './compute-update.js';
import {
  changedConfig,
  proposeChange,
  changeInForce,
  recognizeChange,
  StaleUpdateError,
  type OrganizationChange,
} from './organization-change.js';
import { configUpdateEnvelope, signConfigUpdate } from './sign-update.js';
import { signatureState } from './update-signatures.js';

let all: OrganizationMaterial[];
let channel: ChannelConfig;
let add: OrganizationChange;
let addOrderer: OrganizationChange;
const remove: OrganizationChange = { kind: 'remove', mspId: 'DMSP' };

/** The channel with a change in force, what changed at its next version, as an orderer would have it. */
function after(change: OrganizationChange): ChannelConfig {
  const config = changedConfig(channel.config, change);
  const application = config.getChannelGroup()!.getGroupsMap().get('Application')!;
  application.setVersion(application.getVersion() + 1);
  config.setSequence(channel.sequence + 1);
  return ChannelConfig.fromConfig(config, channel.channelId);
}

beforeAll(async () => {
  all = await testOrganizations(['A', 'B', 'C', 'D', 'E']);
  channel = ChannelConfig.fromConfigBlock(createGenesisBlock(testProfile(all.slice(0, 4))));
  const organization = channelOrganization(all[4]!, { ordering: false });
  add = { kind: 'add', mspId: 'EMSP', organization };
  const { orderer } = channelOrganization(all[4]!, { ordering: true });
  addOrderer = { kind: 'add-orderer', mspId: 'EMSP', organization: { ...organization, orderer: orderer! } };
});

/** The update that leads to a change and to something else beside. */
function smuggled(change: OrganizationChange, edit: (channel: common.ConfigGroup) => void): Uint8Array {
  const desired = cloneConfig(changedConfig(channel.config, change));
  edit(desired.getChannelGroup()!);
  return proposeConfigUpdate(channel.config, desired, channel.channelId).serializeBinary();
}

/** The channel after an update that all have signed. */
function sent(to: ChannelConfig, update: Uint8Array): ChannelConfig {
  const administrators = signers(all, 'admin');
  const signatures = administrators.map((administrator) => signConfigUpdate(update, administrator));
  const envelope = configUpdateEnvelope(update, signatures, administrators[0]!);
  return ChannelConfig.fromConfig(to.applyUpdate(envelope), to.channelId);
}

const group = (channelGroup: common.ConfigGroup, ...names: string[]): common.ConfigGroup =>
  names.reduce((parent, name) => parent.getGroupsMap().get(name)!, channelGroup);

describe('an update of the organizations', () => {
  it('is recognised from its bytes alone', () => {
    const found = recognizeChange(channel, proposeChange(channel, add));
    expect(found).toMatchObject({ kind: 'add', mspId: 'EMSP' });
    expect(found.kind === 'add' && found.organization.peers).toEqual([{ host: 'e.example', port: 7051 }]);
    expect(recognizeChange(channel, proposeChange(channel, remove))).toEqual(remove);
    const joined = after(add);
    expect(recognizeChange(joined, proposeChange(joined, addOrderer))).toMatchObject({
      kind: 'add-orderer',
      organization: { orderer: { host: 'e.example', port: 7050 } },
    });
  });

  it('is recognised as a renewal when one consenter has other certificates, and nothing else', async () => {
    const [others] = await testOrganizations(['B']);
    const { orderer } = channelOrganization(others!, { ordering: true });
    const renew: OrganizationChange = {
      kind: 'renew-orderer',
      mspId: 'BMSP',
      organization: { ...publicOrganization(all[1]!), orderer: orderer! },
    };
    const update = proposeChange(channel, renew);
    expect(recognizeChange(channel, update)).toEqual(renew);
    expect(changeInForce(channel, update)).toBeUndefined();
    const renewed = sent(channel, update);
    expect(changeInForce(renewed, update)).toEqual({ kind: 'renew-orderer' });
    expect(renewed.consenters[1]!.certificate).toBe(orderer!.signingCertificate);

    const moved = smuggled(renew, (root) => {
      const ordering = group(root, 'Orderer');
      const consenters = consentersOf(ordering);
      consenters[1]!.setPort(1);
      setConsenters(ordering, consenters);
    });
    expect(() => recognizeChange(channel, moved)).toThrow(/changes more than its purpose/);
    const second = smuggled(renew, (root) => {
      const ordering = group(root, 'Orderer');
      const consenters = consentersOf(ordering);
      setCertificates(consenters[2]!, orderer!);
      setConsenters(ordering, consenters);
    });
    expect(() => recognizeChange(channel, second)).toThrow(/changes more than its purpose/);
  });

  it.each<[string, RegExp, (channelGroup: common.ConfigGroup) => void]>([
    [
      "another organization's authorities",
      /\[Value\] {2}\/Channel\/Application\/AMSP\/MSP/,
      (root) => {
        const other = group(root, 'Application', 'BMSP').getValuesMap().get('MSP')!;
        group(root, 'Application', 'AMSP').getValuesMap().set('MSP', other);
      },
    ],
    [
      'a policy that lets one alone endorse',
      /\[Policy\] \/Channel\/Application\/Endorsement/,
      (root) => {
        const weak = group(root, 'Application', 'EMSP').getPoliciesMap().get('Endorsement')!;
        group(root, 'Application').getPoliciesMap().set('Endorsement', weak);
      },
    ],
    [
      'who may change the newcomer',
      /\[Policy\] \/Channel\/Application\/EMSP\/Admins/,
      (root) => {
        const strange = group(root, 'Application', 'AMSP').getPoliciesMap().get('Admins')!;
        group(root, 'Application', 'EMSP').getPoliciesMap().set('Admins', strange);
      },
    ],
    [
      'an administrator by certificate',
      /\[Value\] {2}\/Channel\/Application\/EMSP\/MSP/,
      (root) => {
        const newcomer = group(root, 'Application', 'EMSP');
        const config = msp.MSPConfig.deserializeBinary(newcomer.getValuesMap().get('MSP')!.getValue_asU8());
        const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
        fabric.setAdminsList([Buffer.from(all[4]!.users['clerk']!.certificate)]);
        config.setConfig(fabric.serializeBinary());
        setValue(newcomer, 'MSP', config);
      },
    ],
    [
      'the size of blocks',
      /\[Value\] {2}\/Channel\/Orderer\/BatchSize/,
      (root) => {
        const size = new common.OrdererAddresses();
        size.setAddressesList(['anything']);
        setValue(group(root, 'Orderer'), 'BatchSize', size);
      },
    ],
  ])('is refused when it smuggles in %s', (_, expected, edit) => {
    expect(() => recognizeChange(channel, smuggled(add, edit))).toThrow(/changes more than its purpose/);
    expect(() => recognizeChange(channel, smuggled(add, edit))).toThrow(expected);
  });

  it('is refused when it does two things at once, or none of these', () => {
    const two = smuggled(add, (root) => group(root, 'Application').getGroupsMap().del('DMSP'));
    expect(() => recognizeChange(channel, two)).toThrow(/neither adds nor removes one organization/);
    expect(() => recognizeChange(channel, Buffer.from('none'))).toThrow(/no update of a configuration/);
  });

  it('is refused for another channel', () => {
    const update = common.ConfigUpdate.deserializeBinary(proposeChange(channel, add));
    update.setChannelId('other');
    expect(() => recognizeChange(channel, update.serializeBinary())).toThrow(/for the channel 'other'/);
  });

  it('is refused when anything was added to its bytes', () => {
    const update = common.ConfigUpdate.deserializeBinary(proposeChange(channel, add));
    update.getIsolatedDataMap().set('note', Buffer.from('hidden'));
    expect(() => recognizeChange(channel, update.serializeBinary())).toThrow(/is not written as/);
  });

  it('is stale after any other change of the organizations', () => {
    const joined = after(add);
    expect(() => recognizeChange(joined, proposeChange(channel, remove))).toThrow(StaleUpdateError);
    expect(() => recognizeChange(joined, proposeChange(channel, remove))).toThrow(/prepare and sign it anew/);
  });

  it('is in force once it was sent, an addition also when others have followed', () => {
    const [addition, removal] = [proposeChange(channel, add), proposeChange(channel, remove)];
    expect([changeInForce(channel, addition), changeInForce(channel, removal)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(changeInForce(sent(channel, removal), removal)).toEqual({ kind: 'remove' });
    const joined = sent(channel, addition);
    expect(changeInForce(joined, addition)).toEqual({ kind: 'add', mspId: 'EMSP' });
    expect(changeInForce(joined, removal)).toBeUndefined();
    const ordering = proposeChange(joined, addOrderer);
    expect(changeInForce(joined, ordering)).toBeUndefined();
    const orders = sent(joined, ordering);
    expect(changeInForce(orders, ordering)).toEqual({ kind: 'add-orderer', mspId: 'EMSP' });
    expect(changeInForce(orders, addition)).toEqual({ kind: 'add', mspId: 'EMSP' });
  });
});

describe('signatures on an update', () => {
  const sign = (update: Uint8Array, indexes: readonly number[]) =>
    indexes.map((index) => signConfigUpdate(update, signers(all, 'admin')[index]!));

  it('are enough with a majority of the members and of the orderers', () => {
    const update = proposeChange(channel, add);
    expect(signatureState(channel, update, sign(update, [0, 1])).enough).toBe(false);
    const state = signatureState(channel, update, sign(update, [0, 1, 1, 3]));
    expect(state).toMatchObject({
      enough: true,
      rejected: [],
      members: { needed: 3, signed: ['AMSP', 'BMSP', 'DMSP'], missing: ['CMSP'] },
    });
  });

  it('count for nothing over another update, by a stranger, or by one who is no administrator', () => {
    const update = proposeChange(channel, add);
    const clerk = createSigner(all[0]!.users['clerk']!, 'AMSP');
    const state = signatureState(channel, update, [
      ...sign(proposeChange(channel, remove), [0]),
      ...sign(update, [4]),
      signConfigUpdate(update, clerk),
      new common.ConfigSignature(),
    ]);
    expect(state.members.signed).toEqual([]);
    expect(state.rejected).toHaveLength(4);
    expect(state.rejected[0]).toMatchObject({ mspId: 'AMSP', reason: /not over this update/ });
    expect(state.rejected[2]).toMatchObject({ mspId: 'AMSP', reason: /administrator/ });
  });
});
