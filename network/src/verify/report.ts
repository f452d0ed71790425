/** What a verification found, for people and for scripts. */

/** What a finding is about. Each names one thing that has to hold. */
export type Check =
  /** The file can't be read as blocks, or holds bytes that mean nothing. */
  | 'form'
  /** Numbers follow each other from 0. */
  | 'number'
  /** The block names the hash of the one before. */
  | 'previous-hash'
  /** The header's data hash is that of the transactions. */
  | 'data-hash'
  /** A quorum of the consenters then in force signed the block. */
  | 'orderers'
  /** What the block's metadata repeat, outside of any signature, is true. */
  | 'metadata'
  /** A configuration follows from the one before by an update that those entitled to signed. */
  | 'configuration'
  /** The recorded validation code is what validation gives. */
  | 'validation-code'
  /** The peer's commit hash is that of the recomputed state. */
  | 'commit-hash'
  /** What was given to compare with: genesis hash, height, last hash. */
  | 'expectation';

export interface Finding {
  readonly check: Check;
  readonly message: string;
  readonly block?: number;
  /** Id of the transaction, or its place in the block where it has none. */
  readonly transaction?: string;
}

/** Takes findings; `where` is filled in by whoever walks the chain. */
export type Finder = (finding: Finding) => void;

/** How much was checked. */
export interface Checked {
  readonly blocks: number;
  readonly configurations: number;
  readonly transactions: number;
  /** Of these valid. */
  readonly valid: number;
}

export interface Report {
  /** Whether everything that was checked holds. */
  readonly holds: boolean;
  readonly channel?: string;
  /** SHA-256 of the genesis block's header, hexadecimal: whoever knows it knows which chain this is. */
  readonly genesis: string;
  /** Number of blocks. */
  readonly height: number;
  /** SHA-256 of the last block's header, hexadecimal. */
  readonly last: string;
  readonly checked: Checked;
  readonly findings: readonly Finding[];
  /** Findings beyond those listed. */
  readonly moreFindings: number;
}
