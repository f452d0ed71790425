import { status } from '@grpc/grpc-js';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { common, orderer as ordererProtos } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addOrganization,
  ChannelConfig,
  configUpdateEnvelope,
  createSigner,
  proposeConfigUpdate,
  removeOrganization,
  signConfigUpdate,
} from 'umlauf-channel';
import type { OrganizationMaterial, Signer } from 'umlauf-channel';
import { Status } from './protocol/codes.js';
import {
  CHAINCODE,
  CHANNEL,
  channelOrganization,
  deployProbe,
  joinOptions,
  organization,
  startConsortium,
} from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { codeOf, failureOf, Probe } from './testing/contract.js';

let consortium: Consortium;
let packageId: string;
let fifth: OrganizationMaterial;

beforeAll(async () => {
  consortium = await startConsortium();
  packageId = await deployProbe(consortium);
  fifth = await organization(5);
});

afterAll(async () => {
  await consortium.stop();
});

const adminOf = (member: OrganizationMaterial): Signer => createSigner(member.admin, member.mspId);

/** The configuration in force, as a client reads it. */
async function currentConfig(): Promise<common.Config> {
  const cscc = consortium.client(1).getNetwork(CHANNEL).getContract('cscc');
  return common.Config.deserializeBinary(await cscc.evaluateTransaction('GetChannelConfig', CHANNEL));
}

async function update(
  change: (config: common.Config) => common.Config,
  signers: readonly OrganizationMaterial[],
): Promise<common.Envelope> {
  const current = await currentConfig();
  const bytes = proposeConfigUpdate(current, change(current), CHANNEL).serializeBinary();
  const signatures = signers.map((member) => signConfigUpdate(bytes, adminOf(member)));
  return configUpdateEnvelope(bytes, signatures, adminOf(signers[0]!));
}

const joining = (config: common.Config): common.Config => {
  const { orderer: _none, ...member } = channelOrganization(fifth, 7500);
  return addOrganization(config, member);
};

async function committed(envelope: common.Envelope): Promise<void> {
  const height = consortium.network.height();
  await consortium.network.broadcast(envelope);
  await expect.poll(() => consortium.network.height()).toBe(height + 1n);
}

describe('a new organization', () => {
  test('can not join before the configuration has it', async () => {
    await expect(consortium.network.joinPeer(joinOptions(fifth))).rejects.toThrow(
      'organization Org5MSP is not a member of channel test-channel',
    );
  });

  test('is not let in by half of the members', async () => {
    const height = consortium.network.height();
    const envelope = await update(joining, consortium.members.slice(0, 2));
    const refusal: unknown = await consortium.network.broadcast(envelope).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'BroadcastError', status: Status.BAD_REQUEST });
    expect(String(refusal)).toContain(
      "error applying config update to existing channel 'test-channel': error authorizing update:",
    );
    expect(consortium.network.height()).toBe(height);
  });

  test('joins by an update that a majority has signed', async () => {
    const held = await new Probe(consortium, 1).endorse(
      'put',
      ['held', 'x'],
      ['Org1MSP', 'Org2MSP', 'Org3MSP'],
    );
    await committed(await update(joining, consortium.members.slice(0, 3)));
    const block = consortium.network.block(consortium.network.height() - 1n)!;
    expect([...ChannelConfig.fromConfigBlock(block).organizations.keys()]).toContain('Org5MSP');

    consortium.members.push(fifth);
    consortium.peers.set('Org5MSP', await consortium.network.joinPeer(joinOptions(fifth)));
    // Three of five are still a majority.
    expect(await codeOf(held)).toBe(StatusCode.VALID);
    expect(await new Probe(consortium, 5).evaluate('get', 'held')).toBe('x');
  });

  test('endorses once it has approved the chaincode', async () => {
    const probe = new Probe(consortium, 5);
    const endorse = () => probe.endorse('put', ['fifth', 'x'], ['Org3MSP', 'Org4MSP', 'Org5MSP']);
    expect(await failureOf(endorse())).toMatchObject({
      code: status.UNAVAILABLE,
      message: 'failed to find any endorsing peers for org(s): Org5MSP',
    });
    await consortium.network.approve({
      mspId: 'Org5MSP',
      admin: adminOf(fifth),
      definition: { name: CHAINCODE, version: '1', sequence: 1 },
      packageId,
    });
    expect(await codeOf(await endorse())).toBe(StatusCode.VALID);
  });

  test('once removed is let in no more, neither its clients nor its peer', async () => {
    await committed(
      await update((config) => removeOrganization(config, 'Org5MSP'), consortium.members.slice(0, 3)),
    );
    const elsewhere = await failureOf(new Probe(consortium, 5, { peerIndex: 1 }).evaluate('get', 'held'));
    expect(elsewhere.message).toContain('creator org unknown');
    for (const index of [1, 5]) {
      const throughIt = new Probe(consortium, index, { peerIndex: 5 });
      expect(await failureOf(throughIt.evaluate('get', 'held'))).toMatchObject({
        code: status.UNAVAILABLE,
        message:
          'organization Org5MSP is not a member of channel test-channel: its peer gets no blocks any more',
      });
    }
    const named = new Probe(consortium, 1).endorse('put', ['a', 'b'], ['Org1MSP', 'Org2MSP', 'Org5MSP']);
    expect((await failureOf(named)).message).toBe('failed to find any endorsing peers for org(s): Org5MSP');
  });
});

test('an update made for an older configuration is stale', async () => {
  const rename = (value: number) => (config: common.Config) => {
    const changed = common.Config.deserializeBinary(config.serializeBinary());
    const orderer = changed.getChannelGroup()!.getGroupsMap().get('Orderer')!;
    const batch = orderer.getValuesMap().get('BatchSize')!;
    const size = ordererProtos.BatchSize.deserializeBinary(batch.getValue_asU8());
    size.setMaxMessageCount(value);
    batch.setValue(size.serializeBinary());
    return changed;
  };
  const [first, second] = [
    await update(rename(10), consortium.members.slice(0, 3)),
    await update(rename(20), consortium.members.slice(0, 3)),
  ];
  await committed(first);
  await expect(consortium.network.broadcast(second)).rejects.toThrow(/error applying config update/);
});

test('the configuration block can be asked for as well', async () => {
  const cscc = consortium.client(1).getNetwork(CHANNEL).getContract('cscc');
  const block = common.Block.deserializeBinary(await cscc.evaluateTransaction('GetConfigBlock', CHANNEL));
  const config = ChannelConfig.fromConfigBlock(block);
  expect(config.channelId).toBe(CHANNEL);
  expect(config.config.serializeBinary()).toEqual((await currentConfig()).serializeBinary());
});
