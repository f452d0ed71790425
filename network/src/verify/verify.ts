/**
 * Verifies a channel's blocks offline: nothing is believed but the genesis block, and of that only what is compared
 * with a hash known from elsewhere. Memory grows with the channel's state and the number of transaction ids, not with
 * the blocks.
 */
import { blockEnvelopes } from 'umlauf-channel';
import { BlockFileError } from './block-file.js';
import { ChainCheck, hashText } from './chain.js';
import { Findings } from './findings.js';
import type { Report } from './report.js';
import { TransactionCheck, isValid } from './transactions.js';

/** What is known from elsewhere; a mismatch is a finding. */
export interface Expectations {
  /** Hash of the genesis block's header, hexadecimal. */
  readonly genesis?: string;
  /** Number of blocks. */
  readonly height?: number;
  /** Hash of the last block's header, hexadecimal. */
  readonly last?: string;
}

export interface VerifyOptions extends Expectations {
  /** Called with the number of blocks that are done. */
  readonly progress?: (blocks: number) => void;
}

/**
 * @param blocks serialised `common.Block`s in the order of the chain
 * @returns what was checked and all that doesn't hold; bad input is a finding, never an error
 */
export async function verify(
  blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: VerifyOptions = {},
): Promise<Report> {
  const findings = new Findings();
  const chain = new ChainCheck(findings.add);
  const transactions = new TransactionCheck(findings.add);
  const count = { blocks: 0, configurations: 0, transactions: 0, valid: 0 };
  let judging = true;
  try {
    for await (const bytes of blocks) {
      count.blocks += 1;
      const place = chain.take(bytes);
      if (place) count.transactions += blockEnvelopes(place.block).length;
      if (place?.nextConfig) count.configurations += 1;
      if (judging && !(place && chain.isWhole)) {
        judging = false;
        findings.add({
          check: 'number',
          message: 'from here on transactions are not judged: what they build on is missing',
          block: place?.number ?? chain.height - 1,
        });
      }
      if (judging && place) {
        const validated = await transactions.take(place);
        count.valid += validated.filter(isValid).length;
      }
      options.progress?.(count.blocks);
    }
  } catch (error) {
    if (!(error instanceof BlockFileError)) throw error;
    findings.add({ check: 'form', message: error.message, block: chain.height });
  }
  expect(chain, options, findings);
  return {
    holds: findings.total === 0,
    ...(chain.config && { channel: chain.config.channelId }),
    genesis: hashText(chain.genesisHash),
    height: chain.height,
    last: hashText(chain.lastHash),
    checked: count,
    findings: findings.listed,
    moreFindings: findings.total - findings.listed.length,
  };
}

function expect(chain: ChainCheck, { genesis, height, last }: Expectations, findings: Findings): void {
  const differ = (what: string, expected: string | number, found: string | number) =>
    findings.add({
      check: 'expectation',
      message: `${what} is ${found === '' ? 'unknown' : found}, not ${expected} as expected`,
    });
  const genesisHash = hashText(chain.genesisHash);
  if (genesis !== undefined && genesis.toLowerCase() !== genesisHash)
    differ('the genesis hash', genesis, genesisHash);
  if (height !== undefined && height !== chain.height) differ('the height', height, chain.height);
  const lastHash = hashText(chain.lastHash);
  if (last !== undefined && last.toLowerCase() !== lastHash) differ('the last hash', last, lastHash);
  if (chain.genesisHash === undefined)
    findings.add({ check: 'number', message: 'there is no genesis block: nothing can be judged' });
}
