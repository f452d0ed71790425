import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { hex, sha256 } from '../encoding/bytes.js';
import {
  BlockError,
  blockEnvelopes,
  blockHeader,
  blockMetadata,
  isConfigBlock,
  lastConfigIndex,
  newBlock,
  verifyDataHash,
} from './block.js';
import { createEnvelope, decodeEnvelope, EnvelopeError, transactionId } from './envelope.js';
import { blockHeaderBytes, blockHeaderHash } from './header.js';

function envelope(type: common.HeaderTypeMap[keyof common.HeaderTypeMap]): Uint8Array {
  return createEnvelope({ type, channelId: 'umlauf', data: Buffer.from('data') }).serializeBinary();
}

describe("A block's header", () => {
  it('is signed and hashed as ASN.1', () => {
    const block = newBlock(300, Buffer.from([1, 2]), [Buffer.from('a'), Buffer.from('b')]);
    const dataHash = hex(sha256(Buffer.from('ab')));
    expect(hex(blockHeaderBytes(blockHeader(block)))).toBe(`302a0202012c040201020420${dataHash}`);
    expect(blockHeaderHash(blockHeader(block))).toEqual(sha256(blockHeaderBytes(blockHeader(block))));
  });

  it('numbers the genesis block with a zero of one byte', () => {
    const block = newBlock(0, new Uint8Array(), [Buffer.from('a')]);
    expect(hex(blockHeaderBytes(blockHeader(block))).slice(0, 14)).toBe('30270201000400');
  });
});

describe('A block', () => {
  it('has a data hash over its envelopes, and is refused with another', () => {
    const block = newBlock(1, new Uint8Array(), [Buffer.from('a')]);
    verifyDataHash(block);
    block.getData()?.setDataList([Buffer.from('b')]);
    expect(() => verifyDataHash(block)).toThrow(
      'Header.DataHash is different from Hash(block.Data) for block 1',
    );
  });

  it('is refused without header, envelopes or last config', () => {
    const block = new common.Block();
    expect(() => blockHeader(block)).toThrow(BlockError);
    expect(() => verifyDataHash(block)).toThrow('empty block');
    expect(() => lastConfigIndex(block)).toThrow('block without last config');
    expect(blockEnvelopes(block)).toEqual([]);
    expect(
      blockMetadata(newBlock(1, new Uint8Array(), []), common.BlockMetadataIndex.SIGNATURES),
    ).toBeUndefined();
  });

  it('is a config block with one envelope of that type only', () => {
    const [config, transaction] = [
      envelope(common.HeaderType.CONFIG),
      envelope(common.HeaderType.ENDORSER_TRANSACTION),
    ];
    const isConfig = (...envelopes: Uint8Array[]): boolean =>
      isConfigBlock(newBlock(1, new Uint8Array(), envelopes));
    expect(isConfig(config)).toBe(true);
    expect(isConfig(transaction)).toBe(false);
    expect(isConfig(config, transaction)).toBe(false);
    expect(isConfig(Buffer.from('junk'))).toBe(false);
    expect(isConfig()).toBe(false);
  });
});

describe('An envelope', () => {
  it('is taken apart', () => {
    const timestamp = new Date('2026-01-01T00:00:00.900Z');
    const made = createEnvelope({
      type: common.HeaderType.CONFIG,
      channelId: 'umlauf',
      data: Buffer.from('data'),
      timestamp,
    });
    const { channelHeader, payload } = decodeEnvelope(made.serializeBinary());
    expect(channelHeader.getTimestamp()?.toDate()).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(Buffer.from(payload.getData_asU8()).toString()).toBe('data');
    expect(channelHeader.getTxId()).toBe('');
  });

  it('is refused where it is malformed', () => {
    expect(() => decodeEnvelope(Buffer.from([0xff]))).toThrow('malformed envelope');
    expect(() => decodeEnvelope(new common.Envelope())).toThrow(EnvelopeError);
  });

  it("gives its transaction's id by nonce and creator", () => {
    expect(transactionId(Buffer.from('a'), Buffer.from('b'))).toBe(hex(sha256(Buffer.from('ab'))));
  });
});
