import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrganizationMaterial } from '../certificates/organization.js';
import { bftQuorum, majorityOf } from '../policies/build.js';
import { requiredOrganizations } from '../policies/describe.js';
import { ProfileError } from '../profile/check-profile.js';
import { createGenesisBlock } from '../profile/genesis.js';
import type { ChannelOrganization } from '../profile/profile.js';
import { channelOrganization, signers, testOrganizations, testProfile } from '../testing/organizations.js';
import {
  addConsenter,
  addOrganization,
  removeConsenter,
  removeOrganization,
  replaceConsenterCertificates,
} from './change-organizations.js';
import { ChannelConfig } from './channel-config.js';
import { proposeConfigUpdate } from './compute-update.js';
import { ChannelConfigError } from './errors.js';
import { configUpdateEnvelope, signConfigUpdate } from './sign-update.js';

let all: OrganizationMaterial[];
let channel: ChannelConfig;

beforeAll(async () => {
  all = await testOrganizations(['A', 'B', 'C', 'D', 'E', 'F']);
  channel = ChannelConfig.fromConfigBlock(createGenesisBlock(testProfile(all.slice(0, 4))));
});

function member(index: number, ordering = false): ChannelOrganization {
  return channelOrganization(all[index]!, { ordering });
}

function place(
  index: number,
): ChannelOrganization & { orderer: NonNullable<ChannelOrganization['orderer']> } {
  const organization = member(index, true);
  return { ...organization, orderer: organization.orderer! };
}

/** The change as an update that every admin signs. */
function applied(current: ChannelConfig, desired: common.Config): ChannelConfig {
  const update = proposeConfigUpdate(current.config, desired, 'umlauf').serializeBinary();
  const admins = signers(
    all.filter(({ mspId }) => current.organizations.has(mspId)),
    'admin',
  );
  const signatures = admins.map((signer) => signConfigUpdate(update, signer));
  return ChannelConfig.fromConfig(
    current.applyUpdate(configUpdateEnvelope(update, signatures, admins[0]!)),
    'umlauf',
  );
}

function checkFlatPolicies(config: ChannelConfig): void {
  const members = [...config.organizations.keys()].sort();
  const ordering = [...config.ordererOrganizations.keys()].sort();
  const flat = (path: string): unknown => requiredOrganizations(config.signaturePolicyBytes(path)!);
  for (const name of ['Readers', 'Writers']) {
    expect(flat(`/Channel/${name}`)).toEqual({ n: 1, mspIds: members });
    expect(flat(`/Channel/Application/${name}`)).toEqual({ n: 1, mspIds: members });
    expect(flat(`/Channel/Orderer/${name}`)).toEqual({ n: 1, mspIds: ordering });
  }
  expect(flat('/Channel/Application/Endorsement')).toEqual({
    n: majorityOf(members.length),
    mspIds: members,
  });
  expect(flat('/Channel/Orderer/BlockValidation')).toEqual({
    n: bftQuorum(config.consenters.length),
    mspIds: config.consenters.map(({ mspId }) => mspId),
  });
}

type Change = (config: common.Config) => common.Config;

describe('A change of organizations', () => {
  it('rewrites every policy that names them, after any sequence of changes', () => {
    const index = fc.integer({ min: 0, max: 5 });
    const change: fc.Arbitrary<Change> = fc.oneof(
      fc.tuple(index, fc.boolean()).map(
        ([i, ordering]): Change =>
          (config) =>
            addOrganization(config, member(i, ordering)),
      ),
      index.map(
        (i): Change =>
          (config) =>
            addConsenter(config, place(i)),
      ),
      index.map(
        (i): Change =>
          (config) =>
            removeOrganization(config, all[i]!.mspId),
      ),
      index.map(
        (i): Change =>
          (config) =>
            removeConsenter(config, all[i]!.mspId),
      ),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let current = channel;
        for (const make of changes) {
          let desired: common.Config;
          try {
            desired = make(current.config);
          } catch (error) {
            expect(error).toBeInstanceOf(ChannelConfigError);
            continue;
          }
          current = applied(current, desired);
          checkFlatPolicies(current);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('leaves the configuration that it was given alone', () => {
    const config = channel.config;
    const before = config.serializeBinary();
    addOrganization(config, member(4, true));
    removeOrganization(config, 'AMSP');
    expect(Buffer.compare(config.serializeBinary(), before)).toBe(0);
  });

  it('gives a new consenter the next number, or the one that it asks for', () => {
    const next = applied(channel, addOrganization(channel.config, member(4, true)));
    expect(next.consenters.at(-1)).toMatchObject({ id: 5, mspId: 'EMSP', host: 'e.example', port: 7050 });
    const { orderer, ...organization } = place(4);
    const chosen = addOrganization(channel.config, { ...organization, orderer: { ...orderer, id: 9 } });
    expect(applied(channel, chosen).consenters.at(-1)?.id).toBe(9);
    const taken = { ...organization, orderer: { ...orderer, id: 1 } };
    expect(() => addOrganization(channel.config, taken)).toThrow('There is a consenter 1 already');
  });

  it('gives a consenter other certificates under the same number and address, and the block policy with them', () => {
    const { orderer } = member(5, true);
    const renewed = { ...orderer!, host: 'ignored.example', id: 17 };
    const after = applied(channel, replaceConsenterCertificates(channel.config, 'BMSP', renewed));
    const before = channel.consenters.find(({ mspId }) => mspId === 'BMSP')!;
    expect(after.consenters.find(({ mspId }) => mspId === 'BMSP')).toEqual({
      ...before,
      certificate: orderer!.signingCertificate,
      clientTlsCertificate: orderer!.clientTlsCertificate,
      serverTlsCertificate: orderer!.serverTlsCertificate,
    });
    const others = ({ consenters }: ChannelConfig) => consenters.filter(({ mspId }) => mspId !== 'BMSP');
    expect(others(after)).toEqual(others(channel));
    checkFlatPolicies(after);
    expect(() => replaceConsenterCertificates(channel.config, 'FMSP', renewed)).toThrow(ChannelConfigError);
  });

  it('keeps the others as they were', () => {
    const next = applied(channel, addOrganization(channel.config, member(4)));
    const group = (config: ChannelConfig): unknown =>
      config.config
        .getChannelGroup()
        ?.getGroupsMap()
        .get('Application')
        ?.getGroupsMap()
        .get('BMSP')
        ?.toObject();
    expect(group(next)).toEqual(group(channel));
    expect(next.consenters).toEqual(channel.consenters);
  });

  it.each<[string, Change, string]>([
    [
      'a member that is there',
      (config) => addOrganization(config, member(0)),
      'AMSP is on the channel already',
    ],
    ['a place for a stranger', (config) => addConsenter(config, place(4)), 'EMSP is not on the channel'],
    ['a second place', (config) => addConsenter(config, place(0)), 'AMSP orders on the channel already'],
    [
      'a departure of a stranger',
      (config) => removeOrganization(config, 'EMSP'),
      'EMSP is not on the channel',
    ],
    ['a place of nobody', (config) => removeConsenter(config, 'EMSP'), 'EMSP orders nothing on the channel'],
    [
      'a departure of the last one that orders',
      (config) => ['A', 'B', 'C', 'D'].reduce((left, name) => removeConsenter(left, `${name}MSP`), config),
      'DMSP is the last one that orders',
    ],
    [
      'a departure of the last member',
      (config) =>
        ['B', 'C', 'D', 'A'].reduce(
          (left, name) => removeOrganization(left, `${name}MSP`),
          ['A', 'B', 'C'].reduce((left, name) => removeConsenter(left, `${name}MSP`), config),
        ),
      'is the last one',
    ],
    [
      'anything to a configuration of no channel',
      () => addOrganization(new common.Config(), member(0)),
      'not the configuration of a channel',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => change(channel.config)).toThrow(ChannelConfigError);
    expect(() => change(channel.config)).toThrow(message);
  });

  it('refuses a name that the configuration has no room for', () => {
    expect(() => addOrganization(channel.config, { ...member(4), mspId: 'E MSP' })).toThrow(ProfileError);
  });
});
