import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOrganization } from 'umlauf-channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHome } from '../home/home.js';
import { UserError } from '../user-error.js';
import { readBlockFile, readBlockFiles } from './block-file.js';
import { deliverBlocks } from './deliver.js';
import { ends } from './ends.js';
import { findSource, writeBlockFile } from './export.js';
import { TestRun } from './testing/run.js';
import { CHAIR, PROPOSER } from './testing/scenario.js';
import { verify } from './verify.js';

let run: TestRun;
const folder = mkdtempSync(join(tmpdir(), 'umlauf-export-'));

beforeAll(async () => {
  run = await TestRun.start();
}, 60_000);
afterAll(async () => {
  await run.stop();
  rmSync(folder, { recursive: true });
});

const deliver = (memberId = CHAIR) =>
  deliverBlocks(run.address(memberId), run.description.channel, run.signer(memberId, 'auditor'));

async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const list: Buffer[] = [];
  for await (const block of blocks) list.push(Buffer.from(block));
  return list;
}

describe('Exporting a running channel', () => {
  it('gives all blocks of a peer, through the Deliver service', async () => {
    expect(await collect(deliver(PROPOSER))).toEqual(run.blocks().map((block) => Buffer.from(block)));
  });

  it('writes them into a file that can be verified and told by its ends', async () => {
    const file = join(folder, 'whole.blocks');
    const seen: number[] = [];
    expect(await writeBlockFile(file, deliver(), (count) => seen.push(count))).toBe(run.blocks().length);
    expect(seen.at(-1)).toBe(run.blocks().length);
    const { genesis, height, last } = await ends(readBlockFile(file));
    const report = await verify(readBlockFile(file), { genesis, height, last });
    // Nobody has founded anything yet.
    expect(new Set(report.findings.map(({ check }) => check))).toEqual(new Set(['coverage']));
  });

  it('reads files that follow each other as one chain', async () => {
    const [first, second] = [join(folder, 'first.blocks'), join(folder, 'second.blocks')];
    const blocks = await collect(deliver());
    await writeBlockFile(first, from(blocks.slice(0, 2)));
    await writeBlockFile(second, from(blocks.slice(2)));
    expect(await collect(readBlockFiles([first, second]))).toEqual(blocks);
  });

  it('leaves no file behind when the blocks end in an error', async () => {
    const before = readdirSync(folder);
    const failing = async function* () {
      yield* await collect(deliver());
      throw new UserError('the peer went away');
    };
    await expect(writeBlockFile(join(folder, 'half.blocks'), failing())).rejects.toThrow('went away');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is refused to an organization that is not on the channel', async () => {
    const stranger = run.signer('bavaria', 'auditor');
    const blocks = deliverBlocks(run.address(CHAIR), run.description.channel, stranger);
    await expect(collect(blocks)).rejects.toThrow(/refuses to deliver its blocks: FORBIDDEN/);
  });

  it('says which channel is unknown and which peer cannot be reached', async () => {
    const signer = run.signer(CHAIR, 'auditor');
    await expect(collect(deliverBlocks(run.address(CHAIR), 'other', signer))).rejects.toThrow('NOT_FOUND');
    const nowhere = { ...run.address(CHAIR), endpoint: 'localhost:1' };
    await expect(collect(deliverBlocks(nowhere, 'umlauf', signer))).rejects.toThrow(UserError);
  });

  it('finds the peer of a member whose consortium runs in a home', async () => {
    const home = openHome(join(folder, 'home'));
    try {
      const { material } = run.organization(PROPOSER);
      const { endpoint, tlsRootCertificates } = run.address(PROPOSER);
      await writeOrganization(home.path('organizations', PROPOSER), material);
      writeFileSync(
        home.path('ports.json'),
        JSON.stringify({ [PROPOSER]: { peer: Number(endpoint.split(':')[1]) } }),
      );
      await expect(findSource(home.directory, { description: run.description })).rejects.toThrow(
        /no consortium is running/,
      );
      writeFileSync(home.path('endpoints.json'), JSON.stringify([{ memberId: PROPOSER }]));
      const source = await findSource(home.directory, { description: run.description });
      expect(source).toMatchObject({ memberId: PROPOSER, address: { endpoint, tlsRootCertificates } });
      const blocks = await collect(deliverBlocks(source.address, run.description.channel, source.signer));
      expect(blocks).toHaveLength(run.blocks().length);
      await expect(findSource(home.directory, { description: run.description }, 'bavaria')).rejects.toThrow(
        `bavaria runs nothing here; these do: ${PROPOSER}`,
      );
    } finally {
      home.close();
    }
  });
});

describe('A file that holds no blocks', () => {
  it.each([
    ['something else', 'hello', /is no file of blocks/],
    ['too little to tell', '', /is no file of blocks/],
    ['a block that is too large', 'umlauf-blocks/1\n\u007f\u007f\u007f\u007f', /claims to hold a block/],
  ])('is refused where it is %s', async (_what, content, message) => {
    const file = join(folder, 'none.blocks');
    writeFileSync(file, content);
    await expect(collect(readBlockFile(file))).rejects.toThrow(message);
  });

  it('is refused where it is missing', async () => {
    await expect(collect(readBlockFile(join(folder, 'missing.blocks')))).rejects.toThrow(
      /can't be read: ENOENT/,
    );
  });
});

async function* from(blocks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const block of blocks) yield await Promise.resolve(block);
}
