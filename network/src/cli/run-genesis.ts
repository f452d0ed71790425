import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { blockHeader, blockHeaderHash, ChannelConfig } from 'umlauf-channel';
import { makeGenesis } from '../consortium/genesis-exchange.js';
import { loadConsortium } from '../consortium/load.js';
import { genesisFile } from '../engines/genesis-file.js';
import { checkFolderOf } from '../home/exchanged-file.js';
import { writeAtomically } from '../home/files.js';
import { checkHome, openHome, pathsIn, settingsOf } from '../home/home.js';
import { consortiumFile } from './settle.js';

export interface GenesisOptions {
  readonly home: string;
  readonly consortium?: string;
  readonly orderers?: number;
  readonly out: string;
  readonly json?: boolean;
}

/** Writes the channel's first block, and says by what the others recognise it. */
export async function genesis(options: GenesisOptions): Promise<void> {
  const { out } = options;
  checkFolderOf(out);
  const bytes = await ownGenesis(options);
  writeAtomically(out, bytes, 0o644);
  const block = common.Block.deserializeBinary(bytes);
  const { channelId, organizations, consenters } = ChannelConfig.fromConfigBlock(block);
  const result = {
    file: out,
    channel: channelId,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    /** As `umlauf verify --genesis` wants it. */
    genesis: Buffer.from(blockHeaderHash(blockHeader(block))).toString('hex'),
    founders: [...organizations.keys()],
    orderers: consenters.map(({ mspId }) => mspId),
  };
  const lines = [
    `✓ ${out}: the first block of ${channelId}, founded by ${result.founders.join(', ')}`,
    `  who orders    ${result.orderers.join(', ')}`,
    `  SHA-256       ${result.sha256}`,
    `  genesis hash  ${result.genesis}`,
    'Each machine takes it, and checks it against its own consortium file: umlauf up --engine fabric --genesis FILE',
  ];
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

/** The one that the home has, also while it is running, or one made now. */
async function ownGenesis({ home: directory, orderers, ...options }: GenesisOptions): Promise<Uint8Array> {
  const engine = settingsOf(directory)?.engine;
  const file = genesisFile(pathsIn(directory), engine ?? 'fabric');
  if (existsSync(file)) return readFileSync(file);
  checkHome(directory, 'fabric');
  const consortium = consortiumFile({ home: directory, ...options });
  const description = loadConsortium(consortium);
  const home = openHome(directory, { engine: 'fabric', consortium });
  try {
    return await makeGenesis(home, description, orderers);
  } finally {
    home.close();
  }
}
