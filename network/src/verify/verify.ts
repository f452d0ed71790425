/**
 * Verifies a channel's blocks offline: nothing is believed but the genesis block, and of that only what is compared
 * with a hash known from elsewhere. Memory grows with the channel's state and the number of transaction ids, not with
 * the blocks.
 */
import { blockEnvelopes } from 'umlauf-channel';
import type { ValidatedTransaction } from 'umlauf-embedded';
import { BlockFileError } from './block-file.js';
import { ChainCheck, hashText, type ChainBlock } from './chain.js';
import { CooperativeCheck } from './cooperative/cooperative.js';
import { CoverageCheck } from './coverage.js';
import { Findings } from './findings.js';
import type { Report } from './report.js';
import { memberSummaries, resolutionSummaries } from './summary.js';
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
  /** The cooperative's chaincode. Default: `umlauf`. */
  readonly chaincode?: string;
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
  const run = new Verification(options.chaincode ?? 'umlauf');
  try {
    for await (const bytes of blocks) {
      await run.take(bytes);
      options.progress?.(run.blocks);
    }
  } catch (error) {
    if (!(error instanceof BlockFileError)) throw error;
    run.cutShort(error);
  }
  return run.end(options);
}

/** One walk along a chain. */
class Verification {
  readonly #chaincode: string;
  readonly #findings = new Findings();
  readonly #chain = new ChainCheck(this.#findings.add);
  readonly #transactions = new TransactionCheck(this.#findings.add);
  readonly #cooperative: CooperativeCheck;
  readonly #coverage: CoverageCheck;
  readonly #count = { blocks: 0, configurations: 0, transactions: 0, valid: 0 };
  /** Who is on the channel, and has approved the chaincode; found again once that may have changed. */
  #organizations: ReadonlyMap<string, boolean> | undefined;
  #judging = true;

  constructor(chaincode: string) {
    this.#chaincode = chaincode;
    this.#cooperative = new CooperativeCheck(chaincode, this.#findings.add);
    this.#coverage = new CoverageCheck(this.#cooperative.state, this.#findings.add);
  }

  get blocks(): number {
    return this.#count.blocks;
  }

  async take(bytes: Uint8Array): Promise<void> {
    this.#count.blocks += 1;
    const place = this.#chain.take(bytes);
    if (place) this.#count.transactions += blockEnvelopes(place.block).length;
    if (place?.nextConfig) this.#count.configurations += 1;
    if (!this.#judging) return;
    if (place && this.#chain.isWhole) await this.#judge(place);
    else this.#giveUp(place?.number ?? this.#chain.height - 1);
  }

  /** The blocks end in the middle of one. */
  cutShort({ message }: BlockFileError): void {
    this.#findings.add({ check: 'form', message, block: this.#chain.height });
  }

  end(expectations: Expectations): Report {
    if (this.#judging) this.#coverage.ended();
    expect(this.#chain, expectations, this.#findings);
    const { listed, total } = this.#findings;
    const { config, genesisHash, height, lastHash } = this.#chain;
    const { state, acts, unknownTypes } = this.#cooperative;
    return {
      holds: total === 0,
      ...(config && { channel: config.channelId }),
      genesis: hashText(genesisHash),
      height,
      last: hashText(lastHash),
      checked: { ...this.#count, acts, unknownTypes },
      members: memberSummaries(state),
      resolutions: resolutionSummaries(state),
      organizations: this.#coverage.organizations(),
      openPoints: this.#coverage.openPoints(),
      findings: listed,
      moreFindings: total - listed.length,
    };
  }

  async #judge(place: ChainBlock): Promise<void> {
    const { number, config, nextConfig } = place;
    if (nextConfig) this.#coverage.configured(nextConfig, number);
    // As the endorsers saw it: before the block.
    const organizations = (this.#organizations ??=
      this.#transactions.approvals(this.#chaincode, config) ?? new Map<string, boolean>());
    const validated = await this.#transactions.take(place);
    if (nextConfig || validated.some(touchesLifecycle)) this.#organizations = undefined;
    this.#count.valid += validated.filter(isValid).length;
    await this.#cooperative.take(validated, { number, config, organizations });
    this.#coverage.advanced();
  }

  #giveUp(block: number): void {
    this.#judging = false;
    this.#findings.add({
      check: 'number',
      message: 'from here on transactions are not judged: what they build on is missing',
      block,
    });
  }
}

/** Fabric's own chaincode, under which organizations approve definitions. */
const LIFECYCLE = '_lifecycle';
const touchesLifecycle = ({ rwSet }: ValidatedTransaction): boolean =>
  rwSet?.some(({ namespace }) => namespace === LIFECYCLE) === true;

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
