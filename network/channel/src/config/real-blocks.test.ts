import { readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockEnvelopes, blockHeader, lastConfigIndex, verifyDataHash } from '../blocks/block.js';
import { decodeEnvelope } from '../blocks/envelope.js';
import { blockHeaderHash } from '../blocks/header.js';
import { bftQuorum } from '../policies/build.js';
import { requiredOrganizations } from '../policies/describe.js';
import { PolicyError } from '../policies/policy.js';
import { ChannelConfig } from './channel-config.js';
import { proposeConfigUpdate } from './compute-update.js';

const NAMES = ['0-genesis', '1-member-added', '2-consenter-added', '3-member-removed'];

function load(name: string): common.Block {
  const file = new URL(`../../fixtures/fabric-3.1.5/${name}.block`, import.meta.url);
  return common.Block.deserializeBinary(readFileSync(file));
}

function lastUpdate(block: common.Block): common.Envelope {
  const { payload } = decodeEnvelope(blockEnvelopes(block)[0]!);
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getLastUpdate()!;
}

const blocks = NAMES.map(load);
const configs = blocks.map((block) => ChannelConfig.fromConfigBlock(block));

describe('Blocks of real Fabric', () => {
  it('form a chain with right data hashes', () => {
    blocks.forEach((block, number) => {
      verifyDataHash(block);
      expect(blockHeader(block).getNumber()).toBe(number);
      expect(lastConfigIndex(block)).toBe(number);
      const previous = blocks[number - 1];
      const expected = previous ? blockHeaderHash(blockHeader(previous)) : new Uint8Array();
      expect(Buffer.compare(blockHeader(block).getPreviousHash_asU8(), expected)).toBe(0);
    });
  });

  it('are signed by a quorum of the consenters then in force', () => {
    for (const number of [1, 2, 3]) configs[number - 1]!.verifyBlockSignatures(blocks[number]!);
  });

  it('are not, once a byte of the header or a signature is changed, or signatures are missing', () => {
    const bytes = blocks[1]!.serializeBinary();
    const hash = Buffer.from(bytes).indexOf(Buffer.from(blockHeader(blocks[1]!).getDataHash_asU8()));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const changed = Uint8Array.from(bytes);
        changed[hash + offset]! ^= flip;
        const block = common.Block.deserializeBinary(changed);
        expect(() => configs[0]!.verifyBlockSignatures(block)).toThrow(PolicyError);
        expect(() => verifyDataHash(block)).toThrow('different from');
      }),
      { numRuns: 20 },
    );
    const unsigned = common.Block.deserializeBinary(bytes);
    const list = unsigned.getMetadata()!.getMetadataList_asU8();
    const metadata = common.Metadata.deserializeBinary(list[0]!);
    const enough = bftQuorum(configs[0]!.consenters.length);
    metadata.setSignaturesList(metadata.getSignaturesList().slice(0, enough - 1));
    unsigned.getMetadata()!.setMetadataList([metadata.serializeBinary(), ...list.slice(1)]);
    expect(() => configs[0]!.verifyBlockSignatures(unsigned)).toThrow('signature set did not satisfy policy');
  });

  it('hold exactly the configuration that their updates lead to here', () => {
    for (const number of [1, 2, 3]) {
      const computed = configs[number - 1]!.applyUpdate(lastUpdate(blocks[number]!));
      expect(computed.toObject()).toEqual(configs[number]!.config.toObject());
      expect(configs[number]!.sequence).toBe(number);
    }
  });

  it('came of updates that are computed here in the same way', () => {
    for (const number of [1, 2, 3]) {
      const envelope = decodeEnvelope(lastUpdate(blocks[number]!)).payload.getData_asU8();
      const update = common.ConfigUpdateEnvelope.deserializeBinary(envelope).getConfigUpdate_asU8();
      const [before, after] = [configs[number - 1]!.config, configs[number]!.config];
      const computed = proposeConfigUpdate(before, after, 'umlauf');
      expect(computed.toObject()).toEqual(common.ConfigUpdate.deserializeBinary(update).toObject());
    }
  });

  it("don't accept an update a second time", () => {
    expect(() => configs[1]!.applyUpdate(lastUpdate(blocks[1]!))).toThrow(
      /^error authorizing update: error validating ReadSet: proposed update requires that key \[(Group|Policy|Value)\] +\/Channel/,
    );
  });

  it('tell who belongs to the channel', () => {
    expect(configs.map(({ organizations }) => organizations.has('EMSP'))).toEqual([false, true, true, false]);
    expect(configs.map(({ consenters }) => consenters.length)).toEqual([4, 4, 5, 4]);
    const endorsement = configs.map(
      (config) => requiredOrganizations(config.signaturePolicyBytes('/Channel/Application/Endorsement')!)?.n,
    );
    expect(endorsement).toEqual([3, 3, 3, 3]);
  });
});
