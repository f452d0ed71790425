import { loadConsortium } from '../consortium/load.js';
import { readBlockFile } from '../verify/block-file.js';
import { deliverBlocks } from '../verify/deliver.js';
import { findSource, writeBlockFile } from '../verify/export.js';
import { ends } from '../verify/ends.js';
import { progressLine } from './progress-line.js';
import { consortiumFile } from './settle.js';

export interface ExportOptions {
  readonly home: string;
  readonly consortium?: string;
  readonly member?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Exports a running consortium's blocks and says how to recognise them. */
export async function exportLedger(options: ExportOptions): Promise<void> {
  const consortium = consortiumFile(options);
  const description = loadConsortium(consortium);
  const { channel } = description;
  const { memberId, address, signer } = await findSource(
    options.home,
    { description, file: consortium },
    options.member,
  );
  const file = options.out ?? `${channel}.blocks`;
  const progress = progressLine(options.json !== true);
  await writeBlockFile(file, deliverBlocks(address, channel, signer), (blocks) =>
    progress.show(`${blocks} blocks from the peer of ${memberId}`),
  );
  progress.clear();
  const { genesis, height, last } = await ends(readBlockFile(file));
  const lines = [
    `✓ ${height} blocks from the peer of ${memberId} in ${file}`,
    `genesis hash  ${genesis}`,
    `height        ${height}`,
    `last hash     ${last}`,
    `Anyone can check them, without this network: npx umlauf verify ${file} --genesis ${genesis} --height ${height}`,
  ];
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ file, channel, member: memberId, genesis, height, last })}\n`
      : `${lines.join('\n')}\n`,
  );
}
