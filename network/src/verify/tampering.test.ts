/** Attacks on exported blocks of real Fabric, without any key. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  blockDataHash,
  blockEnvelopes,
  blockHeader,
  blockHeaderHash,
  setBlockMetadata,
} from 'umlauf-channel';
import { blockFileEntry, blockFileStart, readBlocks } from './block-file.js';
import { verify } from './verify.js';

const FILE = new URL('../../../test/fixtures/fabric-3.1.5/story.blocks.gz', import.meta.url);
const GENESIS = '8c30ea8fd50ff48eb159889a8ffd9872cabf9f6408824885c84beaa043cc3bb3';
const LAST = '4a36c250be31b3a0933b201155dc2f67dfdca1d7c4019c46dbf133a415b3efbc';
const HEIGHT = 36;
const { TRANSACTIONS_FILTER } = common.BlockMetadataIndex;

const content = gunzipSync(readFileSync(FILE));
const blocks: Uint8Array[] = [];
beforeAll(async () => {
  for await (const block of readBlocks(chunks(content), 'fixture')) blocks.push(block);
});

describe('Blocks of real Fabric', () => {
  it('hold, every validation code and commit hash included', async () => {
    const report = await verify(blocks, { genesis: GENESIS, height: HEIGHT, last: LAST });
    expect(report.findings).toEqual([]);
    expect(report.checked).toMatchObject({ blocks: HEIGHT, configurations: 3, transactions: 44, valid: 42 });
    expect(
      report.organizations.map(({ resolutionId, foundation }) => resolutionId ?? foundation?.length),
    ).toEqual([64, 64, 64, 64, 'admission-north-rhine-westphalia', 'admission-bavaria']);
  });
});

describe('Exported blocks', () => {
  it('do not hold with one byte changed, wherever it is', async () => {
    const whole = fileOf(blocks.slice(0, 11)); // chaincode, foundation, an application and a proposal
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (position, flip) => {
          const changed = Buffer.from(whole);
          changed[position]! ^= flip;
          const { findings } = await verify(readBlocks(chunks(changed), 'changed'));
          expect(findings).not.toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('do not hold with one byte of a block’s metadata changed', async () => {
    const block = decode(2).serializeBinary();
    const start = block.length - (decode(2).getMetadata()?.serializeBinary().length ?? 0);
    for (let position = start; position < block.length; position += 13) {
      const changed = Buffer.from(block);
      changed[position]! ^= 1;
      const { findings } = await verify([...blocks.slice(0, 2), changed]);
      expect(findings.filter(({ check }) => check !== 'coverage')).not.toEqual([]);
    }
  });

  it('name the block that is missing', async () => {
    const { findings } = await verify([...blocks.slice(0, 14), ...blocks.slice(15)]);
    expect(findings).toEqual([
      { check: 'number', message: 'block 14 is missing', block: 15 },
      { check: 'previous-hash', message: 'names another block as the one before it', block: 15 },
      expect.objectContaining({ check: 'number', block: 15 }),
    ]);
  });

  it('name the block that comes twice', async () => {
    const { findings } = await verify([...blocks.slice(0, 14), blocks[13]!]);
    expect(findings.map(({ check, block }) => [check, block])).toEqual([
      ['number', 13],
      ['previous-hash', 13],
      ['number', 13],
    ]);
  });

  it('name the transaction of a swapped ballot', async () => {
    const { number, transaction } = ballot();
    const changed = blocks.map((block, at) => (at === number ? swapped(number).serializeBinary() : block));
    const { findings } = await verify(changed.slice(0, number + 1));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'data-hash', block: number }));
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'validation-code', block: number, transaction }),
    );
  });

  it('name it too where the hashes are made to fit', async () => {
    const { number, transaction } = ballot();
    const block = swapped(number);
    blockHeader(block).setDataHash(blockDataHash(blockEnvelopes(block)));
    const next = decode(number + 1);
    blockHeader(next).setPreviousHash(blockHeaderHash(blockHeader(block)));
    const { findings } = await verify([
      ...blocks.slice(0, number),
      ...[block, next].map((each) => each.serializeBinary()),
    ]);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'orderers', block: number }));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'orderers', block: number + 1 }));
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'validation-code', block: number, transaction }),
    );
  });

  it.each([
    ['a valid transaction is said to be invalid', 0, 11],
    ['an invalid transaction is said to be valid', 11, 0],
  ])('name the validation code where %s', async (_what, from, to) => {
    const number = blocks.findIndex((_, at) => codes(at).includes(from) && at > 8);
    const block = decode(number);
    setBlockMetadata(
      block,
      TRANSACTIONS_FILTER,
      codes(number).map((code, at, all) => (at === all.indexOf(from) ? to : code)),
    );
    const { findings } = await verify([...blocks.slice(0, number), block.serializeBinary()]);
    expect(findings.map(({ check }) => check)).toEqual(['validation-code']);
    expect(findings[0]).toMatchObject({
      block: number,
      transaction: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('do not hold under another genesis hash, and say so alone', async () => {
    const { findings } = await verify(blocks.slice(0, 14), { genesis: GENESIS.replaceAll('f', '0') });
    expect(findings.map(({ check }) => check)).toEqual(['expectation']);
  });

  it('are not whole with their tail cut off, which only a known height or last hash tells', async () => {
    const cut = blocks.slice(0, 30);
    expect((await verify(cut)).findings).toEqual([]);
    const { findings } = await verify(cut, { height: HEIGHT, last: LAST });
    expect(findings.map(({ check }) => check)).toEqual(['expectation', 'expectation']);
  });

  it('cannot be judged without their genesis block', async () => {
    const { findings, checked } = await verify(blocks.slice(5));
    expect(findings.map(({ check }) => check)).toContain('number');
    expect(checked.valid).toBe(0);
  });

  it('are named where the file ends within a block', async () => {
    const file = fileOf(blocks.slice(0, 3));
    const { findings } = await verify(readBlocks(chunks(file.subarray(0, file.length - 5)), 'cut'));
    expect(findings).toContainEqual({ check: 'form', message: 'cut: ends within a block', block: 2 });
  });
});

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer, undefined> {
  for (let at = 0; at < bytes.length; at += 4096) yield Promise.resolve(bytes.subarray(at, at + 4096));
  return undefined;
}

const fileOf = (list: readonly Uint8Array[]): Buffer =>
  Buffer.concat([blockFileStart(), ...list.map((block) => blockFileEntry(block))]);

const decode = (number: number): common.Block => common.Block.deserializeBinary(blocks[number]!);

const codes = (number: number): Uint8Array =>
  decode(number).getMetadata()?.getMetadataList_asU8()[TRANSACTIONS_FILTER] ?? new Uint8Array();

/** The first ballot: the block that it is alone in, and its transaction's id. */
function ballot(): { number: number; transaction: string } {
  const number = blocks.findIndex((_, at) => {
    const [envelope, ...others] = blockEnvelopes(decode(at));
    return (
      others.length === 0 && envelope !== undefined && Buffer.from(envelope).includes('resolutions:vote')
    );
  });
  const envelope = common.Envelope.deserializeBinary(blockEnvelopes(decode(number))[0]!);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  return { number, transaction: header.getTxId() };
}

/** The block with "yes" turned into another choice, wherever it stands. */
function swapped(number: number): common.Block {
  const block = decode(number);
  const list = blockEnvelopes(block).map((envelope) => {
    const text = Buffer.from(envelope).toString('latin1');
    return Buffer.from(text.replaceAll('"choice":"yes"', '"choice": "no"'), 'latin1');
  });
  block.getData()?.setDataList(list);
  return block;
}
