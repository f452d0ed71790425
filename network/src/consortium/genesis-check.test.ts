import { common } from '@hyperledger/fabric-protos';
import {
  ChannelConfig,
  createGenesisBlock,
  createOrganization,
  defaultBatch,
  type ChannelProfile,
} from 'umlauf-channel';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportedPart } from '../engines/channel-profile.js';
import type { PublicPart } from '../home/organization-file.js';
import type { Ports } from '../home/ports.js';
import { checkConfiguration, checkRoots, readGenesis } from './genesis-check.js';
import type { ListedMember } from './schema.js';

const FILE = 'genesis.block';
const listed = (index: number) =>
  ({ id: `m${index}`, mspId: `M${index}MSP`, host: 'localhost', ports: {} }) as ListedMember;
const ports = (index: number) =>
  ({ kept: (_: ListedMember, kind: string) => (kind === 'peer' ? 7000 : 8000) + index }) as unknown as Ports;
const part = async (index: number): Promise<PublicPart> => {
  const member = listed(index);
  const { id, mspId } = member;
  const material = await createOrganization({ mspId, domain: `${id}.example`, hosts: [], users: [] });
  return exportedPart({ member, material }, ports(index));
};

let founders: PublicPart[];
beforeAll(async () => {
  founders = await Promise.all([0, 1, 2, 3, 4].map(part));
});

/** The first four order. */
function genesisOf(parts: readonly PublicPart[], changes: Partial<ChannelProfile> = {}): ChannelConfig {
  const organizations = parts.map(({ orderer, ...rest }, index) => (index < 4 ? { ...rest, orderer } : rest));
  const profile = { channelId: 'umlauf', organizations, ...changes };
  return readGenesis(createGenesisBlock(profile).serializeBinary(), FILE);
}

function check(genesis: ChannelConfig, known: readonly PublicPart[]): void {
  checkRoots(genesis, known, FILE);
  checkConfiguration(genesis, known, FILE);
}

const replaced = (index: number, changes: Partial<PublicPart>): PublicPart[] =>
  founders.map((founder, each) => (each === index ? { ...founder, ...changes } : founder));

describe("a channel's first block from another machine", () => {
  it('is accepted when it says what this machine knows of the founders, in whatever order it lists them', () => {
    expect(() => check(genesisOf(founders), founders)).not.toThrow();
    expect(() => check(genesisOf(founders), [...founders].reverse())).not.toThrow();
  });

  it('is refused with other roots of a founder, by its name', async () => {
    const forged = genesisOf(replaced(2, await part(2)));
    expect(() => check(forged, founders)).toThrow(
      `${FILE}: has other root certificates of M2MSP than this machine`,
    );
  });

  it('is refused with an orderer at another address, or with other certificates', () => {
    const [first, second] = founders;
    const orderer = { ...second!.orderer, port: 1 };
    expect(() => check(genesisOf(replaced(1, { orderer })), founders)).toThrow(
      'another address or other certificates of the orderer of M1MSP',
    );
    const stolen = { ...second!.orderer, signingCertificate: first!.orderer.signingCertificate };
    expect(() => check(genesisOf(replaced(1, { orderer: stolen })), founders)).toThrow(/orderer of M1MSP/);
  });

  it('is refused with other rules than everybody makes of the same files', () => {
    const moved = genesisOf(replaced(4, { peers: [{ host: 'localhost', port: 1 }] }));
    expect(() => check(moved, founders)).toThrow(/its addresses, policies or limits are not those/);
    const batch = { ...defaultBatch(4), maxMessageCount: 1 };
    expect(() => check(genesisOf(founders, { batch }), founders)).toThrow(/policies or limits/);
    const { config } = genesisOf(founders);
    const policies = config.getChannelGroup()?.getGroupsMap().get('Application')?.getPoliciesMap();
    policies?.set('Admins', policies.get('Readers')!);
    expect(() => check(ChannelConfig.fromConfig(config, 'umlauf'), founders)).toThrow(/policies or limits/);
  });

  it('is refused when it is none', () => {
    expect(() => readGenesis(Buffer.from('none'), FILE)).toThrow(`${FILE}: is no first block of a channel`);
    const block = new common.Block();
    block.setHeader(new common.BlockHeader());
    expect(() => readGenesis(block.serializeBinary(), FILE)).toThrow('is no first block of a channel');
  });
});
